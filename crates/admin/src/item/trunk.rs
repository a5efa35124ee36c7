//! `/pbx/trunk`: where calls to public numbers enter the dialplan.

use super::DialplanItem;
use model::id::{CustomerId, ItemId};
use model::item::ItemKind;
use model::member::Member;
use model::pii::Name;
use model::trunk::{MEMBERS, Trunk};

impl DialplanItem for Trunk {
    const MEMBERS: &'static [Member] = MEMBERS;
    const CONDENSED: &'static [&'static str] =
        &["_id", "type", "customer", "name", "number", "redirect", "numbers", "selectable"];
    const PLURAL: &'static str = "trunks";
    const SCHEMA: &'static str = "Trunk";

    fn blank(id: ItemId, customer: CustomerId) -> Self {
        Self::new(id, customer, Name::new(""))
    }
    fn of(kind: &ItemKind) -> Option<&Self> {
        if let ItemKind::Trunk(trunk) = kind { Some(trunk) } else { None }
    }
    fn into_kind(self) -> ItemKind {
        ItemKind::Trunk(Box::new(self))
    }
}
