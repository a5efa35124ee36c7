//! The table of results: to the terminal and to `bench/results/<date>-api.md`.

use super::load::{self, Load, Round};
use crate::shell::{output, program, root};
use std::fmt::Write as _;
use std::fs;

/// Everything that was measured.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

/// A row of it, by name as well.
struct Row {
    name: &'static str,
    load: Load,
    rounds: Vec<Round>,
    bound: Option<(usize, f64)>,
}

impl Table {
    /// Adds a row.
    pub fn add(&mut self, name: &'static str, load: Load, rounds: Vec<Round>) {
        self.rows.push(Row { name, load, rounds, bound: None });
    }

    /// What a row may cost at most: so many times what another one does.
    pub fn bound(&mut self, row: usize, of: usize, times: f64) {
        if let Some(row) = self.rows.get_mut(row) {
            row.bound = Some((of, times));
        }
    }

    /// Adds a sentence below the table.
    pub fn note(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    /// The median CPU of a row, in microseconds.
    pub fn cpu(&self, row: usize) -> f64 {
        self.rows.get(row).map_or(f64::NAN, |row| median(&row.rounds, |round| round.cpu))
    }

    fn line(&self, row: &Row) -> String {
        let Row { name, load, rounds, bound } = row;
        let cpu = median(rounds, |round| round.cpu);
        let spread = |pick: fn(f64, f64) -> f64| rounds.iter().map(|r| r.cpu).reduce(pick);
        let (least, most) = (spread(f64::min), spread(f64::max));
        let (least, most) = (least.unwrap_or(f64::NAN), most.unwrap_or(f64::NAN));
        let bound = bound.map_or(String::new(), |bound| self.verdict(row, bound));
        let rate = load.rate;
        let (p50, p99) = (median(rounds, |round| round.p50), median(rounds, |round| round.p99));
        let against = cpu / self.cpu(0);
        format!(
            "| {name} | {rate} | {cpu:.1} | {least:.1}–{most:.1} | {against:.2} | {bound} | {p50:.0} · {p99:.0} |"
        )
    }

    fn verdict(&self, row: &Row, (of, times): (usize, f64)) -> String {
        let ratio = median(&row.rounds, |round| round.cpu) / self.cpu(of);
        format!("{ratio:.2} × {} ≤ {times}: {}", self.letter(of), word(ratio <= times))
    }

    /// The letter that a row's name begins with.
    fn letter(&self, row: usize) -> &'static str {
        self.rows.get(row).and_then(|row| row.name.split(' ').next()).unwrap_or_default()
    }

    /// Prints and stores it.
    pub fn publish(&self) -> anyhow::Result<()> {
        let date = output(program("date").arg("+%F"))?.trim().to_owned();
        let mut text = format!("# {date}: the API\n\n{}\n\n", machine()?);
        text +=
            "| what | a second | CPU µs, median | least–most | × (a) | bound | p50 · p99 µs |\n";
        text += "|---|---|---|---|---|---|---|\n";
        for row in &self.rows {
            writeln!(text, "{}", self.line(row))?;
        }
        for note in &self.notes {
            write!(text, "\n{note}\n")?;
        }
        println!("\n{text}");
        let results = root().join("bench/results");
        fs::create_dir_all(&results)?;
        fs::write(results.join(format!("{date}-api.md")), text)?;
        Ok(())
    }
}

/// What became of a bound.
pub fn word(holds: bool) -> &'static str {
    if holds { "holds" } else { "**missed**" }
}

/// Where and with what it was measured.
fn machine() -> anyhow::Result<String> {
    let commit = output(program("git").args(["rev-parse", "--short", "HEAD"]))?;
    let kernel = output(program("uname").arg("-sr"))?;
    let cores = std::thread::available_parallelism()?;
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let processor = processors.lines().find_map(|line| line.strip_prefix("model name"));
    let processor = processor.unwrap_or_default().trim_start_matches(['\t', ' ', ':']);
    let rustc = output(program("rustc").arg("--version"))?;
    let busy = fs::read_to_string("/proc/loadavg")?;
    let busy = busy.split(' ').take(3).collect::<Vec<_>>().join(" ");
    Ok(format!(
        "Commit {}, {processor}, {cores} cores: one for the server, one for the load. {}, {}, {}. Load average \
         at the end, the measurement's own included: {busy}. CPU is the server's own for each request, of \
         {} rounds in turn; latencies are from when a request was due.",
        commit.trim(),
        kernel.trim(),
        rustc.split('(').next().unwrap_or_default().trim(),
        load::version()?,
        super::ROUNDS,
    ))
}

fn median(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
