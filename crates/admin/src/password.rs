//! Passwords: hashed and proved with argon2id, off the threads that serve, a few at a time. Knows
//! neither whose they are nor where they are kept.

use crate::{AdminError, Unavailable};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use model::limits::PASSWORD_QUEUE;
use model::pii::Secret;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// KiB of memory, passes, lanes: about 14 ms of one core.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
const SALT_BYTES: usize = 16;

/// What is proved where there is no password, so that it takes as long. Nobody's: the salt and the
/// hash are made up.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
                       AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// The only way to argon2.
#[derive(Clone)]
pub struct Passwords {
    /// Who may compute.
    cores: Arc<Semaphore>,
    /// Who may compute or wait for it.
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// With half of the cores: the other half is for calls.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from) / 2;
        Self {
            cores: Arc::new(Semaphore::new(cores.max(1))),
            places: Arc::new(Semaphore::new(PASSWORD_QUEUE)),
        }
    }

    /// The hash to keep of a password.
    pub async fn hash(&self, password: &str) -> Result<Secret<String>, AdminError> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| AdminError::Unavailable(Unavailable::Random))?;
        let password = Secret::new(password.to_owned());
        let hash = self.compute(move || {
            argon2().hash_password_with_salt(password.reveal().as_bytes(), &salt).ok()
        });
        let hash = hash.await?.ok_or(AdminError::Unavailable(Unavailable::Memory))?;
        Ok(Secret::new(hash.to_string()))
    }

    /// Whether the password is the one that was hashed; never if none was, which takes as long.
    pub(crate) async fn proves(
        &self,
        password: &str,
        hash: Option<Secret<String>>,
    ) -> Result<bool, AdminError> {
        let password = Secret::new(password.to_owned());
        self.compute(move || {
            let hash = hash.as_ref().map(|hash| hash.reveal().as_str());
            is_proven(hash, |hash| {
                argon2().verify_password(password.reveal().as_bytes(), hash).is_ok()
            })
        })
        .await
    }

    /// The permits go with the work: it isn't stopped when whoever asked for it hangs up.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AdminError> {
        let crowded = |_| AdminError::Unavailable(Unavailable::Passwords);
        let place = self.places.clone().try_acquire_owned().map_err(crowded)?;
        let core = self.cores.clone().acquire_owned().await;
        let core = core.map_err(|_| AdminError::Unavailable(Unavailable::Passwords))?;
        let computed = tokio::task::spawn_blocking(move || {
            let computed = work();
            drop((core, place));
            computed
        });
        computed.await.map_err(|_| AdminError::Unavailable(Unavailable::Passwords))
    }
}

/// Whether this is a hash as they are made here, so that proving it costs what it should.
pub(crate) fn is_hash(text: &str) -> bool {
    let beginning = format!("$argon2id$v=19$m={},t={},p={}$", COST.0, COST.1, COST.2);
    text.starts_with(&beginning) && PasswordHash::new(text).is_ok()
}

/// Verifies exactly one hash, whether there is one or not.
fn is_proven(hash: Option<&str>, verifies: impl FnOnce(&str) -> bool) -> bool {
    let proven = verifies(hash.unwrap_or(NOBODYS));
    proven && hash.is_some()
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_proves_itself_and_no_other_and_no_two_hashes_are_alike() {
        let passwords = Passwords::new();
        let hash = passwords.hash("Quack1234").await.unwrap();
        assert_ne!(passwords.hash("Quack1234").await.unwrap(), hash);
        assert!(hash.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.proves("Quack1234", Some(hash.clone())).await.unwrap());
        assert!(!passwords.proves("Quack1235", Some(hash)).await.unwrap());
    }

    #[test]
    fn one_hash_is_verified_whether_there_is_one_or_not() {
        for (hash, verified, proven) in [(None, NOBODYS, false), (Some("a hash"), "a hash", true)] {
            let mut seen = Vec::new();
            let is = is_proven(hash, |hash| {
                seen.push(hash.to_owned());
                true
            });
            assert_eq!((seen, is), (vec![verified.to_owned()], proven), "{hash:?}");
        }
    }

    #[tokio::test]
    async fn nobodys_hash_costs_what_a_real_one_does_and_nothing_proves_it() {
        let real = Passwords::new().hash("Quack1234").await.unwrap();
        let cost = |hash: &str| hash.rsplitn(3, '$').last().unwrap().to_owned();
        assert_eq!(cost(NOBODYS), cost(real.reveal()));
        assert_eq!(NOBODYS.len(), real.reveal().len());
        // It is one that is really computed, and not refused for its form.
        let refused = argon2().verify_password(b"Quack1234", NOBODYS).unwrap_err();
        assert_eq!(refused, argon2::password_hash::Error::PasswordInvalid);
        assert!(!Passwords::new().proves("Quack1234", None).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_waits_in_a_queue_that_is_full_and_who_hung_up_keeps_the_core_until_it_is_free()
    {
        let passwords = Passwords::new();
        let cores = passwords.cores.available_permits();
        let all = passwords.places.clone().acquire_many_owned(PASSWORD_QUEUE as u32).await.unwrap();
        let refused = passwords.proves("Quack1234", None).await.unwrap_err();
        assert!(matches!(refused, AdminError::Unavailable(Unavailable::Passwords)));
        drop(all);
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (finish, may_finish) = std::sync::mpsc::sync_channel::<()>(1);
        let work = passwords.compute(move || {
            begun.send(()).unwrap();
            may_finish.recv().ok();
        });
        tokio::select! {
            _ = work => unreachable!("it waits"),
            _ = has_begun => {}
        }
        assert_eq!(passwords.cores.available_permits(), cores - 1);
        finish.send(()).unwrap();
        let every = u32::try_from(cores).unwrap();
        assert!(passwords.cores.acquire_many(every).await.is_ok());
    }
}
