//! The configuration: what flags, variables, the file and the defaults come to, or all that is wrong
//! with them at once.
//!
//! One table, `setting::SETTINGS`, feeds the flags, the variables, the file, the example and `--help`.
//! Crates that merge such layers (figment, config) stop at the first error or forget the line that it
//! is in, so clap reads the flags, `toml` the file with its spans, and what is between is here.

mod file;
mod origin;
mod print;
mod setting;
mod value;

pub use origin::Problems;
pub use print::{effective, example};
pub use setting::Given;
pub use value::{LogFormat, RtpRange};

use origin::{Origin, Problem, Value};
use setting::SETTINGS;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::Database;

/// What lokal runs with.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Folder of the database and of demo.json.
    pub data: PathBuf,
    /// Where everything is kept.
    pub database: Database,
    /// Where the HTTP API listens.
    pub http: SocketAddr,
    /// Where phones register and call.
    pub sip: SocketAddr,
    /// Where calls' audio goes.
    pub rtp: RtpRange,
    /// Where metrics are served, if they are.
    pub metrics: Option<SocketAddr>,
    /// Whether an empty data folder stays without the demo.
    pub no_demo: bool,
    /// Which lines are logged: a filter of `tracing_subscriber`.
    pub log: String,
    /// What a line of the log looks like.
    pub log_format: LogFormat,
}

/// The configuration and where it came from.
#[derive(Debug)]
pub struct Loaded {
    /// What it comes to.
    pub config: Config,
    /// Each setting with where it was set, in the order of the table.
    values: Vec<Value>,
    /// Variables that look like settings and aren't.
    pub hints: Vec<String>,
}

/// Reads every layer. `file` is the one that was named; without one, `lokal.toml` in the data folder
/// counts if it is there.
pub fn load(given: &Given, file: Option<&Path>) -> Result<Loaded, Problems> {
    let mut layers = Layers::new();
    match file {
        Some(path) => layers.add_file(path, true),
        None => layers.add_file(&given.data().join("lokal.toml"), false),
    }
    for (setting, origin, text) in given.values() {
        layers.set(Value { setting, origin, text });
    }
    let hints = setting::hints(std::env::vars_os());
    layers.finish().map(|(config, values)| Loaded { config, values, hints })
}

/// What is set so far, and what is wrong with it.
struct Layers {
    values: BTreeMap<&'static str, Value>,
    problems: Vec<Problem>,
}

impl Layers {
    /// The defaults.
    fn new() -> Self {
        let default = |setting: &'static setting::Setting| Value {
            setting,
            origin: Origin::Default,
            text: setting.default.to_owned(),
        };
        let values = SETTINGS.iter().map(|setting| (setting.name, default(setting))).collect();
        Self { values, problems: Vec::new() }
    }

    fn set(&mut self, value: Value) {
        self.values.insert(value.setting.name, value);
    }

    /// A file's values over those so far. One that nobody named may be missing.
    fn add_file(&mut self, path: &Path, named: bool) {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if !named && error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => {
                let origin = Origin::File(path.to_owned(), 0);
                return self.problems.push(Problem::new(origin, format!("can't be read: {error}")));
            }
        };
        let (values, problems) = file::read(path, &text);
        self.problems.extend(problems);
        for value in values {
            if value.setting.name == "data" && !named {
                let wrong = "data: this file was found in the data folder, so it can't name another; \
                             start with --data, or name a file elsewhere with --config";
                self.problems.push(Problem::new(value.origin, wrong));
            } else {
                self.set(value);
            }
        }
    }

    /// The value of a setting; None if it is wrong, which is noted.
    fn read<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.values.get(name)?;
        match parse(&value.text) {
            Ok(parsed) => Some(parsed),
            Err(wrong) => {
                self.problems.push(value.problem(&wrong));
                None
            }
        }
    }

    /// Reads everything before anything fails, so that all problems are told at once.
    fn finish(mut self) -> Result<(Config, Vec<Value>), Problems> {
        let data = self.read("data", value::folder);
        let database = self.read("database", value::database);
        let http = self.read("http", value::address);
        let sip = self.read("sip", value::own_address);
        let rtp = self.read("rtp", RtpRange::parse);
        let metrics = self.read("metrics", value::optional_address);
        let no_demo = self.read("no-demo", value::switch);
        let log = self.read("log", value::filter);
        let log_format = self.read("log-format", LogFormat::parse);
        let config = || {
            Some(Config {
                data: data?,
                database: database?,
                http: http?,
                sip: sip?,
                rtp: rtp?,
                metrics: metrics?,
                no_demo: no_demo?,
                log: log?,
                log_format: log_format?,
            })
        };
        match config() {
            Some(config) if self.problems.is_empty() => {
                let in_order = SETTINGS.iter().filter_map(|s| self.values.remove(s.name));
                Ok((config, in_order.collect()))
            }
            _ => Err(Problems(self.problems)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_file(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lokal.toml");
        std::fs::write(&path, text).unwrap();
        let mut layers = Layers::new();
        layers.add_file(&path, true);
        let prefix = format!("{}:", path.display());
        let loaded = layers.finish().map(|(config, _)| config);
        loaded.map_err(|problems| problems.to_string().replace(&prefix, ""))
    }

    fn defaults() -> Config {
        Layers::new().finish().unwrap().0
    }

    #[test]
    fn the_example_parses_to_the_defaults_and_names_every_setting() {
        let example = example();
        assert_eq!(of_file(&example).unwrap(), defaults());
        let chosen: String = example
            .lines()
            .map(|line| {
                line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line)
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        for setting in SETTINGS {
            assert!(chosen.contains(&format!("\n{} = ", setting.name)), "{}", setting.name);
        }
        assert_eq!(of_file(&chosen).unwrap(), defaults());
    }

    #[test]
    fn what_is_printed_as_effective_reads_back_the_same() {
        let mut layers = Layers::new();
        let file =
            file::read(Path::new("x"), "http = '[::1]:80'\nno-demo = true\nlog = 'sip=\"a\"'");
        file.0.into_iter().for_each(|value| layers.set(value));
        layers.values.get_mut("log").unwrap().text = "warn".to_owned();
        let (config, values) = layers.finish().unwrap();
        assert_eq!(of_file(&print::values(&values)).unwrap(), config);
        assert_ne!(config, defaults());
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_line() {
        let text = "http = \"here\"\n\nsipp = \"127.0.0.1:5060\"\nrtp = 5\nno-demo = \"maybe\"\n[log]\nx = 1\n";
        let problems = of_file(text).unwrap_err();
        let lines: Vec<&str> = problems.lines().map(str::trim).collect();
        for (line, start, names) in [
            (0, "1: http", "ADDRESS:PORT"),
            (1, "3: sipp", "did you mean sip?"),
            (2, "4: rtp", "ADDRESS:FIRST-LAST"),
            (3, "5: no-demo", "true or false"),
            (4, "6: log", "a table"),
        ] {
            let found = lines.iter().find(|l| l.starts_with(start) && l.contains(names));
            assert!(found.is_some(), "{line}: {start} … {names} in\n{problems}");
        }
        assert_eq!(lines.len(), 5, "{problems}");
    }

    #[test]
    fn text_that_is_no_toml_is_told_with_its_line() {
        let problems = of_file("http = \"127.0.0.1:1\"\nsip = \nrtp == 1\n").unwrap_err();
        assert!(problems.contains("2: ") && problems.contains("3: "), "{problems}");
    }

    #[test]
    fn the_file_in_the_data_folder_cannot_name_another_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lokal.toml");
        std::fs::write(&path, "data = \"elsewhere\"\n").unwrap();
        let mut layers = Layers::new();
        layers.add_file(&path, false);
        assert!(layers.finish().unwrap_err().to_string().contains("--config"));
        let mut layers = Layers::new();
        layers.add_file(&folder.path().join("none.toml"), false);
        assert_eq!(layers.finish().unwrap().0, defaults());
    }
}
