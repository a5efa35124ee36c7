//! Where a value came from and what is wrong with it. Knows no setting's rules.

use super::setting::Setting;
use std::fmt;
use std::path::PathBuf;

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nowhere.
    Default,
    /// In this file at this line; 0 stands for the whole file.
    File(PathBuf, usize),
    /// By the setting's environment variable.
    Variable(String),
    /// By the setting's flag.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, 0) => write!(f, "{}", path.display()),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// A setting's text and where it is from.
#[derive(Clone, Debug)]
pub struct Value {
    /// Which setting.
    pub setting: &'static Setting,
    /// Where it was set.
    pub origin: Origin,
    /// What was written there.
    pub text: String,
}

impl Value {
    /// The text to show: a URL without the password in it.
    pub fn shown(&self) -> String {
        without_password(&self.text)
    }

    /// This value is wrong in this way.
    pub fn problem(&self, wrong: &str) -> Problem {
        // A text that is no URL can't be shown without the password in it.
        let text = if self.setting.name == "database" { "***".to_owned() } else { self.shown() };
        let what = match self.origin {
            Origin::File(..) => format!("{}: {text:?}: {wrong}", self.setting.name),
            _ => format!("{text:?}: {wrong}"),
        };
        Problem::new(self.origin.clone(), what)
    }
}

/// Something that has to be put right before lokal starts.
#[derive(Debug)]
pub struct Problem {
    origin: Origin,
    what: String,
}

impl Problem {
    /// What is wrong there.
    pub fn new(origin: Origin, what: impl Into<String>) -> Self {
        Self { origin, what: what.into() }
    }
}

/// Everything that is wrong, one a line.
#[derive(Debug)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.iter().map(|Problem { origin, what }| format!("{origin}: {what}"));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for Problems {}

/// `scheme://user:password@host` with the password hidden. The last @ counts, so that a password that
/// holds one, unescaped, is hidden as a whole.
fn without_password(text: &str) -> String {
    let parts = || {
        let (scheme, rest) = text.split_once("://")?;
        let (credentials, host) = rest.rsplit_once('@')?;
        let (user, _) = credentials.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{host}"))
    };
    parts().unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        for (text, shown) in [
            ("postgres://lokal:secret@db:5432/lokal", "postgres://lokal:***@db:5432/lokal"),
            ("postgres://lokal:se:cr@et@db/lokal", "postgres://lokal:***@db/lokal"),
            ("postgres://lokal@db/lokal", "postgres://lokal@db/lokal"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("", ""),
        ] {
            assert_eq!(without_password(text), shown, "{text}");
        }
    }
}
