//! The numbers of the parts: their names, what they mean, where they are counted. docs/OPERATING.md has
//! the same table; a test compares them.

use super::scrape::Scrape;
use crate::http::Connections;
use media::{Media, ThreadStatistics};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use sip::Sip;
use std::fmt::{self, Debug, Error, Formatter};
use std::iter::once;
use store::{COMMIT_SECONDS, Store};
use switch::Switch;

/// What is asked.
#[derive(Clone)]
pub struct Parts {
    /// Calls.
    pub switch: Switch,
    /// Registrations and datagrams.
    pub sip: Sip,
    /// Audio.
    pub media: Media,
    /// Settings and records.
    pub store: Store,
    /// Connections to the API.
    pub connections: Connections,
}

impl Debug for Parts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Parts")
    }
}

impl Collector for Parts {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let mut scrape = Scrape(encoder);
        self.http(&mut scrape)?;
        self.calls(&mut scrape)?;
        self.sip(&mut scrape)?;
        self.media(&mut scrape)?;
        self.store(&mut scrape)?;
        let help = "The version that runs";
        scrape.gauges("lokal_build_info", help, [(("version", env!("CARGO_PKG_VERSION")), 1.0)])
    }
}

impl Parts {
    fn http(&self, scrape: &mut Scrape<'_>) -> Result<(), Error> {
        let open = self.connections.open() as f64;
        scrape.gauge("lokal_http_connections", "Connections to the API", open)?;
        let help = "Connections that were closed between requests to make room for others";
        let displaced = self.connections.displaced() as f64;
        scrape.counter("lokal_http_connections_displaced", help, displaced)
    }

    fn calls(&self, scrape: &mut Scrape<'_>) -> Result<(), Error> {
        let calls = self.switch.counts();
        let count = |count: u64| count as f64;
        scrape.gauge("lokal_calls", "Calls that are live", count(calls.live()))?;
        scrape.counter("lokal_calls_set_up", "Calls taken on", count(calls.set_up()))?;
        scrape.counter("lokal_calls_answered", "Calls answered", count(calls.answered()))?;
        let help = "Calls not taken on: no common codec, or no settings to be had";
        scrape.counter("lokal_calls_refused", help, count(calls.refused()))?;
        let ended = calls.ended().map(|(reason, count)| (("reason", reason.as_str()), count));
        scrape.counters("lokal_calls_ended", "Calls ended, by reason", ended)
    }

    fn sip(&self, scrape: &mut Scrape<'_>) -> Result<(), Error> {
        let counts = self.sip.counts();
        let datagrams = [
            ("taken", &counts.taken),
            ("challenged", &counts.challenged),
            ("rejected", &counts.rejected),
            ("keep_alive", &counts.kept_alive),
            ("unreadable", &counts.unreadable),
            ("crowded", &counts.crowded),
            ("lost", &counts.lost),
        ];
        let datagrams = datagrams.map(|(outcome, count)| (("outcome", outcome), count.get()));
        let help = "SIP datagrams received, by what became of them";
        scrape.counters("lokal_sip_datagrams", help, datagrams)?;
        let registrations =
            [("accepted", &counts.registrations), ("refused", &counts.registrations_refused)];
        let registrations = registrations.map(|(word, count)| (("outcome", word), count.get()));
        let help = "REGISTER requests with credentials, by outcome";
        scrape.counters("lokal_sip_registrations", help, registrations)?;
        let bindings = counts.bindings.get() as f64;
        scrape.gauge("lokal_sip_bindings", "Contacts that phones are registered at", bindings)
    }

    fn media(&self, scrape: &mut Scrape<'_>) -> Result<(), Error> {
        let threads = self.media.statistics();
        let sum = |of: fn(&ThreadStatistics) -> u64| threads.iter().map(of).sum::<u64>();
        let sessions = sum(|thread| thread.sessions as u64) as f64;
        scrape.gauge("lokal_media_sessions", "Calls with audio", sessions)?;
        let packets = [
            (("outcome", "relayed"), sum(|thread| thread.packets_relayed)),
            (("outcome", "dropped"), sum(|thread| thread.packets_dropped)),
            (("outcome", "rtcp"), sum(|thread| thread.rtcp_consumed)),
        ];
        let help = "Datagrams at RTP and RTCP ports, by what became of them";
        scrape.counters("lokal_media_packets", help, packets)?;
        let names: Vec<String> = (0..threads.len()).map(|number| number.to_string()).collect();
        let shares = names.iter().zip(&threads);
        let shares =
            shares.map(|(name, thread)| (("thread", name.as_str()), f64::from(thread.cpu)));
        let help = "Share of a core that each media thread used in the last second";
        scrape.gauges("lokal_media_thread_cpu_ratio", help, shares)
    }

    fn store(&self, scrape: &mut Scrape<'_>) -> Result<(), Error> {
        let (counts, load) = (self.store.counts(), self.store.load());
        let writes = [
            (("outcome", "made"), counts.writes()),
            (("outcome", "refused"), counts.failed_writes()),
        ];
        let help = "Writes to settings: made, or refused as stale, taken or failed";
        scrape.counters("lokal_store_writes", help, writes)?;
        let ends = COMMIT_SECONDS.into_iter().chain(once(f64::MAX));
        let commits: Vec<_> = ends.zip(counts.commits()).collect();
        let help = "Duration of write transactions";
        let sum = counts.commit_seconds();
        scrape.seconds("lokal_store_commit_seconds", help, sum, &commits)?;
        let help = "Write transactions that failed, or whose records and bindings did";
        scrape.counter("lokal_store_commit_failures", help, counts.failed_commits() as f64)?;
        let waiting = [
            (("queue", "writes"), load.writes_waiting as f64),
            (("queue", "records"), load.records_waiting as f64),
        ];
        scrape.gauges("lokal_store_waiting", "What waits for the writer, by queue", waiting)?;
        let (readers, directories) = (load.readers_in_use as f64, load.directories as f64);
        scrape.gauge("lokal_store_readers_in_use", "Connections that read", readers)?;
        scrape.gauge("lokal_store_directories", "Customers held in memory", directories)
    }
}
