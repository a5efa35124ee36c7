//! Mutants that change nothing, each with the reason, reviewed. One that a test notices after all, or that
//! isn't there any more, fails the run.

/// Names and reasons.
pub const HARMLESS: &[(&str, &str)] = &[];
