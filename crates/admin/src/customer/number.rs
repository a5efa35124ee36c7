//! `/pbx/number`: the public numbers that a customer holds.

use crate::page::Limits;
use crate::resource::{Made, Resource};
use crate::sent::Body;
use model::access::Noun;
use model::change::Changed;
use model::directory::Directory;
use model::held::{HeldNumber, MEMBERS, NumberUser};
use model::id::{CustomerId, NumberId};
use model::member::Member;
use model::number::E164;
use serde::{Deserialize, Serialize};
use store::Subject;

/// A number, with what uses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(HeldNumber);

impl Resource for Number {
    type Id = NumberId;

    const NOUN: Noun = Noun::Number;
    const MEMBERS: &'static [Member] = MEMBERS;
    const SORTS: &'static [&'static str] = &["number"];
    const LIMITS: Limits = Limits { default: 50, most: 1000 };
    const PLURAL: &'static str = "numbers";
    const SCHEMA: &'static str = "Number";

    fn subject(id: NumberId) -> Subject {
        Subject::Number(id)
    }
    fn lookup(directory: &Directory, id: NumberId) -> Option<Self> {
        directory.number(id).map(|held| Self(held.as_ref().clone()))
    }
    fn all(directory: &Directory) -> Vec<Self> {
        directory.numbers().map(|held| Self(held.as_ref().clone())).collect()
    }
    fn put(self, _: &Directory) -> Changed {
        Changed::Number(self.0)
    }
    fn show(&self, directory: &Directory, document: &mut Body) {
        let user = directory.user_of(&self.0.number).map(NumberUser::view);
        document.insert("usedBy".to_owned(), serde_json::to_value(user).unwrap_or_default());
    }
}

impl Made for Number {
    const NEEDED: &'static [&'static str] = &["number"];

    fn draw(id: [u8; 12], customer: CustomerId) -> Self {
        Self(HeldNumber {
            id: NumberId::from_bytes(id),
            number: E164::blank(),
            customer,
            pbx: true,
        })
    }
    fn id(&self) -> NumberId {
        self.0.id
    }
    fn gone(id: NumberId) -> Changed {
        Changed::NumberGone(id)
    }
}
