//! What the system says of this process: `/proc`, read when it is asked for.

use super::scrape::Scrape;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use rustix::param::{clock_ticks_per_second, page_size};
use rustix::process::{Resource, getrlimit};
use std::fmt::Error;
use std::fs;

/// This process.
#[derive(Debug)]
pub struct Process;

impl Collector for Process {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let mut scrape = Scrape(encoder);
        if let Some(Usage { cpu_seconds, resident_bytes, start_seconds }) = Usage::read() {
            scrape.counter("lokal_process_cpu_seconds", "CPU time used", cpu_seconds)?;
            let name = "lokal_process_resident_memory_bytes";
            scrape.gauge(name, "Memory held", resident_bytes)?;
            let name = "lokal_process_start_time_seconds";
            scrape.gauge(name, "When it started, since 1970", start_seconds)?;
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            scrape.gauge(
                "lokal_process_open_fds",
                "Open files and sockets",
                files.count() as f64,
            )?;
        }
        let most = getrlimit(Resource::Nofile).current.map_or(f64::INFINITY, |most| most as f64);
        scrape.gauge("lokal_process_max_fds", "Most files and sockets that may be open", most)
    }
}

struct Usage {
    cpu_seconds: f64,
    resident_bytes: f64,
    start_seconds: f64,
}

impl Usage {
    /// From `/proc/self/stat` (proc_pid_stat(5)).
    fn read() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let boot = fs::read_to_string("/proc/stat").ok()?;
        let boot = boot.lines().find_map(|line| line.strip_prefix("btime "))?;
        // The name is in parentheses and may hold anything; the next field is the third.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
        let ticks = clock_ticks_per_second() as f64;
        Some(Self {
            cpu_seconds: (field(14)? + field(15)?) / ticks,
            resident_bytes: field(24)? * page_size() as f64,
            start_seconds: boot.trim().parse::<f64>().ok()? + field(22)? / ticks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{SystemTime, UNIX_EPOCH};

    #[test]
    fn the_process_is_young_and_holds_some_memory() {
        let usage = Usage::read().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        let age = now - usage.start_seconds;
        assert!((-2.0..600.0).contains(&age), "{age}");
        assert!((1e6..1e10).contains(&usage.resident_bytes), "{}", usage.resident_bytes);
        assert!((0.0..600.0).contains(&usage.cpu_seconds));
    }
}
