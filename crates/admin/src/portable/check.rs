//! Whether what a file has holds together: what each member holds, as the API has it, what points at
//! what, and what may be there once. Rules of the moment (where a redirect may lead today) aren't asked:
//! they don't stand in the way of what was stored under others.

use super::file::{Account, Password, Token};
use super::read::Parts;
use crate::error::Fault;
use crate::extension::rules::COLUMNS;
use crate::sent::{self, Body};
use crate::{password, value};
use model::change::Changed;
use model::customer::Customer;
use model::extension::{self, Extension};
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, PhoneId};
use model::item::ItemKind;
use model::limits::{EXTRA_BYTES, MACHINE_TOKENS_PER_EMPLOYEE, SCREEN_ENTRIES};
use model::member::{Kind, Member};
use model::number::E164;
use model::phone::{self, Line, Phone, SipAccount};
use model::pii::Secret;
use model::screen::{ScreenEntry, ScreenList, Screened};
use model::token::{TokenHash, TokenKind};
use model::{customer, employee, held, settings, trunk};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use store::{Claim, IssuedToken, Subject};

/// What of a file is to be written, and all that is wrong with it.
pub(super) struct Checked {
    pub(super) customer: Customer,
    pub(super) changed: Vec<Changed>,
    pub(super) accounts: Vec<SipAccount>,
    pub(super) passwords: Vec<(EmployeeId, Secret<String>)>,
    pub(super) tokens: Vec<IssuedToken>,
    pub(super) faults: Vec<Fault>,
}

impl Checked {
    /// What only one customer on the platform can have.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let mut claims = vec![Claim::Thing(Subject::Customer(self.customer.id))];
        claims.extend(self.customer.sip_domain.clone().map(Claim::SipDomain));
        for one in &self.changed {
            match one {
                Changed::Employee(employee) => {
                    claims.push(Claim::Thing(Subject::Employee(employee.id)));
                    claims.extend(employee.email_address.clone().map(Claim::Login));
                }
                Changed::Number(held) => {
                    claims.push(Claim::Thing(Subject::Number(held.id)));
                    claims.push(Claim::Number(held.number.clone()));
                }
                Changed::Music(class) => claims.push(Claim::Music(class.id)),
                Changed::Item(kind) => claims.push(Claim::Thing(Subject::Item(kind.id()))),
                Changed::Phone(phone) => claims.push(Claim::Thing(Subject::Phone(phone.id))),
                _ => {}
            }
        }
        claims.extend(self.accounts.iter().map(|one| Claim::Username(one.username.clone())));
        let tokens = self.tokens.iter();
        claims.extend(tokens.flat_map(|one| [Claim::Token(one.id), Claim::TokenHash(one.hash)]));
        claims
    }
}

/// What else of the file things may point at.
struct Checker {
    customer: CustomerId,
    employees: BTreeSet<EmployeeId>,
    held: BTreeSet<E164>,
    music: BTreeSet<MusicId>,
    items: BTreeMap<ItemId, bool>,
    faults: Vec<Fault>,
    /// Everything that may be there once, by kind.
    seen: BTreeSet<(&'static str, String)>,
}

/// Checks all of a file.
pub(super) fn check(parts: Parts) -> Checked {
    let Parts { customer, employees, numbers, music, items, screens, phones, .. } = parts;
    let extension = |kind: &ItemKind| matches!(kind, ItemKind::Extension(_));
    let mut checker = Checker {
        customer: customer.id,
        employees: employees.iter().map(|employee| employee.id).collect(),
        held: numbers.iter().map(|held| held.number.clone()).collect(),
        music: music.iter().map(|class| class.id).collect(),
        items: items.iter().map(|kind| (kind.id(), extension(kind))).collect(),
        faults: Vec::new(),
        seen: BTreeSet::new(),
    };
    let mut changed = Vec::new();
    checker.customer(&customer);
    for (place, employee) in employees.into_iter().enumerate() {
        let path = format!("employees[{place}]");
        checker.owned(&path, employee.customer);
        checker.once(&path, ("_id", employee.id));
        let login = employee.email_address.as_deref().map(str::to_lowercase);
        login.into_iter().for_each(|login| checker.once(&path, ("emailAddress", login)));
        checker.members(&path, employee::members::MEMBERS, &employee);
        changed.push(Changed::Employee(employee));
    }
    for (place, held) in numbers.into_iter().enumerate() {
        let path = format!("numbers[{place}]");
        checker.owned(&path, held.customer);
        checker.once(&path, ("_id", held.id));
        checker.once(&path, ("number", held.number.as_str()));
        checker.members(&path, held::MEMBERS, &held);
        changed.push(Changed::Number(held));
    }
    for (place, class) in music.into_iter().enumerate() {
        let path = format!("music[{place}]");
        checker.owned(&path, class.customer);
        checker.once(&path, ("_id", class.id));
        changed.push(Changed::Music(class));
    }
    for (place, kind) in items.into_iter().enumerate() {
        checker.item(&format!("items[{place}]"), &kind);
        changed.push(Changed::Item(kind));
    }
    let mut usernames = BTreeMap::new();
    for (place, phone) in phones.into_iter().enumerate() {
        checker.phone(&format!("phones[{place}]"), &phone);
        if let Line::Sip { username, .. } = &phone.line {
            usernames.insert(phone.id, username.clone());
        }
        changed.push(Changed::Phone(phone));
    }
    let mut lengths = BTreeMap::<(ItemId, ScreenList), usize>::new();
    for (place, screen) in screens.into_iter().enumerate() {
        let path = format!("screens[{place}]");
        let key = (screen.extension, screen.list);
        if checker.items.get(&screen.extension) != Some(&true) {
            checker.fault(&path, "extension", "no such extension");
        }
        checker.once(&path, ("number", format!("{key:?} {}", screen.number.as_str())));
        let length = lengths.entry(key).or_default();
        *length += 1;
        if *length > SCREEN_ENTRIES {
            checker.fault(&path, "number", "no more fit on this list");
        }
        let entry = ScreenEntry { number: screen.number, name: screen.name };
        let (extension, list) = key;
        changed.push(Changed::Screened(Screened { customer: customer.id, extension, list, entry }));
    }
    let accounts = checker.accounts(parts.accounts, &usernames);
    let passwords = checker.passwords(parts.passwords);
    let tokens = checker.tokens(parts.tokens);
    Checked { customer, changed, accounts, passwords, tokens, faults: checker.faults }
}

impl Checker {
    fn fault(&mut self, path: &str, member: &str, detail: impl Into<String>) {
        self.faults.push(Fault::of(&format!("{path}.{member}"), detail));
    }

    fn owned(&mut self, path: &str, customer: CustomerId) {
        if customer != self.customer {
            self.fault(path, "customer", "isn't the customer of this file");
        }
    }

    /// Something that one alone can have; `what` is the member, and for this kind of thing alone if it is
    /// an id.
    fn once(&mut self, path: &str, (member, value): (&'static str, impl Display)) {
        let list = path.split('[').next().unwrap_or_default();
        if !self.seen.insert((member, format!("{list} {value}"))) {
            self.fault(path, member, "is in the file twice");
        }
    }

    /// Whether each member is of its kind.
    fn members(&mut self, path: &str, table: &[Member], thing: &impl Serialize) -> Body {
        let document = match serde_json::to_value(thing) {
            Ok(Value::Object(document)) => document,
            // Plain structs with string keys: serde_json has no way to fail on them.
            _ => Body::new(),
        };
        let shown = |member: &&Member| !matches!(member.kind, Kind::Password | Kind::View);
        for member in table.iter().filter(shown) {
            let given = sent::lookup(&document, member.path).unwrap_or(&Value::Null);
            match value::read(member, given) {
                Ok(kept) if kept == *given => {}
                Ok(kept) => self.fault(path, member.path, format!("has to be written as {kept}")),
                Err(detail) => self.fault(path, member.path, detail),
            }
        }
        let extra = document.get("extra").and_then(Value::as_object);
        if extra.is_some_and(|extra| serde_json::to_vec(extra).is_ok_and(|e| e.len() > EXTRA_BYTES))
        {
            self.fault(path, "extra", format!("at most {EXTRA_BYTES} bytes"));
        }
        document
    }

    fn customer(&mut self, customer: &Customer) {
        self.members("customer", customer::members::MEMBERS, customer);
        let settings = &customer.settings;
        self.members("customer.settings", settings::members::MEMBERS, settings);
        if customer.reseller == Some(customer.id) {
            self.fault("customer", "reseller", "is the customer itself");
        }
        self.music("customer.settings", "defaultMusicOnHold", settings.default_music_on_hold);
        if settings.voicemail_breakout.is_some_and(|to| !self.items.contains_key(&to)) {
            self.fault("customer.settings", "voicemailBreakout", "no such dialplan item");
        }
    }

    fn music(&mut self, path: &str, member: &str, class: Option<MusicId>) {
        if class.is_some_and(|class| !self.music.contains(&class)) {
            self.fault(path, member, "no such music class");
        }
    }

    fn held(&mut self, path: &str, member: &'static str, number: &E164) {
        if !self.held.contains(number) {
            self.fault(path, member, format!("{} isn't among the numbers", number.as_str()));
        }
        // Whatever uses it, it is one thing alone.
        if !self.seen.insert(("used", number.as_str().to_owned())) {
            self.fault(path, member, format!("{} is used twice", number.as_str()));
        }
    }

    fn item(&mut self, path: &str, kind: &ItemKind) {
        self.owned(path, kind.customer());
        self.once(path, ("_id", kind.id()));
        kind.number().into_iter().for_each(|number| self.once(path, ("number", number.as_str())));
        match kind {
            ItemKind::Extension(extension) => self.extension(path, extension),
            ItemKind::Trunk(one) => {
                self.members(path, trunk::MEMBERS, one.as_ref());
                self.music(path, "musicOnHold", one.music_on_hold);
                one.numbers.iter().for_each(|number| self.held(path, "numbers", number));
                self.sound(path, one.start_audio.is_some());
            }
            ItemKind::Bare(bare) => {
                let known = extension::members::MEMBERS;
                let common = known.iter().filter(|m| matches!(m.path, "name" | "number"));
                self.members(path, &common.copied().collect::<Vec<_>>(), bare);
            }
        }
        for (member, to) in kind.gotos() {
            if to == kind.id() {
                self.fault(path, member, "can't be the item itself");
            } else if !self.items.contains_key(&to) {
                self.fault(path, member, "no such dialplan item");
            }
        }
    }

    fn sound(&mut self, path: &str, is_there: bool) {
        if is_there {
            self.fault(path, "startAudio", "no such sound");
        }
    }

    fn extension(&mut self, path: &str, extension: &Extension) {
        let document = self.members(path, extension::members::MEMBERS, extension);
        self.music(path, "ringtone", extension.ringtone);
        self.music(path, "musicOnHold", extension.music_on_hold);
        self.sound(path, extension.start_audio.is_some());
        extension.direct.iter().for_each(|number| self.held(path, "direct", number));
        match extension.employee {
            Some(employee) if !self.employees.contains(&employee) => {
                self.fault(path, "employee", "no such employee");
            }
            Some(employee) if extension.primary => self.once(path, ("primary", employee)),
            Some(_) => {}
            None if extension.primary => {
                self.fault(path, "primary", "is an employee's, and it has none");
            }
            None => {}
        }
        for column in COLUMNS {
            let text = |member: &str| sent::lookup(&document, member).and_then(Value::as_str);
            let action = format!("{column}Action");
            let needed = match text(&action) {
                Some("NUMBER") => format!("{column}Number"),
                Some("GOTO") => format!("{column}Goto"),
                _ => continue,
            };
            if text(&needed).is_none() {
                self.fault(path, &action, format!("needs {needed}"));
            }
        }
    }

    fn phone(&mut self, path: &str, one: &Phone) {
        self.owned(path, one.customer);
        self.once(path, ("_id", one.id));
        let table = match &one.line {
            Line::Sip { username, .. } => {
                self.once(path, ("username", username));
                phone::members::SIP
            }
            Line::Mvno { number, .. } => {
                self.held(path, "number", number);
                phone::members::MVNO
            }
            Line::External { .. } => phone::members::EXTERNAL,
        };
        self.members(path, table, one);
        if one.extension.is_some_and(|to| self.items.get(&to) != Some(&true)) {
            self.fault(path, "extension", "no such extension");
        }
    }

    fn accounts(
        &mut self,
        accounts: Vec<Account>,
        usernames: &BTreeMap<PhoneId, String>,
    ) -> Vec<SipAccount> {
        let mut kept = Vec::new();
        for (place, account) in accounts.into_iter().enumerate() {
            let path = format!("secrets.accounts[{place}]");
            let Account { username, phone, ha1_md5, ha1_sha256 } = account;
            self.once(&path, ("username", &username));
            if usernames.get(&phone) != Some(&username) {
                self.fault(&path, "phone", "no SIP phone with this user name");
            }
            for (member, hash, digits) in [("ha1Md5", &ha1_md5, 32), ("ha1Sha256", &ha1_sha256, 64)]
            {
                if !is_hex(hash, digits) {
                    self.fault(&path, member, format!("{digits} lower-case hex digits"));
                }
            }
            let (ha1_md5, ha1_sha256) = (Secret::new(ha1_md5), Secret::new(ha1_sha256));
            let customer = self.customer;
            kept.push(SipAccount { username, customer, phone, ha1_md5, ha1_sha256 });
        }
        kept
    }

    fn passwords(&mut self, passwords: Vec<Password>) -> Vec<(EmployeeId, Secret<String>)> {
        let mut kept = Vec::new();
        for (place, Password { employee, hash }) in passwords.into_iter().enumerate() {
            let path = format!("secrets.passwords[{place}]");
            self.once(&path, ("employee", employee));
            if !self.employees.contains(&employee) {
                self.fault(&path, "employee", "no such employee");
            }
            if !password::is_hash(&hash) {
                self.fault(&path, "hash", "an argon2id hash as this version makes them");
            }
            kept.push((employee, Secret::new(hash)));
        }
        kept
    }

    fn tokens(&mut self, tokens: Vec<Token>) -> Vec<IssuedToken> {
        let mut kept: Vec<IssuedToken> = Vec::new();
        for (place, token) in tokens.into_iter().enumerate() {
            let path = format!("secrets.tokens[{place}]");
            let Token { id, employee, name, created, expires, hash } = token;
            self.once(&path, ("_id", id));
            self.once(&path, ("hash", &hash));
            if !self.employees.contains(&employee) {
                self.fault(&path, "employee", "no such employee");
            }
            let of_employee = kept.iter().filter(|other| other.employee == employee).count();
            if of_employee >= MACHINE_TOKENS_PER_EMPLOYEE as usize {
                self.fault(&path, "employee", "has no room for more tokens");
            }
            let Some(hash) = bytes(&hash) else {
                self.fault(&path, "hash", "64 lower-case hex digits");
                continue;
            };
            let (hash, kind, proved) = (TokenHash::from_bytes(hash), TokenKind::Machine, None);
            kept.push(IssuedToken { hash, id, employee, kind, name, created, expires, proved });
        }
        kept
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    if !is_hex(hex, 64) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}
