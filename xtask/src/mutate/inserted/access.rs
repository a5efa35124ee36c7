//! Put into the copy of `model::access` by `cargo xtask mutate`: standings one too high or too low.

use super::{Noun, Standing};
use crate::mutant::moved;

const ALL: [Standing; 6] = [
    Standing::Stranger,
    Standing::Personal,
    Standing::Viewer,
    Standing::Manager,
    Standing::Reseller,
    Standing::Admin,
];

pub(super) fn standing(mutant: &str, standing: Standing) -> Standing {
    let place = ALL.iter().position(|one| *one == standing);
    let moved = place.and_then(|place| place.checked_add_signed(moved(mutant)));
    moved.and_then(|place| ALL.get(place).copied()).unwrap_or(standing)
}

pub(super) fn least(noun: Noun) -> (Standing, Standing) {
    let (see, make) = super::least_as_written(noun);
    let name = |what| format!("model/access.rs: least({noun:?}){what}");
    (standing(&name(".0"), see), standing(&name(".1"), make))
}
