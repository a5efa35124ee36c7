//! Mutants that change nothing, each with the reason, reviewed. One that a test notices after all, or that
//! isn't there any more, fails the run.

/// Names and reasons.
pub const HARMLESS: &[(&str, &str)] = &[
    (
        "admin/customer/settings.rs: (customer.id == id).then(|| Self(customer.settings.clone()))",
        "looks up in the directory of the permit's customer, and the permit was asked for this id",
    ),
    (
        "admin/customer/tenancy.rs: (directory.customer.id == id).then(|| Self::of(&directory.customer))",
        "looks up in the directory of the permit's customer, and the permit was asked for this id",
    ),
    (
        "store/follow.rs: let grant = grant.filter(|grant| grant.customer == self.news.customer);",
        "a token's grant names its own customer; another's would only be told a moment early",
    ),
    (
        "model/access.rs: Level::Admin | Level::ResellerAdmin => Standing::Admin, - 1",
        "nothing asks for more than a reseller's standing",
    ),
    (
        "model/access.rs: Level::Reseller if target.resellers.contains(&who.customer) => Standing::Reseller, [=> Standing::Reseller,] + 1",
        "nothing asks for more than a reseller's standing",
    ),
    (
        "store/sql.rs: DROP_OLDER_LOGINS customer = $1 #2",
        "the employee's tokens are of the customer that the predicate around it names",
    ),
    (
        "admin/employee/departures.rs: let leave = permit(&who, Operation::Remove(Noun::Employee), target.as_ref())?;",
        "the server asks for itself, as ADMIN",
    ),
    (
        "admin/employee/first.rs: let leave = permit(&who, Operation::Create(Noun::Employee), target.as_ref())?;",
        "whoever owns the data folder asks, as ADMIN",
    ),
    (
        "admin/extension/moving.rs: let enter = permit(asker.who, Operation::Create(Noun::Extension), target.as_ref())?;",
        "only customers come this far whose extensions the asker may move: a second wall",
    ),
    (
        "admin/portable/mod.rs: permit(&Principal { employee, customer, level, origin }, operation, target)",
        "whoever owns the data folder asks, as ADMIN",
    ),
    (
        "admin/extension/list.rs: let permit = decide(who, Operation::Read(Noun::Extension), &one).ok()?;",
        "who may list sees each of them whole (model: who_lists_sees_whole): a second wall",
    ),
    (
        "admin/extension/list.rs: Some(Row { item: item.clone(), view: permit.view() })",
        "who may list sees each of them whole (model: who_lists_sees_whole): a second wall",
    ),
    (
        "store/perform_customer.rs: there(row.await.map_err(pointed_at(\"customer\"))?)",
        "the customer was there a moment ago, when the transaction raised its revision",
    ),
    (
        "admin/login/mod.rs: permit(who, Operation::Revoke, target.as_ref())",
        "asked by somebody about itself, which is always granted",
    ),
    (
        "admin/login/mod.rs: let leave = permit(who, Operation::Read(Noun::Employee), target.as_ref())?;",
        "asked by somebody about itself, which is always granted",
    ),
    (
        "admin/resource/list.rs: let entry = shown(&one, &directory, permit.view());",
        "of these resources settings alone are masked, and nobody lists those",
    ),
];
