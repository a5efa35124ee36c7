//! The table of settings, and the flags and variables that are made from it. What a value may be is
//! decided in `value`.

use super::origin::Origin;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use std::ffi::OsString;
use std::path::PathBuf;

/// A setting as people meet it.
#[derive(Debug)]
pub struct Setting {
    /// Its key in the file; with `--` its flag.
    pub name: &'static str,
    /// What stands for its value in the help; None: it is on or off.
    pub shape: Option<&'static str>,
    /// What holds when it is set nowhere.
    pub default: &'static str,
    /// What it is for, in a line.
    pub help: &'static str,
}

/// Every setting, in the order in which they are shown. `Layers::finish` reads them.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "data",
        shape: Some("FOLDER"),
        default: "./var",
        help: "Folder of demo.json and of the database, if that is SQLite; made if it isn't there",
    },
    Setting {
        name: "database",
        shape: Some("URL"),
        default: "sqlite",
        help: "sqlite: in the data folder; or postgres://USER:PASSWORD@HOST:PORT/NAME, which several \
               lokal may share",
    },
    Setting {
        name: "http",
        shape: Some("ADDRESS"),
        default: "127.0.0.1:8080",
        help: "Where the HTTP API listens (port 0: any free one)",
    },
    Setting {
        name: "sip",
        shape: Some("ADDRESS"),
        default: "127.0.0.1:5060",
        help: "Where phones register and call, UDP (port 0: any free one)",
    },
    Setting {
        name: "rtp",
        shape: Some("ADDRESS:FIRST-LAST"),
        default: "127.0.0.1:20000-29999",
        help: "Where calls' audio goes: an address and a range of UDP ports, two for each leg",
    },
    Setting {
        name: "metrics",
        shape: Some("ADDRESS"),
        // Two on one machine would want the same port, which is often Prometheus' own.
        default: "off",
        help: "Where Prometheus finds /metrics, without a token; off: nowhere",
    },
    Setting {
        name: "no-demo",
        shape: None,
        default: "false",
        help: "Don't make the demo on an empty data folder",
    },
    Setting {
        name: "log",
        shape: Some("FILTER"),
        default: "info",
        help: "Which lines are logged: a level, or levels by module, like info,api=debug",
    },
    Setting {
        name: "log-format",
        shape: Some("FORMAT"),
        default: "text",
        help: "What a line of the log is: text, or json (an object a line)",
    },
];

/// Variables that aren't settings: of `--config` and of `explain --token`.
const OTHER_VARIABLES: &[&str] = &["LOKAL_CONFIG", "LOKAL_TOKEN"];

impl Setting {
    /// Its environment variable.
    pub fn variable(&self) -> String {
        format!("LOKAL_{}", self.name.replace('-', "_").to_uppercase())
    }

    fn arg(&self) -> Arg {
        let default = match self.shape {
            Some(_) => format!(" [default: {}]", self.default),
            None => String::new(),
        };
        let arg = Arg::new(self.name)
            .long(self.name)
            .env(self.variable())
            // It may hold a password.
            .hide_env_values(true)
            .help(format!("{}{default}", self.help))
            .global(true);
        match self.shape {
            Some(shape) => arg.value_name(shape),
            None => arg
                .value_name("BOOL")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true"),
        }
    }
}

/// The setting of this name.
pub fn named(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The known name that this one was probably meant to be.
pub fn nearest(name: &str) -> Option<&'static str> {
    let near = SETTINGS.iter().map(|s| (strsim::osa_distance(s.name, name), s.name));
    let near = near.min_by_key(|(distance, _)| *distance);
    // Half of it may be wrong: more, and it is another word.
    near.filter(|(distance, near)| distance * 2 <= near.len()).map(|(_, near)| near)
}

/// Variables that are no setting but were probably meant to be. Others that begin like ours are left
/// alone: a service named lokal gets such from Kubernetes.
pub fn hints(variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<String> {
    let known: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
    let hint = |name: &str| {
        if !name.starts_with("LOKAL_") || OTHER_VARIABLES.contains(&name) {
            return None;
        }
        let near =
            known.iter().find(|known| (1..=2).contains(&strsim::osa_distance(known, name)))?;
        let is_known = known.iter().any(|known| known == name);
        (!is_known).then(|| format!("{name} is no setting; did you mean {near}?"))
    };
    variables.filter_map(|(name, _)| hint(name.to_str()?)).collect()
}

/// What flags and variables set.
#[derive(Debug)]
pub struct Given(Vec<(&'static Setting, Origin, String)>);

impl Given {
    /// The data folder as far as flags and variables know it.
    pub fn data(&self) -> PathBuf {
        let given = self.0.iter().find(|(setting, ..)| setting.name == "data");
        let text = given.map(|(_, _, text)| text.as_str());
        PathBuf::from(text.or(named("data").map(|data| data.default)).unwrap_or_default())
    }

    /// What was set and where.
    pub fn values(&self) -> impl Iterator<Item = (&'static Setting, Origin, String)> {
        self.0.iter().cloned()
    }
}

impl Args for Given {
    fn augment_args(command: Command) -> Command {
        command.args(SETTINGS.iter().map(Setting::arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |setting: &'static Setting| {
            let text = matches.get_one::<String>(setting.name)?.clone();
            let origin = match matches.value_source(setting.name)? {
                ValueSource::EnvVariable => Origin::Variable(setting.variable()),
                _ => Origin::Flag(setting.name.to_owned()),
            };
            Some((setting, origin, text))
        };
        Ok(Self(SETTINGS.iter().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_no_far_one() {
        for (wrong, near) in
            [("htp", Some("http")), ("no_demo", Some("no-demo")), ("password", None)]
        {
            assert_eq!(nearest(wrong), near, "{wrong}");
        }
    }

    #[test]
    fn a_mistyped_variable_is_noticed_and_a_foreign_one_left_alone() {
        let names = ["LOKAL_HTP", "LOKAL_HTTP", "LOKAL_SERVICE_HOST", "LOKAL_TOKEN", "HTP"];
        let variables = names.map(|name| (OsString::from(name), OsString::new()));
        assert_eq!(
            hints(variables.into_iter()),
            ["LOKAL_HTP is no setting; did you mean LOKAL_HTTP?"]
        );
    }
}
