//! The configuration as TOML: the example with all defaults, and what is in effect.

use super::Loaded;
use super::origin::Value;
use super::setting::{SETTINGS, Setting};

/// A file that sets nothing and shows everything: each setting as a comment with its default.
pub fn example() -> String {
    let mut text = "# Settings of lokal. A flag wins over its variable, that over this file. Read from\n\
                    # lokal.toml in the data folder, or from wherever --config or LOKAL_CONFIG says.\n\
                    # What is commented out is the default.\n"
        .to_owned();
    for setting in SETTINGS {
        let Setting { name, help, default, .. } = setting;
        text += &format!("\n# {help}.\n# --{name}, {}\n", setting.variable());
        if *name == "data" {
            text += "# Not in the data folder's own lokal.toml.\n";
        }
        text += &format!("#{name} = {}\n", literal(setting, default));
    }
    text
}

/// Each setting with where it was set.
pub fn effective(loaded: &Loaded) -> String {
    values(&loaded.values)
}

pub(super) fn values(values: &[Value]) -> String {
    let lines = values.iter().map(|value| {
        let literal = literal(value.setting, &value.shown());
        format!("{} = {literal} # {}\n", value.setting.name, value.origin)
    });
    lines.collect()
}

fn literal(setting: &Setting, text: &str) -> String {
    match (setting.shape, super::value::switch(text)) {
        (None, Ok(on)) => on.to_string(),
        // TOML's escapes are JSON's, of which a JSON string has no others.
        _ => serde_json::Value::from(text).to_string(),
    }
}
