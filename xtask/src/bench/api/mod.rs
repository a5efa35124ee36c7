//! `cargo xtask bench api`: what an answer of the API costs the server, against a ceiling. One run in which
//! all rows take turns, so that what disturbs one disturbs the others.
//!
//! The server has one core and the load another. The load comes at a fixed rate; where the server can't
//! keep it, latencies count from when a request was due.

mod load;
mod peer;
mod servers;
mod table;

use crate::shell::{output, program, root};
use load::{Load, Round, Target, round};
use peer::Peer;
use servers::{ADMIN, Demo, Served};
use std::fs;
use std::path::{Path, PathBuf};
use table::Table;

/// Rounds of each row.
const ROUNDS: usize = 5;
/// Reads a second: a third to a half of what a core can do. Much fewer, and the load's core halts between answers;
/// waking it is charged to the server, more to one that takes longer, and differs from round to round.
const READS: Load = Load { rate: 30_000, seconds: 5 };
/// Writes a second.
const WRITES: Load = Load { rate: 200, seconds: 5 };
/// Reads a second where a peer reads as well, which does some 2,000 on a core.
const PEER_READS: Load = Load { rate: 500, seconds: 5 };
/// Extensions of the largest measurement, of 10,000 customers.
const MILLION: u32 = 1_000_000;
/// Most memory that they may take.
const MILLION_BYTES: f64 = 3e9;
/// Texts that the writes set: so many that a write that changes nothing is rare.
const TEXTS: usize = 100;

/// The extensions of the customer of 10,000.
const LARGE: &str = "03[0]{18}[0-9]{4}";
/// The extensions of the customers of 10.
const SMALL: &str = "03[0]{17}1[0-9]{4}";
/// Rows that may cost at most so many times what another row does.
const BOUNDS: &[(usize, usize, f64)] =
    &[(1, 0, 1.35), (2, 0, 2.0), (3, 1, 1.3), (5, 4, 2.0), (7, 6, 1.1)];

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

    /// A round; gives back the CPU of a request. A write beside it costs what it does alone, which isn't
    /// the reads'.
    fn measure(&mut self, cost_of_a_write: f64) -> anyhow::Result<f64> {
        let beside = self.beside.map(|(target, load)| target.start(load)).transpose()?;
        let mut round = round(&self.on.server, &self.target, self.load)?;
        if let Some(beside) = beside {
            let written = beside.end(|| Ok(0.0))?;
            round.cpu -= cost_of_a_write * written.rate / round.rate;
        }
        self.rounds.push(round);
        Ok(round.cpu)
    }
}

/// Everything that is measured.
struct Servers {
    /// With the demo.
    lokal: Served,
    demo: Demo,
    ceiling: Served,
    million: Served,
    /// One customer of 10,000 extensions, and 1,000 of 10.
    written: Served,
    peer: Option<Peer>,
    /// What to PATCH with there.
    bodies: PathBuf,
}

/// Measures it.
pub fn run(place: &Path) -> anyhow::Result<()> {
    load::install()?;
    super::build(&["ceiling", "fill_customers"])?;
    let servers = Servers::start(place)?;
    let writes = servers.write(SMALL);
    let mut rows = servers.rows(&writes);
    for _ in 0..ROUNDS {
        let mut cost_of_a_write = 0.0;
        for row in &mut rows {
            let cpu = row.measure(cost_of_a_write)?;
            if row.name.starts_with("(e1)") {
                cost_of_a_write = cpu;
            }
        }
    }
    let mut table = Table::default();
    for row in rows {
        table.add(row.name, row.load, row.rounds);
    }
    for (row, of, times) in BOUNDS {
        table.bound(*row, *of, *times);
    }
    servers.tell(&mut table)?;
    table.publish()
}

impl Servers {
    fn start(place: &Path) -> anyhow::Result<Self> {
        // What was filled in by another schema is of no use.
        let schema = ["rev-parse", "--short", "HEAD:crates/store/migrations"];
        let schema = output(program("git").args(schema))?;
        let data = root().join("target/bench-data").join(schema.trim());
        fs::create_dir_all(&data)?;
        let (lokal, demo) = servers::with_demo(place)?;
        let document = lokal.read(&format!("/pbx/extension/{}", demo.extension), &demo.token)?;
        let ceiling = servers::ceiling(place, &document)?;
        let peer = peer::start(&document)?;
        let million = servers::filled(&data.join("million"), &["10000", "100"])?;
        million.read_all(MILLION, ADMIN)?;
        let written = servers::filled(&data.join("written"), &["1", "10000", "1000", "10"])?;
        written.read_all(20_000, ADMIN)?;
        let bodies = bodies(place)?;
        Ok(Self { lokal, demo, ceiling, million, written, peer, bodies })
    }

    /// PATCH of extensions whose ids are like this.
    fn write(&self, ids: &str) -> Target {
        Target::get(self.written.extension(ids), ADMIN).patch(&self.bodies)
    }

    /// The rows in the order in which `BOUNDS` counts them.
    fn rows<'a>(&'a self, writes: &'a Target) -> Vec<Measured<'a>> {
        let Self { lokal, demo, ceiling, million, written, .. } = self;
        let same = format!("{}/ceiling/extension/{}", ceiling.base, demo.extension);
        let one = lokal.extension(&demo.extension);
        let both = format!("{one}\\?expandGoto=true&includePhones=true");
        let one = Target::get(one, &demo.token);
        let random = Target::get(million.extension("03[0]{16}[0-9]{6}"), ADMIN);
        let some = Target::get(written.extension(SMALL), ADMIN);
        let mut rows = vec![
            Measured::of(
                "(a) same bytes from memory, no token",
                ceiling,
                Target::open(same),
                READS,
            ),
            Measured::of("(b) GET", lokal, one.clone(), READS),
            Measured::of(
                "(c) GET with both expansions",
                lokal,
                Target::get(both, &demo.token),
                READS,
            ),
            Measured::of("(d) GET, random of a million", million, random, READS),
            Measured::of("(e1) PATCH in customers of 10", written, writes.clone(), WRITES),
            Measured::of("(e2) PATCH in a customer of 10,000", written, self.write(LARGE), WRITES),
            Measured::of("(e3) GET, random of 10,000", written, some.clone(), READS),
            Measured {
                beside: Some((writes, WRITES)),
                ..Measured::of("(e4) the same beside (e1)", written, some, READS)
            },
            Measured::of("(f1) GET, at the peer's rate", lokal, one, PEER_READS),
        ];
        rows.extend(self.peer.as_ref().map(|peer| {
            let name = "(f2) PostgREST 12.0.2 over PostgreSQL";
            Measured::of(name, &peer.served, peer.target.clone(), PEER_READS)
        }));
        rows
    }

    /// What the rows don't say.
    fn tell(&self, table: &mut Table) -> anyhow::Result<()> {
        table.note(format!(
            "(e4) is what is left of the CPU after the writes' own, as (e1) measures it; at 200 a second they \
             take {:.0} % of the core.",
            table.cpu(4) * 200.0 / 1e4,
        ));
        if self.peer.is_some() {
            let times = table.cpu(9) / table.cpu(8);
            table.note(format!(
                "(f2) answers the same document to a token as well; PostgREST and PostgreSQL together take \
                 {times:.1} × the CPU of (f1)."
            ));
        }
        let bytes = self.million.server.resident_bytes()?;
        table.note(format!(
            "(d) 1,000,000 extensions in 10,000 customers, each with a SIP phone and its account, all of them \
             read once: {:.2} GB resident, {:.2} GB at most so far; ≤ {:.0} GB: {}.",
            bytes / 1e9,
            self.million.server.most_resident_bytes()? / 1e9,
            MILLION_BYTES / 1e9,
            table::word(bytes <= MILLION_BYTES),
        ));
        Ok(())
    }
}

/// A file of bodies to PATCH with, one a line.
fn bodies(place: &Path) -> anyhow::Result<PathBuf> {
    let file = place.join("bodies");
    let lines = (0..TEXTS).map(|n| format!("{{\"notes\":\"Written by number {n}\"}}\n"));
    fs::write(&file, lines.collect::<String>())?;
    Ok(file)
}
