//! What is done to an extension beside changing its members, and the numbers to choose from.

use crate::world::{
    DESK, DONALD, DUCKBURG, MICKEY, MOUSETON, OUTBOUND, RECEPTION, World, item, path, phone,
};
use axum::body::Body;
use axum::http::Method;
use model::change::Changed;
use model::extension::Destinations;
use model::held::HeldNumber;
use model::id::NumberId;
use model::item::ItemKind;
use model::number::E164;
use model::pii::Name;
use model::trunk::Trunk;
use serde_json::{Value, json};
use tokio::task::JoinSet;

fn redirect() -> String {
    format!("{}/redirect", path(DONALD))
}

fn dnd() -> String {
    format!("{}/dnd", path(DONALD))
}

#[tokio::test]
async fn a_redirect_is_set_kept_and_cleared() {
    let world = World::new().await;
    let donald = world.as_("donald");
    for (body, answer) in [
        (json!({"enable": true, "number": "100"}), json!({"state": true, "number": "100"})),
        (json!({"enable": true}), json!({"state": true, "number": "100"})),
        (json!({"enable": false, "number": "777"}), json!({"state": false, "number": null})),
        (json!({"enable": false}), json!({"state": false, "number": null})),
    ] {
        let reply = donald.post(&redirect(), &body).await;
        assert_eq!(reply.json(), answer, "{body}");
        assert_eq!(donald.get(&path(DONALD)).await.json()["redirect"], answer["number"]);
    }
    for (body, problem) in [
        (json!({"enable": true}), "422 number number"),
        (json!({"enable": true, "number": "777"}), "422 number number"),
        (json!({"enable": true, "number": "592"}), "422 number number"),
        (json!({"enable": true, "number": "nonsense"}), "422 number number"),
        (json!({"enable": true, "number": 100}), "422 number number"),
        (json!({"number": "100"}), "422 enable enable"),
        (json!({"enable": "yes", "zebra": 1}), "422 enable enable zebra"),
    ] {
        assert_eq!(donald.post(&redirect(), &body).await.problem(), problem, "{body}");
    }
}

#[tokio::test]
async fn a_redirect_is_set_by_get_with_a_token_of_this_very_request() {
    let world = World::new().await;
    let nobody = world.as_nobody();
    let set = format!("{}?enable=TRUE&number=100", redirect());
    assert_eq!(nobody.get(&set).await.problem(), "401 credentials_invalid");
    let cookie = [("cookie", "token=donald")];
    let by_cookie = nobody.send(Method::GET, &set, &cookie, Body::empty()).await;
    assert_eq!(by_cookie.problem(), "401 credentials_invalid");
    let head = world.as_("donald").send(Method::HEAD, &set, &[], Body::empty()).await;
    assert_eq!(head.status, 405);
    assert_eq!(world.as_("donald").get(&path(DONALD)).await.json()["redirect"], Value::Null);

    let reply = nobody.get(&format!("{set}&token=donald")).await;
    assert_eq!(reply.json(), json!({"state": true, "number": "100"}));
    assert_eq!(reply.header("cache-control"), "no-store");
    let public = format!("{}?enable=1&number=+4511223344", redirect());
    assert_eq!(world.as_("donald").get(&public).await.json()["number"], "+4511223344");
    let wrong = world.as_("donald").get(&format!("{}?enable=1&number=777", redirect())).await;
    assert_eq!(
        (wrong.problem().as_str(), wrong.header("cache-control")),
        ("422 number number", "no-store")
    );
    for query in ["", "?enable=perhaps", "?number=100"] {
        let reply = world.as_("donald").get(&format!("{}{query}", redirect())).await;
        assert_eq!(reply.problem(), "400 bad_request", "{query}");
    }
}

#[tokio::test]
async fn dnd_is_set_and_toggled_on_one_phone_of_the_extension() {
    let world = World::new().await;
    let viewer = world.as_("viewer");
    let (mobile, external) = (phone(0xc1), phone(0xc2));
    for (body, now) in [
        (json!({"sip": DESK, "state": true}), true),
        (json!({"sip": DESK, "state": true}), true),
        (json!({"sip": DESK}), false),
        (json!({"sip": DESK, "state": null}), true),
        (json!({"mvno": mobile}), true),
        (json!({"external": external, "state": false}), false),
    ] {
        assert_eq!(viewer.post(&dnd(), &body).await.json(), json!({"dnd": now}), "{body}");
    }
    let phones = viewer.get(&format!("{}?includePhones=1", path(DONALD))).await.json();
    let states: Vec<_> =
        phones["phones"].as_array().unwrap().iter().map(|one| one["dnd"].clone()).collect();
    assert_eq!(states, [true, true, false]);
    let by_get = viewer.get(&format!("{}?sip={DESK}&state=0", dnd())).await;
    assert_eq!(by_get.json(), json!({"dnd": false}));
    assert_eq!(by_get.header("cache-control"), "no-store");
    for (body, problem) in [
        (json!({}), "400 bad_request"),
        (json!({"sip": DESK, "mvno": mobile}), "400 bad_request"),
        (json!({"mvno": DESK}), "404 not_found"),
        (json!({"sip": DONALD}), "404 not_found"),
        (json!({"sip": DESK, "state": "on"}), "422 state state"),
    ] {
        assert_eq!(viewer.post(&dnd(), &body).await.problem(), problem, "{body}");
    }
    let other = format!("{}/dnd", path(RECEPTION));
    assert_eq!(viewer.post(&other, &json!({"sip": DESK})).await.problem(), "404 not_found");
    assert_eq!(viewer.get(&format!("{}?sip=592", dnd())).await.problem(), "400 bad_request");
}

#[tokio::test]
async fn everyone_who_toggles_at_once_does() {
    let world = World::new().await;
    let mut toggles = JoinSet::new();
    for _ in 0..31 {
        let viewer = world.as_("viewer");
        toggles.spawn(async move { viewer.post(&dnd(), &json!({"sip": DESK})).await.json() });
    }
    let on = toggles.join_all().await.into_iter().filter(|reply| reply["dnd"] == true).count();
    assert_eq!(on, 16);
    let phones = world.as_("viewer").get(&format!("{}?includePhones=1", path(DONALD))).await.json();
    assert_eq!(phones["phones"][0]["dnd"], true);
}

async fn with_trunks() -> World {
    let world = World::new().await;
    let number = |last: u8| E164::parse(&format!("+457030506{last}")).unwrap();
    let mut changed: Vec<_> = (0..4u8)
        .map(|last| {
            let id = NumberId::from_bytes([0xd0 + last; 12]);
            let pbx = last != 3;
            Changed::Number(HeldNumber { id, number: number(last), customer: DUCKBURG, pbx })
        })
        .collect();
    for (id, last, selectable) in [(0xd0, 1, true), (0xd1, 2, false)] {
        let mut trunk = Trunk::new(item(id), DUCKBURG, Name::new("Main"));
        trunk.numbers = vec![number(last)];
        trunk.selectable = selectable;
        changed.push(Changed::Item(ItemKind::Trunk(Box::new(trunk))));
    }
    world.put(changed).await;
    world
}

#[tokio::test]
async fn direct_numbers_are_those_that_nothing_uses_and_its_own() {
    let world = with_trunks().await;
    let all = "/pbx/extension/directnumbers";
    let free = json!(["+4570305050", "+4570305052", "+4570305060"]);
    let with_own = json!(["+4570305050", "+4570305051", "+4570305052", "+4570305060"]);
    let of = |extension| format!("{all}?extension={extension}");
    for (role, path, numbers) in [
        ("owner", all.to_owned(), &free),
        ("owner", of(DONALD), &with_own),
        ("owner", of(RECEPTION), &free),
        ("donald", of(DONALD), &with_own),
        // A colleague's direct isn't for it to see.
        ("personal", of(DONALD), &free),
        ("reseller", of(DONALD), &with_own),
        ("reseller", format!("{all}?customer={DUCKBURG}"), &free),
    ] {
        assert_eq!(world.as_(role).get(&path).await.json(), *numbers, "{role} {path}");
    }
    for (path, problem) in [
        (format!("{all}?customer={MOUSETON}"), "403 access_denied"),
        (format!("{all}?customer={}", "f".repeat(24)), "403 access_denied"),
        (of(MICKEY), "403 access_denied"),
        (of(item(0xee)), "404 not_found"),
        (of(OUTBOUND), "404 not_found"),
        (format!("{}&customer={MOUSETON}", of(DONALD)), "404 not_found"),
        (format!("{all}?extension=592"), "400 bad_request"),
    ] {
        assert_eq!(world.as_("owner").get(&path).await.problem(), problem, "{path}");
    }
}

#[tokio::test]
async fn caller_id_numbers_are_those_of_selectable_trunks() {
    let world = with_trunks().await;
    let all = "/pbx/extension/calleridnumbers";
    let personal = world.as_("personal");
    assert_eq!(personal.get(all).await.json(), json!(["+4570305061"]));
    let named = personal.get(&format!("{all}?v2=true")).await.json();
    assert_eq!(named, json!([{"number": "+4570305061", "name": "Main"}]));
    let foreign = personal.get(&format!("{all}?customer={MOUSETON}")).await;
    assert_eq!(foreign.problem(), "403 access_denied");
    // What may be chosen is taken.
    let show = json!({"outbound": {"callerId": {"onPresenceWork": "+4570305061"}}});
    assert_eq!(world.as_("donald").patch(&path(DONALD), &show).await.status, 200);
}

#[tokio::test]
async fn a_redirect_outside_needs_destinations_that_allow_it() {
    let world = World::new().await;
    let narrow = json!({"outbound": {"destinations": Destinations::Local}});
    world.as_("owner").patch(&path(DONALD), &narrow).await;
    let body = json!({"enable": true, "number": "+4511223344"});
    let reply = world.as_("donald").post(&redirect(), &body).await;
    assert_eq!(reply.problem(), "422 number number");
}

#[tokio::test]
async fn numbers_are_put_on_lists_renamed_and_taken_off() {
    let world = World::new().await;
    let donald = world.as_("donald");
    let (white, block) =
        (format!("{}/whitelist", path(DONALD)), format!("{}/blocklist", path(DONALD)));
    assert_eq!(donald.get(&white).await.json(), json!([]));
    for (body, entry) in [
        (json!({"number": "592"}), json!({"number": "592", "name": null})),
        (
            json!({"number": "+4570305051", "name": "Bank"}),
            json!({"number": "+4570305051", "name": "Bank"}),
        ),
        (json!({"number": "+45*", "name": " "}), json!({"number": "+45*", "name": null})),
        (json!({"number": "592", "name": "Me"}), json!({"number": "592", "name": "Me"})),
    ] {
        assert_eq!(donald.post(&white, &body).await.json(), entry, "{body}");
    }
    let all = donald.get(&white).await;
    let expected = json!([
        {"number": "+45*", "name": null},
        {"number": "+4570305051", "name": "Bank"},
        {"number": "592", "name": "Me"},
    ]);
    assert_eq!(all.json(), expected);
    assert_eq!(donald.get_if_none(&white, all.header("etag")).await.status, 304);
    assert_eq!(donald.get(&block).await.json(), json!([]), "they are apart");
    for (body, problem) in [
        (json!({}), "422 number number"),
        (json!({"number": "*"}), "422 number number"),
        (json!({"number": "12345678"}), "422 number number"),
        (json!({"number": "1", "name": "x".repeat(101)}), "422 name name"),
        (json!({"number": "1", "zebra": 1}), "422 zebra zebra"),
    ] {
        assert_eq!(donald.post(&white, &body).await.problem(), problem, "{body}");
    }
    for number in ["+4570305051", "%2B45*", "592"] {
        let reply = donald.delete(&format!("{white}?number={number}")).await;
        assert_eq!(reply.status, 200, "{number}");
    }
    assert_eq!(donald.get(&white).await.json(), json!([]));
    for (query, problem) in
        [("?number=592", "404 not_found"), ("?number=x", "404 not_found"), ("", "400 bad_request")]
    {
        assert_eq!(donald.delete(&format!("{white}{query}")).await.problem(), problem, "{query}");
    }
    let nobodys = format!("/pbx/extension/{OUTBOUND}/whitelist");
    assert_eq!(world.as_("owner").get(&nobodys).await.problem(), "404 not_found");
}
