//! Reads a question's body into its type, and if it doesn't fit, tells every member that is wrong
//! rather than the first.

use crate::error::Fault;
use crate::sent::{self, Body};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The members of a question, in their order, and the smallest body that is one.
pub(crate) struct Form {
    pub(crate) members: &'static [&'static str],
    pub(crate) least: &'static [(&'static str, &'static str)],
}

/// The question that a body asks.
pub(crate) fn read<T: DeserializeOwned>(body: &Body, form: &Form) -> Result<T, Vec<Fault>> {
    match from_body(body) {
        Ok(question) => Ok(question),
        Err(error) => Err(faults::<T>(body, form, &error)),
    }
}

fn faults<T: DeserializeOwned>(body: &Body, form: &Form, error: &str) -> Vec<Fault> {
    let mut faults = sent::unknown(body, form.members);
    for name in form.members {
        let needed = form.least.iter().any(|(least, _)| least == name);
        match body.get(*name) {
            // Everything else right, it is this member that doesn't fit.
            Some(value) => {
                let mut alone = least(form);
                alone.insert((*name).to_owned(), value.clone());
                faults.extend(from_body::<T>(&alone).err().map(|error| Fault::of(name, error)));
            }
            None if needed => faults.push(Fault::of(name, "is needed")),
            None => {}
        }
    }
    if faults.is_empty() {
        faults.push(Fault::of("body", error));
    }
    sent::sort(&mut faults, form.members);
    faults
}

fn least(form: &Form) -> Body {
    let members = form.least.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    members.collect()
}

fn from_body<T: DeserializeOwned>(body: &Body) -> Result<T, String> {
    serde_json::from_value(Value::Object(body.clone())).map_err(|error| error.to_string())
}
