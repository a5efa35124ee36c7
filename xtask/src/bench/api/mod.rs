//! `cargo xtask bench api`: what an answer of the API costs the server, against a ceiling. One run in which
//! all rows take turns, so that what disturbs one disturbs the others.
//!
//! The server has one core and the load another. The load comes at a fixed rate; where the server can't
//! keep it, latencies count from when a request was due.

mod load;
mod servers;
mod table;

use crate::shell::root;
use load::{Load, Round, Target, round};
use servers::{ADMIN, Served};
use std::fs;
use std::path::{Path, PathBuf};
use table::Table;

/// Rounds of each row.
const ROUNDS: usize = 5;
/// Reads a second: about a sixth of what a core can do.
const READS: Load = Load { rate: Some(10_000), seconds: 5 };
/// As many reads as the core can do.
const ALL_READS: Load = Load { rate: None, seconds: 5 };
/// Writes a second.
const WRITES: Load = Load { rate: Some(200), seconds: 5 };
/// Extensions of the largest measurement, of 10,000 customers.
const MILLION: u32 = 1_000_000;
/// Most memory that they may take.
const MILLION_BYTES: f64 = 3e9;
/// Share of the reads that may be lost to the writes beside them.
const LOST: f64 = 0.1;
/// Texts that the writes set: so many that a write that changes nothing is rare.
const TEXTS: usize = 100;

/// A row while it is measured.
struct Measured<'a> {
    name: &'static str,
    on: &'a Served,
    target: Target,
    load: Load,
    /// What goes on beside it.
    beside: Option<(&'a Target, Load)>,
    rounds: Vec<Round>,
}

impl<'a> Measured<'a> {
    fn of(name: &'static str, on: &'a Served, target: Target, load: Load) -> Self {
        Self { name, on, target, load, beside: None, rounds: Vec::new() }
    }

    fn measure(&mut self) -> anyhow::Result<()> {
        let beside = self.beside.map(|(target, load)| target.start(load)).transpose()?;
        self.rounds.push(round(&self.on.server, &self.target, self.load)?);
        if let Some(beside) = beside {
            beside.end(|| Ok(0.0))?;
        }
        Ok(())
    }
}

/// Measures it.
pub fn run(place: &Path) -> anyhow::Result<()> {
    load::install()?;
    let data = root().join("target/bench-data");
    fs::create_dir_all(&data)?;
    let (lokal, demo) = servers::with_demo(place)?;
    let path = format!("/pbx/extension/{}", demo.extension);
    let ceiling = servers::ceiling(place, &lokal.read(&path, &demo.token)?)?;
    let same = format!("{}/ceiling/extension/{}", ceiling.base, demo.extension);
    let read = lokal.extension(&demo.extension);
    let both = format!("{read}\\?expandGoto=true&includePhones=true");
    let million = servers::filled(&data.join("million"), &["10000", "100"])?;
    million.read_all(MILLION, ADMIN)?;
    let random = million.extension("03[0]{16}[0-9]{6}");
    // One customer of 10,000 extensions, and 1,000 of 10.
    let written = servers::filled(&data.join("written"), &["1", "10000", "1000", "10"])?;
    written.read_all(20_000, ADMIN)?;
    let (large, small) =
        (written.extension("03[0]{18}[0-9]{4}"), written.extension("03[0]{17}1[0-9]{4}"));
    let bodies = bodies(place)?;
    let write = |url: &str| Target::get(url.to_owned(), ADMIN).patch(&bodies);
    let writes = write(&small);
    let get = |url: &str, token: &str| Target::get(url.to_owned(), token);
    let mut rows = [
        Measured::of("(a) same bytes from memory, no token", &ceiling, Target::open(same), READS),
        Measured::of("(b) GET", &lokal, get(&read, &demo.token), READS),
        Measured::of("(c) GET with both expansions", &lokal, get(&both, &demo.token), READS),
        Measured::of("(d) GET, random of a million", &million, get(&random, ADMIN), READS),
        Measured::of("(e1) PATCH in customers of 10", &written, write(&small), WRITES),
        Measured::of("(e2) PATCH in a customer of 10,000", &written, write(&large), WRITES),
        Measured::of("(e3) GET, random of 10,000", &written, get(&small, ADMIN), ALL_READS),
        Measured {
            beside: Some((&writes, WRITES)),
            ..Measured::of("(e4) the same beside (e1)", &written, get(&small, ADMIN), ALL_READS)
        },
    ];
    for _ in 0..ROUNDS {
        for row in &mut rows {
            row.measure()?;
        }
    }
    let mut table = Table::default();
    for row in rows {
        table.add(row.name, row.load, row.rounds);
    }
    for (row, of, times) in [(1, 0, 1.35), (2, 0, 2.0), (3, 1, 1.3), (5, 4, 2.0)] {
        table.bound(row, of, times);
    }
    table.lost(7, 6, LOST);
    let bytes = million.server.resident_bytes()?;
    let word = table::word(bytes <= MILLION_BYTES);
    table.note(format!(
        "(d) 1,000,000 extensions in 10,000 customers, each with a SIP phone and its account, all of them \
         read once: {:.2} GB resident, {:.2} GB at most so far; ≤ {:.0} GB: {word}.",
        bytes / 1e9,
        million.server.most_resident_bytes()? / 1e9,
        MILLION_BYTES / 1e9,
    ));
    table.publish()
}

/// A file of bodies to PATCH with, one a line.
fn bodies(place: &Path) -> anyhow::Result<PathBuf> {
    let file = place.join("bodies");
    let lines = (0..TEXTS).map(|n| format!("{{\"notes\":\"Written by number {n}\"}}\n"));
    fs::write(&file, lines.collect::<String>())?;
    Ok(file)
}
