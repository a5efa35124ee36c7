//! Deletions whose day has come: all that are due, and then a timer to the next. Also those whose day
//! came while nothing ran.

use super::leaving::{self, Taking};
use crate::{Admin, AdminError, Unavailable, permit, refused};
use model::access::{Level, Noun, Operation, Principal};
use model::audit::Origin;
use model::limits::DEPARTURES_READ;
use model::time::Wall;
use std::time::Duration;
use store::{Departure, Subject, WriteError};
use tokio::time::{Instant, sleep_until};

/// Writes tried when others keep writing to the customer.
const ATTEMPTS: u32 = 10;
/// When to try again what failed.
const AGAIN: Duration = Duration::from_secs(60);
/// The longest wait: somebody may set the clock, or another server the date.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

impl Admin {
    /// Deletes each employee when its day begins. Runs until it is dropped.
    pub async fn follow_departures(self) {
        loop {
            let now = self.0.store.now();
            let next = self.depart(now).await.unwrap_or_else(|error| {
                tracing::error!(?error, "deletions that are due can't be looked up");
                Some(now.after(AGAIN))
            });
            tokio::select! {
                () = sleep_until(Instant::now() + wait(next, self.0.store.now())) => {}
                () = self.0.departures.notified() => {}
            }
        }
    }

    /// Deletes those whose day has begun by `now`: when to do that again, if at all.
    pub async fn depart(&self, now: Wall) -> Result<Option<Wall>, AdminError> {
        loop {
            let listed = self.0.store.departures(DEPARTURES_READ).await?;
            let due = listed.iter().take_while(|departure| departure.at <= now);
            let (mut done, mut failed) = (0, false);
            for departure in due {
                match self.let_go(departure).await {
                    Ok(()) => done += 1,
                    Err(error) => {
                        failed = true;
                        let employee = departure.employee;
                        tracing::error!(?error, %employee, "a deletion that is due failed");
                    }
                }
            }
            if failed {
                return Ok(Some(now.after(AGAIN)));
            }
            if done < listed.len() || done == 0 {
                return Ok(listed.get(done).map(|departure| departure.at));
            }
        }
    }

    async fn let_go(&self, departure: &Departure) -> Result<(), AdminError> {
        let Departure { customer, employee, at } = *departure;
        // It was permitted when it was scheduled.
        let who = Principal { employee, customer, level: Level::Admin, origin: Origin::System };
        let target = self.0.store.target(Subject::Employee(employee)).await?;
        let leave = permit(&who, Operation::Remove(Noun::Employee), target.as_ref())?;
        for _ in 0..ATTEMPTS {
            let directory = self.0.store.directory(&leave).await?;
            let Some(found) = directory.employee(employee) else { return Ok(()) };
            if found.delete_date != Some(at) {
                return Ok(());
            }
            let taking = Taking {
                extensions: found.delete_extensions,
                mvno_accounts: found.delete_mvno_accounts,
            };
            let changed = leaving::changes(&directory, employee, taking);
            match self.write_departure(&leave, &directory, changed).await {
                Ok(()) => {
                    tracing::info!(%employee, %customer, "an employee's day came: deleted");
                    return Ok(());
                }
                Err(WriteError::Stale | WriteError::Missing { .. }) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }
}

fn wait(next: Option<Wall>, now: Wall) -> Duration {
    let until = next.map_or(i64::MAX, |next| next.0.saturating_sub(now.0).max(0));
    Duration::from_millis(until.unsigned_abs()).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timer_is_for_the_next_one_and_never_longer_than_an_hour() {
        for (next, expected) in [
            (None, LONGEST_WAIT),
            (Some(999), Duration::ZERO),
            (Some(1000), Duration::ZERO),
            (Some(1500), Duration::from_millis(500)),
            (Some(i64::MAX), LONGEST_WAIT),
        ] {
            assert_eq!(wait(next.map(Wall), Wall(1000)), expected, "{next:?}");
        }
    }
}
