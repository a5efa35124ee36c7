//! Descriptions of real phones' shape in, ours out.

use super::*;
use proptest::prelude::*;

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=Jos\u{e9}\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 9 8 0 96\r\na=rtpmap:9 G722/8000\r\na=rtpmap:96 telephone-event/8000\r\n\
    a=fmtp:96 0-16\r\na=ssrc:1 cname:x\r\na=sendrecv\r\n";

fn local() -> Local {
    Local { address: "198.51.100.1:20000".parse().unwrap(), session_id: 77 }
}

fn text(body: &Bytes) -> &str {
    std::str::from_utf8(body).unwrap()
}

/// An offer of PCMU with these lines at session level, as port, and after the media line.
fn offer_with(session: &str, port: &str, media: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\n{session}t=0 0\r\nm=audio {port} RTP/AVP 0\r\n{media}"
    )
}

const C: &str = "c=IN IP4 192.0.2.7\r\n";

#[test]
fn an_offer_is_answered_with_its_first_codec_that_we_know() {
    let agreed = answer(OFFER.as_bytes(), &local(), 3).unwrap();
    assert_eq!(
        text(&agreed.body),
        "v=0\r\no=- 77 3 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n\
         m=audio 20000 RTP/AVP 8 96\r\na=rtpmap:8 PCMA/8000\r\n\
         a=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
    );
    let expected = Remote {
        address: "192.0.2.7:4000".parse().unwrap(),
        codec: Codec::Pcma,
        audio: Numbers { send: 8, receive: 8 },
        telephone_event: Some(Numbers { send: 96, receive: 96 }),
        direction: Direction::SendReceive,
    };
    assert_eq!(agreed.remote, expected);
}

#[test]
fn the_callee_is_offered_what_the_caller_offered_and_we_relay() {
    let ours = offer(&local(), Some(OFFER.as_bytes()), 0);
    assert!(text(&ours).contains("m=audio 20000 RTP/AVP 8 0 96\r\n"), "{}", text(&ours));
    assert!(!text(&ours).contains("G722"), "{}", text(&ours));
    for like in [None, Some(b"nonsense".as_slice())] {
        let ours = offer(&local(), like, 0);
        assert!(text(&ours).contains("m=audio 20000 RTP/AVP 0 8 101\r\n"), "{}", text(&ours));
    }
}

/// What the caller hears, and what both legs agreed on, when the callee answers with this media line.
fn whole_call(answer: &str) -> (String, Remote, Remote) {
    let ours = offer(&local(), Some(OFFER.as_bytes()), 0);
    let answer =
        format!("v=0\r\no=- 9 9 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\n{answer}");
    let callee = accept(&ours, answer.as_bytes()).unwrap();
    let caller = answer_matching(OFFER.as_bytes(), &local(), &callee, 0).unwrap();
    (text(&caller.body).to_owned(), callee, caller.remote)
}

#[test]
fn both_legs_speak_the_codec_that_the_callee_chose() {
    for (answer, codec, line, dtmf) in [
        ("m=audio 5000 RTP/AVP 0\r\n", Codec::Pcmu, "RTP/AVP 0\r\n", None),
        ("m=audio 5000 RTP/AVP 0 8\r\n", Codec::Pcmu, "RTP/AVP 0\r\n", None),
        (
            "m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
            Codec::Pcma,
            "RTP/AVP 8 96\r\n",
            Some(Numbers { send: 101, receive: 96 }),
        ),
    ] {
        let (body, callee, caller) = whole_call(answer);
        assert_eq!((callee.codec, caller.codec), (codec, codec), "{answer}");
        assert_eq!(callee.telephone_event, dtmf, "{answer}");
        assert_eq!(caller.telephone_event.is_some(), dtmf.is_some(), "{answer}");
        assert!(body.contains(line), "{body}");
    }
}

#[test]
fn an_answer_that_does_not_fit_our_offer_is_refused() {
    let ours = offer(&local(), None, 0);
    for (lines, error) in [
        (format!("{C}m=audio 0 RTP/AVP 0\r\n"), NegotiateError::NoAudio),
        (C.to_owned(), NegotiateError::NoAudio),
        (format!("{C}m=audio 5000 RTP/SAVP 0\r\n"), NegotiateError::NoAudio),
        (format!("{C}m=audio 5000 RTP/AVP 9\r\n"), NegotiateError::NoCommonCodec),
        ("m=audio 5000 RTP/AVP 0\r\n".to_owned(), NegotiateError::Address),
        ("c=IN IP6 2001:db8::1\r\nm=audio 5000 RTP/AVP 0\r\n".to_owned(), NegotiateError::Address),
    ] {
        let answer = format!("v=0\r\n{lines}");
        assert_eq!(accept(&ours, answer.as_bytes()), Err(error), "{lines}");
    }
}

#[test]
fn a_caller_without_the_callees_codec_is_refused() {
    let peer = answer(OFFER.as_bytes(), &local(), 0).unwrap().remote;
    let other = offer_with(C, "4000", "");
    let refused = answer_matching(other.as_bytes(), &local(), &peer, 0);
    assert_eq!((peer.codec, refused), (Codec::Pcma, Err(NegotiateError::NoCommonCodec)));
    let ours = offer_matching(&local(), &peer, 0);
    assert!(text(&ours).contains("m=audio 20000 RTP/AVP 8 96\r\n"), "{}", text(&ours));
}

#[test]
fn directions_are_mirrored() {
    for (name, session, media, theirs, ours) in [
        ("none said", C, "", Direction::SendReceive, "sendrecv"),
        ("hold", C, "a=sendonly\r\n", Direction::SendOnly, "recvonly"),
        ("listening", C, "a=recvonly\r\n", Direction::ReceiveOnly, "sendonly"),
        ("both hold", C, "a=inactive\r\n", Direction::Inactive, "inactive"),
        (
            "for the session",
            "c=IN IP4 192.0.2.7\r\na=sendonly\r\n",
            "",
            Direction::SendOnly,
            "recvonly",
        ),
        (
            "the line's own wins",
            "c=IN IP4 192.0.2.7\r\na=sendonly\r\n",
            "a=sendrecv\r\n",
            Direction::SendReceive,
            "sendrecv",
        ),
        ("hold the old way", "c=IN IP4 0.0.0.0\r\n", "", Direction::SendOnly, "recvonly"),
        ("the line's own address", C, "c=IN IP4 0.0.0.0\r\n", Direction::SendOnly, "recvonly"),
    ] {
        let offer = offer_with(session, "4000", media);
        let agreed = answer(offer.as_bytes(), &local(), 0).unwrap();
        assert_eq!(agreed.remote.direction, theirs, "{name}");
        assert!(text(&agreed.body).ends_with(&format!("a={ours}\r\n")), "{name}");
    }
}

#[test]
fn other_media_lines_are_refused_in_their_places() {
    let offer = "v=0\r\nc=IN IP4 192.0.2.7\r\nm=video 4002 RTP/AVP 97 98\r\na=sendonly\r\n\
        m=audio 4004 RTP/SAVP 0\r\nm=audio 4000 RTP/AVP 97 0\r\na=rtpmap:97 opus/48000/2\r\n\
        m=audio 4006 RTP/AVP 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
    let agreed = answer(offer.as_bytes(), &local(), 0).unwrap();
    let lines: Vec<_> = text(&agreed.body).lines().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(
        lines,
        [
            "m=video 0 RTP/AVP 97",
            "m=audio 0 RTP/SAVP 0",
            "m=audio 20000 RTP/AVP 0",
            "m=audio 0 RTP/AVP 0",
            "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
        ]
    );
    assert_eq!(agreed.remote.direction, Direction::SendReceive);
}

#[test]
fn payload_types_mean_what_their_map_says() {
    for (name, line, maps, expected) in [
        ("static", "0", "", Some((Codec::Pcmu, 0))),
        ("dynamic", "97", "a=rtpmap:97 pcma/8000/1\r\n", Some((Codec::Pcma, 97))),
        ("mapped otherwise", "0", "a=rtpmap:0 L16/8000\r\n", None),
        ("another clock", "97", "a=rtpmap:97 PCMU/16000\r\n", None),
        ("stereo", "97", "a=rtpmap:97 PCMU/8000/2\r\n", None),
        ("no map", "97", "", None),
        ("too large", "128", "a=rtpmap:128 PCMU/8000\r\n", None),
        ("listed twice", "8 8 0", "", Some((Codec::Pcma, 8))),
    ] {
        let offer = format!("v=0\r\n{C}m=audio 4000 RTP/AVP {line}\r\n{maps}");
        let agreed = answer(offer.as_bytes(), &local(), 0).ok();
        let chosen = agreed.map(|agreed| (agreed.remote.codec, agreed.remote.audio.send));
        assert_eq!(chosen, expected, "{name}");
    }
}

#[test]
fn unusable_offers_are_refused() {
    let many_lines = format!("v=0\r\n{}", "m=audio 4000 RTP/AVP 0\r\n".repeat(17));
    let many_formats = format!("v=0\r\nm=audio 4000 RTP/AVP{}\r\n", " 0".repeat(65));
    let long = format!("v=0\r\ns={}\r\n", "x".repeat(16 * 1024));
    for (offer, error) in [
        ("", NegotiateError::Malformed),
        ("v=1\r\n", NegotiateError::Malformed),
        ("v=0\r\nm=audio\r\n", NegotiateError::Malformed),
        ("v=0\r\nm=audio 4000 RTP/AVP\r\n", NegotiateError::Malformed),
        ("v=0\r\nm=audio 70000 RTP/AVP 0\r\n", NegotiateError::Malformed),
        ("v=0\r\nm=a\u{7}b 0 RTP/AVP 0\r\n", NegotiateError::Malformed),
        ("v=0\r\n", NegotiateError::NoAudio),
        (&offer_with(C, "0", ""), NegotiateError::NoAudio),
        (&offer_with("", "4000", ""), NegotiateError::Address),
        (&offer_with("c=IN IP4 phone.example.com\r\n", "4000", ""), NegotiateError::Address),
        (&offer_with("c=IN IP4 224.2.1.1/127\r\n", "4000", ""), NegotiateError::Address),
        (&offer_with("c=IN IP4 224.2.1.1\r\n", "4000", ""), NegotiateError::Address),
        (&offer_with("c=IN IP4 255.255.255.255\r\n", "4000", ""), NegotiateError::Address),
        (&offer_with("c=IN IP6 ff02::1\r\n", "4000", ""), NegotiateError::Address),
        (&many_lines, NegotiateError::TooLarge),
        (&many_formats, NegotiateError::TooLarge),
        (&long, NegotiateError::TooLarge),
    ] {
        assert_eq!(answer(offer.as_bytes(), &local(), 0), Err(error), "{offer:.80}");
        assert!(!is_acceptable(offer.as_bytes()), "{offer:.80}");
    }
    assert!(is_acceptable(OFFER.as_bytes()));
}

#[test]
fn names_in_another_character_set_do_not_matter() {
    let mut offer = OFFER.replace("Jos\u{e9}", "Jos#").into_bytes();
    let name = offer.iter().position(|byte| *byte == b'#').unwrap();
    offer[name] = 0xe9;
    assert!(is_acceptable(&offer));
}

#[test]
fn over_ipv6_everything_says_so() {
    let local = Local { address: "[2001:db8::1]:20000".parse().unwrap(), session_id: 1 };
    let offer = offer_with("c=IN IP6 2001:db8::2\r\n", "4000", "");
    let agreed = answer(offer.as_bytes(), &local, 0).unwrap();
    assert!(text(&agreed.body).contains("c=IN IP6 2001:db8::1\r\n"));
    assert_eq!(agreed.remote.address, "[2001:db8::2]:4000".parse().unwrap());
}

/// An offer with one byte changed, or lines of it in any order.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let lines: Vec<_> = OFFER.split_inclusive("\r\n").map(str::to_owned).collect();
    let shuffled = Just(lines).prop_shuffle().prop_map(|lines| lines.concat().into_bytes());
    let changed = (0..OFFER.len(), any::<u8>()).prop_map(|(at, byte)| {
        let mut offer = OFFER.as_bytes().to_vec();
        offer[at] = byte;
        offer
    });
    prop_oneof![shuffled, changed, proptest::collection::vec(any::<u8>(), 0..200)]
}

proptest! {
    #[test]
    fn any_bytes_are_survived_and_what_we_write_can_be_read(offer_bytes in damaged()) {
        let ours = offer(&local(), Some(&offer_bytes), 0);
        prop_assert!(is_acceptable(&ours));
        let _survived = accept(&ours, &offer_bytes);
        if let Ok(agreed) = answer(&offer_bytes, &local(), 0) {
            prop_assert!(is_acceptable(&agreed.body));
            prop_assert!(answer_matching(&offer_bytes, &local(), &agreed.remote, 0).is_ok());
        }
    }
}
