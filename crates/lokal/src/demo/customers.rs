//! Who is in the demo. Donald Duck's extension has every value of the documentation's example.

use super::{Builder, DemoFile, Drawn, new_item};
use crate::random;
use model::access::Level;
use model::change::Changed;
use model::customer::Customer;
use model::extension::{
    BusyAction, Destinations, Extension, LocalBusyAction, MobileNoAnswerAction, NoAnswerAction,
    PresencePolicy,
};
use model::id::{CustomerId, ItemId};
use model::item::{BareItem, ItemKind, ItemType};
use model::number::{CallerIdChoice, E164, Number};
use model::phone::{Line, MvnoState};
use model::pii::Name;

const MAIN_NUMBER: &str = "+4570305050";
const DIRECT_NUMBER: &str = "+4570305051";
const MOBILE_NUMBER: &str = "+4571919998";
const EXTERNAL_NUMBER: &str = "+4571919997";

/// All customers, each to be created in one transaction; resellers first.
pub fn all(realm: &str, file: &mut DemoFile) -> anyhow::Result<Vec<Drawn>> {
    let platform = platform(realm, file)?;
    let reseller = reseller(realm, file)?;
    let duckburg = duckburg(realm, file, reseller.new.customer.id)?;
    let mouseton = mouseton(realm, file)?;
    Ok(vec![platform, reseller, duckburg, mouseton])
}

fn customer(name: &str, reseller: Option<CustomerId>) -> anyhow::Result<Customer> {
    let id = CustomerId::from_bytes(random::bytes()?);
    Ok(Customer { reseller, ..Customer::new(id, Name::new(name)) })
}

fn platform(realm: &str, file: &mut DemoFile) -> anyhow::Result<Drawn> {
    let mut builder = Builder::new(realm, file, customer("Platform", None)?);
    let admin = builder.employee("Platform admin", Level::Admin)?;
    builder.token("admin", admin)?;
    Ok(builder.drawn())
}

fn reseller(realm: &str, file: &mut DemoFile) -> anyhow::Result<Drawn> {
    let mut builder = Builder::new(realm, file, customer("Reseller", None)?);
    let reseller = builder.employee("Reseller of Duckburg", Level::Reseller)?;
    builder.token("reseller", reseller)?;
    Ok(builder.drawn())
}

fn duckburg(realm: &str, file: &mut DemoFile, reseller: CustomerId) -> anyhow::Result<Drawn> {
    let mut builder = Builder::new(realm, file, customer("Duckburg", Some(reseller))?);
    builder.numbers(&[MAIN_NUMBER, DIRECT_NUMBER, MOBILE_NUMBER])?;
    for (role, name, level) in [
        ("owner", "Duckburg owner", Level::Owner),
        ("manager", "Duckburg manager", Level::Manager),
        ("viewer", "Duckburg viewer", Level::Viewer),
    ] {
        let employee = builder.employee(name, level)?;
        builder.token(role, employee)?;
    }
    let outbound = dial_item(&mut builder)?;
    donald(&mut builder, outbound)?;
    colleague(&mut builder, "Reception", "100", None)?;
    colleague(&mut builder, "Daisy Duck", "593", Some("personal"))?;
    colleague(&mut builder, "Gus Goose", "594", None)?;
    Ok(builder.drawn())
}

fn mouseton(realm: &str, file: &mut DemoFile) -> anyhow::Result<Drawn> {
    let mut builder = Builder::new(realm, file, customer("Mouseton", None)?);
    builder.numbers(&["+4570406060"])?;
    let owner = builder.employee("Mouseton owner", Level::Owner)?;
    builder.token("otherCustomerOwner", owner)?;
    colleague(&mut builder, "Mickey Mouse", "592", None)?;
    colleague(&mut builder, "Minnie Mouse", "593", None)?;
    Ok(builder.drawn())
}

/// What `outbound.goto` of the example points at.
fn dial_item(builder: &mut Builder<'_>) -> anyhow::Result<ItemId> {
    let item = BareItem {
        id: new_item()?,
        kind: ItemType::Dial,
        customer: builder.id(),
        name: Name::new("Outbound calls"),
        number: None,
    };
    let id = item.id;
    builder.new.changed.push(Changed::Item(ItemKind::Bare(Box::new(item))));
    Ok(id)
}

fn colleague(
    builder: &mut Builder<'_>,
    name: &str,
    number: &str,
    token: Option<&str>,
) -> anyhow::Result<()> {
    let employee = builder.employee(name, Level::Personal)?;
    if let Some(role) = token {
        builder.token(role, employee)?;
    }
    let mut extension = builder.extension(name, number)?;
    extension.employee = Some(employee);
    extension.primary = true;
    let id = extension.id;
    builder.add(extension);
    builder.sip_phone(id, number)
}

fn donald(builder: &mut Builder<'_>, outbound: ItemId) -> anyhow::Result<()> {
    let employee = builder.employee("Donald Duck", Level::Personal)?;
    builder.token("donald", employee)?;
    let mut extension = builder.extension("Donald Duck", "592")?;
    extension.employee = Some(employee);
    extension.primary = true;
    extension.notes = Some("The boss".to_owned());
    extension.direct = Some(E164::parse(DIRECT_NUMBER)?);
    extension.block_secret = true;
    extension.ringtone = Some(builder.music("Ringtone")?);
    extension.music_on_hold = Some(builder.music("Music on hold")?);
    extension.mobile_delay = 10;
    extension.on_presence_holiday = PresencePolicy::Busy;
    extension.on_presence_busy = PresencePolicy::Busy;
    divert_unanswered(&mut extension)?;
    extension.outbound.destinations = Destinations::National;
    let caller_id = &mut extension.outbound.caller_id;
    caller_id.on_presence_work = Some(CallerIdChoice::Number(E164::parse(MAIN_NUMBER)?));
    caller_id.on_presence_work_ask = true;
    caller_id.on_presence_off_work = Some(CallerIdChoice::Number(E164::parse(MOBILE_NUMBER)?));
    caller_id.on_presence_off_work_ask = true;
    extension.outbound.goto = Some(outbound);
    let id = extension.id;
    builder.add(extension);
    builder.sip_phone(id, "592")?;
    let number = E164::parse(MOBILE_NUMBER)?;
    let mobile =
        Line::Mvno { number, state: MvnoState::Active, rate_plan: None, new_rate_plan: None };
    builder.phone(id, Some("Mobile"), mobile)?;
    let number = E164::parse(EXTERNAL_NUMBER)?;
    builder.phone(id, Some("Home"), Line::External { number, confirm_answer: true })?;
    Ok(())
}

fn divert_unanswered(extension: &mut Extension) -> anyhow::Result<()> {
    let reception = Number::parse("100")?;
    extension.no_answer.ext_action = NoAnswerAction::Voicemail;
    extension.no_answer.int_action = NoAnswerAction::Number;
    extension.no_answer.int_number = Some(reception.clone());
    extension.no_answer.mobile_action = MobileNoAnswerAction::External;
    extension.busy.ext_action = BusyAction::Queue;
    extension.busy.int_action = LocalBusyAction::Number;
    extension.busy.int_number = Some(reception);
    Ok(())
}
