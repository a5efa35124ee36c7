//! The table of results: to the terminal and to `bench/results/<date>.md`.

use crate::shell::{output, program, root};
use std::fmt::Write as _;
use std::fs;

/// The rows so far.
#[derive(Default)]
pub struct Report {
    rows: Vec<[String; 3]>,
}

impl Report {
    /// Adds a row: what was measured, lokal's figure, the figure it is compared with.
    pub fn add(&mut self, what: &str, lokal: String, beside: String) {
        println!("{what}: {lokal} | {beside}");
        self.rows.push([what.to_owned(), lokal, beside]);
    }

    /// Prints and stores it.
    pub fn publish(&self) -> anyhow::Result<()> {
        let date = output(program("date").arg("+%F"))?.trim().to_owned();
        let commit = output(program("git").args(["rev-parse", "--short", "HEAD"]))?;
        let kernel = output(program("uname").arg("-sr"))?;
        let cores = std::thread::available_parallelism()?;
        let mut text = format!(
            "# {date}\n\nCommit {}, {}, {cores} cores, sipp on the same machine.\n\n",
            commit.trim(),
            kernel.trim()
        );
        text += "| measured | lokal | beside it |\n|---|---|---|\n";
        for [what, lokal, beside] in &self.rows {
            writeln!(text, "| {what} | {lokal} | {beside} |")?;
        }
        println!("\n{text}");
        let results = root().join("bench/results");
        fs::create_dir_all(&results)?;
        fs::write(results.join(format!("{date}.md")), text)?;
        Ok(())
    }
}
