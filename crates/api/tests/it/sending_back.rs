//! What was read can be sent back by everybody who may write it, and changes nothing, whatever it holds:
//! of an extension in `properties`, of every other resource here, members that aren't known included.

use crate::world::{DESK, DUCKBURG, MUSIC, RECEPTION, TRUNK, World, employee_id, held, phone};
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A value that a resource may have in a member that isn't known here.
fn unknown() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("JSON has numbers alone", |number| {
            serde_json::Number::from_f64(number).map(Value::Number)
        }),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            hash_map(".{0,8}", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

/// Where each resource is, what its known members may be set to, and from which of `WRITERS` on there is
/// something in it to write.
fn resources() -> Vec<(String, Value, usize)> {
    vec![
        (format!("/pbx/sipphone/{DESK}"), json!({"model": "Møbel \u{1f986}", "dnd": true}), 0),
        (format!("/mvno/{}", phone(0xc1)), json!({"state": "BLOCKED", "notes": ""}), 0),
        (format!("/pbx/externalphone/{}", phone(0xc2)), json!({"confirmAnswer": false}), 0),
        (format!("/pbx/trunk/{TRUNK}"), json!({"goto": RECEPTION, "musicOnHold": MUSIC}), 0),
        (format!("/pbx/settings/{DUCKBURG}"), json!({"masterPinCode": "1234", "maxRing": null}), 0),
        (
            format!("/employee/{}", employee_id(92)),
            json!({"title": "Sailor", "presence": "BUSY"}),
            0,
        ),
        (format!("/pbx/number/{}", held(0xa2)), json!({"pbx": true}), 2),
        (format!("/customer/{DUCKBURG}"), json!({"language": "da"}), 0),
    ]
}

/// Who may write something of Donald's and of each resource of Duckburg.
const WRITERS: [&str; 5] = ["manager", "owner", "reseller", "resellerAdmin", "admin"];
/// Who reads some of it, and may write none or less.
const READERS: [&str; 4] = ["donald", "personal", "viewer", "otherOwner"];

async fn sends_back(more: &Value) {
    let world = World::new().await;
    let admin = world.as_("admin");
    for (path, known, first) in resources() {
        let mut body = known;
        // A number is all ours: nothing that isn't known is kept.
        if !path.starts_with("/pbx/number/") {
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        }
        assert_eq!(admin.patch(&path, &body).await.status, 200, "{path} {body}");
        let before = admin.get(&path).await;
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&before.json()[name], value, "{path} {name:?}");
        }
        for role in WRITERS.iter().chain(&READERS) {
            let client = world.as_(role);
            let read = client.get(&path).await;
            if read.status != 200 {
                continue;
            }
            let reply = client.post(&path, &read.json()).await;
            let may_write = WRITERS.iter().skip(first).any(|writer| writer == role);
            assert!(!may_write || reply.status == 200, "{role} {path} {}", reply.status);
            if reply.status == 200 {
                assert_eq!(reply.body, read.body, "{role} {path}");
                assert_eq!(reply.header("etag"), read.header("etag"), "{role} {path}");
            } else {
                assert_eq!(reply.status, 403, "{role} {path}");
            }
        }
        let after = admin.get(&path).await;
        assert_eq!((&after.body, after.header("etag")), (&before.body, before.header("etag")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn what_was_read_of_anything_can_be_sent_back(
        more in hash_map("x[a-zA-Z \\.~/]{0,8}", unknown(), 1..5)
    ) {
        let more = more.into_iter().collect::<Value>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(sends_back(&more));
    }
}
