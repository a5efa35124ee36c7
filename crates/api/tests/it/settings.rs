//! The PBX settings of a customer.

use crate::world::{DUCKBURG, MICKEY, MUSIC, RECEPTION, TRUNK, World};
use serde_json::{Value, json};

#[tokio::test]
async fn settings_are_read_and_changed_with_and_without_the_customers_id() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let before = owner.get("/pbx/settings").await;
    assert_eq!(before.json()["defaultNumber"], "+4570305050");
    let body = json!({
        "masterPinCode": "1234", "defaultMusicOnHold": MUSIC, "recording": {"quality": "HIGH"},
        "voicemailBreakout": RECEPTION, "defaultVoiceAccount": "Duck",
    });
    let changed = owner.patch("/pbx/settings", &body).await;
    assert_eq!(changed.status, 200, "{:?}", changed.body);
    let read = owner.get(&format!("/pbx/settings/{DUCKBURG}")).await;
    assert_eq!(read.body, changed.body);
    let settings = read.json();
    assert_eq!(settings["recording"], json!({"mode": "NEVER", "quality": "HIGH", "retension": 30}));
    assert_eq!(settings["defaultVoiceAccount"], "Duck");
    assert_eq!(settings["countries"], before.json()["countries"]);
    let body = json!({"maxRing": 60});
    let stale = owner.patch_if("/pbx/settings", before.header("etag"), &body).await;
    assert_eq!(stale.problem(), "412 precondition_failed");
    let expanded = owner.get("/pbx/settings?expandGoto=true").await.json();
    assert_eq!(expanded["voicemailBreakout"]["name"], "Reception");
}

#[tokio::test]
async fn personal_sees_and_guesses_no_pin() {
    let world = World::new().await;
    let pin = json!({"masterPinCode": "1234"});
    assert_eq!(world.as_("owner").patch("/pbx/settings", &pin).await.status, 200);
    let personal = world.as_("personal");
    for path in ["/pbx/settings", "/pbx/settings?expandGoto=true"] {
        let read = personal.get(path).await.json();
        assert_eq!(read.get("masterPinCode"), None, "{path}");
        assert_eq!(read["premium"], "BLOCK", "{path}");
    }
    for body in [pin, json!({"masterPinCode": "4321"}), json!({})] {
        assert_eq!(personal.patch("/pbx/settings", &body).await.status, 403);
    }
    assert_eq!(world.as_("viewer").get("/pbx/settings").await.json()["masterPinCode"], "1234");
}

#[tokio::test]
async fn settings_point_at_things_of_the_customer() {
    let world = World::new().await;
    let owner = world.as_("owner");
    for (body, problem) in [
        (json!({"defaultMusicOnHold": TRUNK}), "422 defaultMusicOnHold defaultMusicOnHold"),
        (json!({"voicemailBreakout": MICKEY}), "422 voicemailBreakout voicemailBreakout"),
        (json!({"defaultNumber": "+4570406060"}), "422 defaultNumber defaultNumber"),
        (json!({"countries": ["DK", "XX"], "maxRing": 59}), "422 maxRing maxRing countries"),
        (json!({"personalQueueMax": 0}), "422 personalQueueMax personalQueueMax"),
        (json!({"masterPinCode": "123"}), "422 masterPinCode masterPinCode"),
    ] {
        assert_eq!(owner.patch("/pbx/settings", &body).await.problem(), problem, "{body}");
    }
    let narrow = json!({"countries": [], "premium": "ALLOW"});
    assert_eq!(owner.patch("/pbx/settings", &narrow).await.status, 200);
}

#[tokio::test]
async fn the_item_behind_voicemail_stays() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let trunk = format!("/pbx/trunk/{TRUNK}");
    let to = |item: Value| json!({"voicemailBreakout": item});
    assert_eq!(owner.patch("/pbx/settings", &to(json!(TRUNK))).await.status, 200);
    assert_eq!(owner.delete(&trunk).await.problem(), "409 id");
    assert_eq!(owner.patch("/pbx/settings", &to(Value::Null)).await.status, 200);
    assert_eq!(owner.delete(&trunk).await.status, 200);
}
