//! Put into the copy of `store::sql` by `cargo xtask mutate`: the statements without one predicate.

#[cfg(test)]
use super::ALL;
use super::MUTANTS;

/// The statement, or the chosen mutant of it.
pub(crate) fn chosen(statement: &'static str) -> &'static str {
    let mutant = |(name, from, _): &&(&str, &str, &str)| {
        *from == statement && model::mutant::is(name)
    };
    MUTANTS.iter().find(mutant).map_or(statement, |(.., to)| to)
}

/// The statements and their mutants: all of them have to be SQL.
#[cfg(test)]
pub(crate) fn all() -> &'static [(&'static str, &'static str)] {
    let mutants = MUTANTS.iter().map(|(name, _, to)| (*name, *to));
    ALL.iter().copied().chain(mutants).collect::<Vec<_>>().leak()
}
