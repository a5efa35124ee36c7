//! Reading an extension: whole, expanded, masked, and with the tag of what is already known.

use crate::world::{DESK, DONALD, DUCKBURG, MICKEY, MUSIC, OUTBOUND, RINGTONE, World, path};
use serde_json::{Value, json};

/// The seed's example with every member that it leaves out, byte for byte.
fn example() -> String {
    format!(
        concat!(
            r#"{{"_id":"{id}","type":"EXTENSION","customer":"{customer}","name":"Donald Duck","#,
            r#""number":"592","startAudio":null,"redirect":null,"notes":"The boss","#,
            r#""employee":"{id}","direct":"+4570305051","primary":true,"phonebook":true,"#,
            r#""callWaiting":true,"blockSecret":true,"autoMaster":false,"#,
            r#""mobileUseOwnNumber":false,"billingCustomer":null,"inboundGoto":null,"#,
            r#""ringtone":"{ringtone}","musicOnHold":"{music}","mobileDelay":10,"#,
            r#""onPresenceOffWork":"AVAILABLE","onPresenceHoliday":"BUSY","onPresenceBusy":"BUSY","#,
            r#""noAnswer":{{"timeout":30,"extAction":"VOICEMAIL","extNumber":null,"extGoto":null,"#,
            r#""intAction":"NUMBER","intNumber":"100","intGoto":null,"#,
            r#""mobileAction":"EXTERNAL","mobileNumber":null,"mobileGoto":null}},"#,
            r#""busy":{{"extAction":"QUEUE","extNumber":null,"extGoto":null,"#,
            r#""intAction":"NUMBER","intNumber":"100","intGoto":null,"#,
            r#""mobileAction":"EXTERNAL","mobileNumber":null,"mobileGoto":null}},"#,
            r#""outbound":{{"destinations":"NATIONAL","callerId":{{"#,
            r#""onPresenceWork":"+4570305050","onPresenceWorkAsk":true,"#,
            r#""onPresenceOffWork":"+4571919998","onPresenceOffWorkAsk":true,"#,
            r#""onNextCall":null}},"goto":"{outbound}"}}}}"#,
        ),
        id = DONALD,
        customer = DUCKBURG,
        ringtone = RINGTONE,
        music = MUSIC,
        outbound = OUTBOUND,
    )
}

#[tokio::test]
async fn the_whole_view_is_the_seeds_example_in_the_seeds_order() {
    let world = World::new().await;
    let reply = world.as_("donald").get(&path(DONALD)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(str::from_utf8(&reply.body).unwrap(), example());
}

#[tokio::test]
async fn expansion_shows_gotos_and_phones() {
    let world = World::new().await;
    let expanded = format!("{}?expandGoto=TRUE&includePhones=1", path(DONALD));
    let reply = world.as_("owner").get(&expanded).await.json();
    let goto = json!({"_id": OUTBOUND, "type": "DIAL", "number": null, "name": "Outbound"});
    assert_eq!(reply["outbound"]["goto"], goto);
    assert_eq!(reply["inboundGoto"], Value::Null);
    let desk = json!({
        "_id": DESK, "type": "SIP", "model": "Desk", "identification": "Notes", "online": true,
        "dnd": false, "notes": "Notes", "product": null,
    });
    assert_eq!(reply["phones"][0], desk);
    assert_eq!(reply["phones"][1]["identification"], "+4571919998");
    assert_eq!(reply["phones"][2]["type"], "EXTERNAL");
    assert_eq!(reply.as_object().unwrap().keys().next_back().unwrap(), "phones");
    let plain = format!("{}?expandGoto=false&includePhones=0&unknown=yes", path(DONALD));
    assert_eq!(str::from_utf8(&world.as_("owner").get(&plain).await.body).unwrap(), example());
}

#[tokio::test]
async fn a_masked_view_stays_masked_whatever_is_asked_for() {
    let world = World::new().await;
    let personal = world.as_("personal");
    let masked = format!(
        r#"{{"_id":"{DONALD}","type":"EXTENSION","customer":"{DUCKBURG}","name":"Donald Duck","number":"592"}}"#
    );
    let plain = personal.get(&path(DONALD)).await;
    for query in ["", "?expandGoto=true", "?includePhones=true", "?expandGoto=1&includePhones=1"] {
        let reply = personal.get(&format!("{}{query}", path(DONALD))).await;
        assert_eq!(str::from_utf8(&reply.body).unwrap(), masked, "{query}");
        assert_eq!(reply.header("etag"), plain.header("etag"), "{query}");
    }
}

#[tokio::test]
async fn etags_tell_views_apart_and_save_bodies() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let plain = owner.get(&path(DONALD)).await;
    let etag = plain.header("etag").to_owned();
    let revision = etag.trim_matches('"');
    assert!(revision.parse::<u64>().is_ok(), "{etag}");
    let expanded = owner.get(&format!("{}?includePhones=true", path(DONALD))).await;
    assert!(expanded.header("etag").starts_with(&format!("\"{revision}.")));
    let weak = format!("W/{etag}");
    let list = format!("\"x\", {etag}");
    for (has, status) in
        [(etag.as_str(), 304), ("*", 304), (&weak, 304), (&list, 304), ("\"0\"", 200)]
    {
        let reply = owner.get_if_none(&path(DONALD), has).await;
        assert_eq!(reply.status, status, "{has}");
        assert_eq!(reply.header("etag"), etag);
        assert_eq!(reply.body.is_empty(), status == 304);
    }
    // A masked tag doesn't change with what it hides.
    let masked = world.as_("personal").get(&path(DONALD)).await.header("etag").to_owned();
    owner.patch(&path(DONALD), &json!({"notes": "Retired"})).await;
    assert_eq!(world.as_("personal").get(&path(DONALD)).await.header("etag"), masked);
    assert_eq!(owner.get_if_none(&path(DONALD), &etag).await.status, 200);
}

#[tokio::test]
async fn a_token_is_taken_from_header_or_query() {
    let world = World::new().await;
    let nobody = world.as_nobody();
    let with_query = format!("{}?token=donald", path(DONALD));
    assert_eq!(nobody.get(&with_query).await.status, 200);
    // The header wins.
    assert_eq!(world.as_("otherOwner").get(&with_query).await.status, 403);
    let upper = DONALD.to_string().to_uppercase();
    assert_eq!(world.as_("donald").get(&format!("/pbx/extension/{upper}")).await.status, 200);
    assert_eq!(world.as_("otherOwner").get(&path(MICKEY)).await.status, 200);
}
