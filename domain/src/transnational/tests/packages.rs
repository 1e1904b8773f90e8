//! The package: golden files, its schema, and that nothing beside it crosses.

use std::{env, fs, path::Path};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    BirthDate, CodeList as _,
    access::{Depth, Section},
    cases::{Identity, Name},
    given::language,
    referrals::{HandlingCaveat, View},
    vocabulary::{ServiceCode, SpecialNeed, ViewStatus},
};

/// Holds a file beside the code against what it should be, or writes it.
fn is_current(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/transnational/package").join(name);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, text).expect("writes");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "{name} is of another code (UPDATE=1 writes it anew)");
}

fn identity() -> Identity {
    Identity {
        name: Some(Name { given: Some("Invented".to_owned()), family: Some("Child".to_owned()) }),
        call_name: Some("Inva".to_owned()),
        sex: Some(Sex::Female),
        birth_date: BirthDate::parse("2012-05-17"),
        age_certainty: Some(crate::vocabulary::AgeCertainty::Documented),
        nationalities: vec![country("UA")],
        languages: vec![language("uk"), language("ru")],
        special_needs: vec![SpecialNeed::ALL[0]],
        ..Identity::default()
    }
}

/// Everything that a case can give, for a request of a kind.
fn full<'a>(kind: T, identity: &'a Identity, own: &'a [Section]) -> Source<'a> {
    let classes: std::collections::BTreeSet<_> =
        allowed_members(kind).iter().filter_map(|it| member_class(*it)).collect();
    let disclosed = |data_class| Disclosed { data_class, lawful_bases: vec![LawfulBasis::CivilCooperation] };
    let parts = rule_of(kind).parts;
    Source {
        request_id: id(700),
        kind,
        urgency: Urgency::Urgent,
        from: office_here(),
        to: (office_there(), way(kind).1),
        reference: reference(7),
        child: Some(pseudonym()),
        identity,
        with_identity: true,
        own,
        disclosures: classes.into_iter().map(disclosed).collect(),
        guardian: Some(ContactPoint {
            name: "Guardianship office".to_owned(),
            phone: Some("+3721234567".to_owned()),
        }),
        legal_representation: Some(ContactPoint { name: "Legal aid".to_owned(), phone: None }),
        exploitation: vec![ExploitationType::ALL[0]],
        immediate_risk: Some(RiskLevel::High),
        identification: Some(IdentificationStatus::PresumedVictim),
        indicators: vec!["beg_adult_collects".to_owned()],
        child_view: Some(View {
            status: ViewStatus::Expressed,
            method: None,
            summary: Some("Wants to be near the sister".to_owned()),
            recorded_on: None,
            weight_given: Some("The aunt was asked first".to_owned()),
        }),
        service_needs: vec![ServiceCode::ALL[0]],
        attachments: vec![Attachment {
            part: parts[0],
            media_type: "application/pdf".to_owned(),
            bytes: 1_024,
            sha256: Digest::of(b"invented"),
        }],
        written: parts
            .iter()
            .map(|part| Written { part: *part, text: format!("Invented: {part}") })
            .collect(),
        handling: vec![HandlingCaveat::DoNotTellParents],
        chain: Chain::beginning(PassOn::default()),
        transfer_ground: None,
    }
}

/// A sender that reads everything.
fn all_sections() -> Vec<Section> {
    DataClass::ALL.iter().map(|class| Section { class: *class, depth: Depth::Full, reason: "" }).collect()
}

fn built(kind: T) -> (Package, Option<IdentityBlock>) {
    let (identity, own) = (identity(), all_sections());
    let (package, block, _) = build(&full(kind, &identity, &own), now()).expect("a package");
    (package, block)
}

#[test]
fn the_parts_of_a_request_are_those_that_its_package_has_and_naming_one_adds_none() {
    for kind in T::ALL {
        let (package, _) = built(*kind);
        let wanted = rule_of(*kind).parts;
        assert!(wanted.iter().all(|it| package.parts().contains(it)), "{kind}: {:?}", package.parts());
        let (identity, own) = (identity(), all_sections());
        let written = Vec::new();
        let bare = Source {
            written,
            attachments: Vec::new(),
            service_needs: Vec::new(),
            ..full(*kind, &identity, &own)
        };
        let left = build(&bare, now()).expect("a package").0.parts();
        assert!(
            !left.contains(&RequestPart::Needs) && !left.contains(&RequestPart::Reasons),
            "{kind}: {left:?}"
        );
    }
}

#[test]
fn the_packages_of_every_kind_are_those_of_the_golden_file_byte_for_byte() {
    let mut text = String::new();
    for kind in T::ALL {
        let (package, block) = built(*kind);
        let bytes = canonical(&package);
        assert_eq!(Package::read(&bytes, &package.digest()), Ok(package.clone()), "{kind} reads back");
        assert!(block.is_none_or(|it| it.belongs_to(&package)), "{kind}");
        text.push_str(&String::from_utf8(bytes).expect("text"));
        text.push('\n');
    }
    is_current("golden.jsonl", &text);
}

#[test]
fn the_schema_is_published_closed_and_holds_for_every_golden_package() {
    let schema = schema();
    let mut text = serde_json::to_string_pretty(&schema).expect("text");
    text.push('\n');
    is_current("package.schema.json", &text);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for kind in T::ALL {
        let package = serde_json::to_value(built(*kind).0).expect("json");
        assert!(validator.is_valid(&package), "{kind}: {:?}", validator.iter_errors(&package).next());
        for place in
            ["", "/content", "/chain", "/from", "/chain/passOn", "/disclosures/0", "/content/written/0"]
        {
            let mut more = package.clone();
            let at = more.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
            at.insert("therapyNotes".to_owned(), json!("x"));
            assert!(!validator.is_valid(&more), "{kind}: a member more at {place}");
        }
    }
}

/// F11: whatever member is added, anywhere, under whatever name, the receiver declines it.
#[test]
fn excess_is_refused_wherever_it_is() {
    for kind in T::ALL {
        let package = serde_json::to_value(built(*kind).0).expect("json");
        for (place, member) in [
            ("", "whereabouts"),
            ("/content", "therapyNotes"),
            ("/content", "suspects"),
            ("/content", "address"),
            ("/content/written/0", "medical"),
            ("/disclosures/0", "more"),
        ] {
            let mut more = package.clone();
            let at = more.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
            at.insert(member.to_owned(), json!("x"));
            let bytes = serde_json::to_vec(&more).expect("bytes");
            let refused = Package::read(&bytes, &Digest::of(&bytes)).expect_err("excess");
            assert_eq!(refused[0].rule.map(|it| it.code), Some("R75"), "{kind} {place}/{member}");
            assert!(!refused[0].because.contains(member), "it is not repeated");
        }
    }
    let everything = built(T::AssistanceReferral).0;
    for kind in [T::Locate, T::Evidence, T::Implementation] {
        let lent = Package { kind, ..everything.clone() };
        let bytes = canonical(&lent);
        assert!(Package::read(&bytes, &lent.digest()).is_err(), "{kind} with the content of another kind");
    }
}

/// D2, D4, D7, D8, D9, D10 and D11 have no member in any kind, and the name of the child is not in the package.
#[test]
fn what_never_crosses_has_no_member() {
    use DataClass as C;
    for kind in T::ALL {
        let classes: Vec<_> = allowed_members(*kind).iter().filter_map(|it| member_class(*it)).collect();
        for never in [
            C::D2Whereabouts,
            C::D4ExploitationNarrative,
            C::D7Health,
            C::D8TherapyNotes,
            C::D9InterviewRecordingLocator,
            C::D10Intelligence,
            C::D11AllegedOffenders,
        ] {
            assert!(!classes.contains(&never), "{kind} {never}");
        }
        let text = String::from_utf8(canonical(&built(*kind).0)).expect("text");
        for known in ["Inva", "2012-05-17", "\"Child\""] {
            assert!(!text.contains(known), "{kind} names the child");
        }
    }
    let (package, block) = built(T::Evidence);
    assert!(block.is_none() && package.content.child.is_none(), "a reference alone");
}

/// What the sender does not read, or does not disclose, is not in it; more than the office there may have is refused.
#[test]
fn it_is_built_from_what_the_sender_reads_and_the_receiver_may_have() {
    let (identity, own) = (identity(), all_sections());
    let kind = T::AssistanceReferral;
    for class in built(kind).0.classes() {
        let mut less = full(kind, &identity, &own);
        less.disclosures.retain(|it| it.data_class != class);
        let (package, _, _) = build(&less, now()).expect("less is a package too");
        assert!(!package.classes().contains(&class), "{class} is not disclosed");
        let blind: Vec<_> = own.iter().copied().filter(|it| it.class != class).collect();
        assert!(
            rules_of(build(&full(kind, &identity, &blind), now())).contains(&"class_not_yours"),
            "{class}"
        );
    }
    for class in DataClass::ALL.iter().filter(|it| !built(kind).0.classes().contains(it)) {
        let mut more = full(kind, &identity, &own);
        let bases = vec![LawfulBasis::Gdpr9HealthSocial, LawfulBasis::Gdpr10OfficialAuthority];
        more.disclosures.push(Disclosed { data_class: *class, lawful_bases: bases });
        assert!(rules_of(build(&more, now())).contains(&"R75"), "{class}");
    }
    let mut unlawful = full(kind, &identity, &own);
    for it in &mut unlawful.disclosures {
        it.lawful_bases = vec![LawfulBasis::ConsentSpecialCase];
    }
    assert!(rules_of(build(&unlawful, now())).contains(&"R75"), "consent alone carries nothing");
    let summary: Vec<_> = own.iter().map(|it| Section { depth: Depth::Summary, ..*it }).collect();
    let (_, block, _) = build(&full(kind, &identity, &summary), now()).expect("a package");
    assert!(block.is_none(), "who reads a summary sends no name");
}

#[test]
fn the_identity_block_belongs_to_one_package() {
    let (package, block) = built(T::AssistanceReferral);
    let block = block.expect("a block");
    let other = IdentityBlock { call_name: Some("Other".to_owned()), ..block.clone() };
    let of_other = Package { identity: Some(other.digest()), ..package.clone() };
    assert!(block.belongs_to(&package) && !other.belongs_to(&package) && !block.belongs_to(&of_other));
}

proptest! {
    #[test]
    fn one_altered_byte_is_refused(kind in prop::sample::select(T::ALL), place in any::<usize>(), other in 1_u8..) {
        let (package, _) = built(kind);
        let mut bytes = canonical(&package);
        let place = place % bytes.len();
        bytes[place] ^= other;
        let refused = Package::read(&bytes, &package.digest()).expect_err("altered");
        prop_assert_eq!(refused[0].code, "package_altered");
        // With a digest that fits the altered bytes it is another document: unreadable, or at least not this one.
        prop_assert!(Package::read(&bytes, &Digest::of(&bytes)).is_ok_and(|it| it != package)
            || Package::read(&bytes, &Digest::of(&bytes)).is_err());
    }
}

fn classes(all: &[DataClass]) -> Vec<DataClass> {
    all.to_vec()
}

fn hop(request: u128, from: &str, to: &str) -> Hop {
    let office = |code: &str| Office { country: country(code), code: "focal-point".to_owned() };
    Hop { request: id(request), from: office(from), to: office(to), at: now() }
}

fn onward(chain: &Chain, hop_here: Hop, to: &str, further: PassOn) -> Result<Chain, Refused> {
    let office = Office { country: country(to), code: "focal-point".to_owned() };
    chain.passed_on(hop_here, further, &[], (office, now()))
}

#[test]
fn a_chain_is_visible_bounded_and_goes_nowhere_twice() {
    use DataClass as C;
    let allowed = PassOn {
        classes: classes(&[C::D1Identity, C::D14RiskSafety]),
        countries: ["FI", "SE", "NO", "EE"].map(country).to_vec(),
    };
    let first = Chain::beginning(allowed.clone());
    let second = onward(&first, hop(700, "EE", "FI"), "SE", allowed.clone()).expect("passed on");
    assert_eq!(second.origin().map(|it| it.country), Some(country("EE")), "the origin is seen");
    let wide = PassOn { classes: classes(&[C::D1Identity, C::D7Health]), ..allowed.clone() };
    let third = onward(&second, hop(701, "FI", "SE"), "NO", wide).expect("passed on");
    assert_eq!(third.hops.len(), 2);
    assert_eq!(third.pass_on.classes, [C::D1Identity], "the bound never grows");
    let beyond = |chain: &Chain, class| {
        let mut check = crate::Check::default();
        chain.check_bound(&mut check, &[class]);
        check.done().is_err()
    };
    assert!(!beyond(&third, C::D1Identity) && beyond(&third, C::D15ReferralMetadata));
    assert!(!beyond(&first, C::D15ReferralMetadata), "a first request is bound by nothing of others");
    for back in ["EE", "FI", "SE"] {
        let refused = rules_of(onward(&second, hop(701, "FI", "SE"), back, PassOn::default()));
        assert!(refused.contains(&"chain_loops"), "{back}");
    }
    let again = rules_of(onward(&second, hop(700, "FI", "SE"), "NO", PassOn::default()));
    assert_eq!(again, ["chain_loops"], "the same request");
    assert_eq!(
        rules_of(onward(&second, hop(701, "FI", "SE"), "PL", PassOn::default())),
        ["not_to_be_passed_on"]
    );
    assert_eq!(rules_of(onward(&second, hop(701, "DE", "LV"), "NO", PassOn::default())), ["chain_broken"]);
    let asked = first.passed_on(
        hop(700, "EE", "FI"),
        PassOn::default(),
        &[HandlingCaveat::DoNotPassOn],
        (hop(1, "FI", "SE").to, now()),
    );
    assert_eq!(rules_of(asked), ["not_to_be_passed_on"]);
    let nothing = Chain::beginning(PassOn::default());
    assert_eq!(rules_of(onward(&nothing, hop(700, "EE", "FI"), "SE", allowed)), ["not_to_be_passed_on"]);
}

#[test]
fn a_chain_ends_after_five_countries() {
    let on = ["EE", "FI", "SE", "NO", "DK", "DE", "PL"];
    let all = PassOn { classes: Vec::new(), countries: on.map(country).to_vec() };
    let mut chain = Chain::beginning(all.clone());
    for n in 0..MOST_HOPS {
        chain = onward(&chain, hop(700 + n as u128, on[n], on[n + 1]), on[(n + 2) % 7], all.clone())
            .unwrap_or_else(|_| chain.clone());
    }
    assert_eq!(chain.hops.len(), MOST_HOPS);
    let more = onward(&chain, hop(800, on[5], on[6]), "LV", all);
    assert!(rules_of(more).contains(&"chain_too_long"));
}

/// A package that is opened in a country where its chain has been is refused there.
#[test]
fn a_request_that_comes_back_is_refused() {
    let (sent, _) = sent(T::DangerNotice);
    let mut message = sent.sent[0].clone();
    if let Body::Sent(opening) = &mut message.body {
        opening.chain.hops = vec![hop(600, "SE", "FI"), hop(601, "FI", "EE")];
        opening.package.chain = opening.chain.clone();
    }
    let opened = Request::open(&message, (id(THERE), office_there(), reference(8)), there().office(now()));
    assert_eq!(rules_of(opened), ["chain_loops"]);
}
