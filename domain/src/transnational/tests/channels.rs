//! The matrix of channels and the checklists, against 1.10 and 4.4 written apart.

use super::*;
use crate::{CodeList as _, rules::Verification};

const STATES: [&str; 13] = ["EE", "LV", "LT", "FI", "SE", "PL", "DE", "DK", "NO", "IS", "UA", "MD", "GB"];

fn today() -> Day {
    Day(now().date())
}

/// 1.10: y bound, n not or not confirmed, in the order ATD, BIIb, H96, EIO, SIS, data protection, CETS 197.
fn bound(state: &str) -> &'static str {
    match state {
        "DK" => "nnynyyy",
        "NO" => "nnynyyy",
        "IS" => "nnnnyyy",
        "UA" | "GB" => "nnynnny",
        "MD" => "nnnnnny",
        _ => "yyyyyyy",
    }
}

#[test]
fn the_matrix_is_that_of_the_description() {
    let channels = Channels::known();
    assert!(!channels.bindings.is_empty(), "the file is read");
    for state in STATES {
        for (instrument, letter) in Instrument::ALL.iter().zip(bound(state).chars()) {
            let binds = channels.binds(*instrument, country(state), today());
            assert_eq!(binds, letter == 'y', "{state} {instrument}");
        }
    }
    for it in &channels.bindings {
        assert!(STATES.contains(&it.state.as_str()) && !it.source.is_empty(), "{it:?}");
        assert_eq!(it.binds, it.from.is_some(), "what binds begins on a day: {it:?}");
        let twice = channels.bindings.iter().filter(|b| b.instrument == it.instrument && b.state == it.state);
        assert_eq!(twice.count(), 1, "{it:?}");
    }
}

#[test]
fn a_channel_opens_on_its_first_day_and_closes_after_its_last() {
    let mut channels = Channels::known().clone();
    let pair = (country("EE"), country("FI"));
    let open = |channels: &Channels, day: &str| {
        !channels.open(T::Implementation, pair, Day::parse(day).expect("a day")).is_empty()
    };
    assert!(!open(&channels, "2022-07-31") && open(&channels, "2022-08-01"));
    for it in channels.bindings.iter_mut().filter(|it| it.instrument == Instrument::BrusselsIib) {
        it.until = Day::parse("2026-06-30");
    }
    assert!(open(&channels, "2026-06-30") && !open(&channels, "2026-07-01"));
}

#[test]
fn an_excluded_pair_has_no_channel_and_one_country_none_to_itself() {
    let channels = Channels::known();
    let open = |a, b| channels.open(T::Information, (country(a), country(b)), today()).len();
    assert_eq!((open("DK", "UA"), open("UA", "DK"), open("NO", "UA")), (0, 0, 1));
    assert_eq!((open("EE", "FI"), open("EE", "EE")), (2, 0));
}

/// What nobody has checked opens nothing, whatever it says.
#[test]
fn what_is_not_verified_opens_nothing() {
    let mut channels = Channels::known().clone();
    for it in &mut channels.bindings {
        it.verification = Verification::Unverified;
    }
    for (a, b) in [("EE", "FI"), ("SE", "DE")] {
        assert!(channels.alternatives((country(a), country(b)), today()).is_empty());
    }
    assert!(Channels::default().alternatives((country("EE"), country("FI")), today()).is_empty());
}

#[test]
fn a_refused_channel_names_what_is_open_instead() {
    let mut check = crate::Check::default();
    let pair = (country("EE"), country("DK"));
    Channels::known().check_channel(&mut check, (T::AssistanceReferral, Route::FocalPoint), pair, today());
    let refused = check.done().expect_err("no channel");
    let because = &refused.violations()[0].because;
    for open in ["tr_information by central_authority (h96)", "tr_danger_notice by direct (cets197)"] {
        assert!(because.contains(open), "{because}");
    }
    assert!(!because.contains("biib") && !because.contains("(atd)"), "{because}");
}

/// 4.4: the parts that each type must have, with the number of lines that its checklist has on its own route.
#[test]
fn every_type_has_its_row_and_a_checklist() {
    let kinds: Vec<_> = TYPES.iter().map(|it| it.request_type).collect();
    assert_eq!(kinds, T::ALL);
    for kind in T::ALL {
        let rule = rule_of(*kind);
        assert_eq!(rule.request_type, *kind);
        assert!(!rule.bases.is_empty() && !rule.parts.is_empty(), "{kind}");
        let (route, _) = way(*kind);
        let open = checklist(*kind, route, Urgency::Standard, &[]);
        assert!(open.iter().all(|it| !it.present && it.required && it.cited().next().is_some()), "{kind}");
        let parts: Vec<_> = open.iter().map(|it| it.part).collect();
        let done = checklist(*kind, route, Urgency::Standard, &parts);
        assert!(done.iter().all(|it| it.present), "{kind}");
        let translated = parts.contains(&RequestPart::Translation);
        assert_eq!(translated, route == Route::CentralAuthority, "{kind}: R76 is about Central Authorities");
    }
    let moving: Vec<_> = TYPES.iter().filter(|it| it.moves_child).map(|it| it.request_type).collect();
    assert_eq!(moving, [T::AssistanceReferral, T::PlacementConsent, T::DurableReturn]);
    let limited: Vec<_> = TYPES.iter().filter(|it| it.legal_limit).map(|it| it.request_type).collect();
    assert_eq!(limited, [T::Information, T::PlacementConsent]);
}

#[test]
fn each_missing_part_keeps_a_request_from_being_submitted() {
    for kind in T::ALL {
        for part in rule_of(*kind).parts.iter().filter(|it| **it != RequestPart::ChildView) {
            let mut draft = drafted(*kind, Urgency::Standard);
            draft.prepared.parts.retain(|it| it != part);
            let refused = draft.submit_national(Channels::known(), here().lead(now()));
            assert!(refused.is_err(), "{kind} without {part}");
        }
    }
}

/// Only danger goes without national review, and everything else waits for the office.
#[test]
fn only_danger_goes_directly() {
    for kind in T::ALL {
        for urgency in Urgency::ALL {
            let done = drafted(*kind, *urgency).send_direct(Channels::known(), here().lead(now()));
            let danger = *kind == T::DangerNotice || *urgency == Urgency::Immediate;
            assert_eq!(done.is_ok(), danger, "{kind} {urgency}");
        }
    }
}

#[test]
fn the_office_that_answers_now_is_named_first_and_nobody_who_is_not_registered() {
    use crate::{
        directory::{Hours, LocalTime, Shift, TimeOfDay, Weekday},
        given::agency,
    };
    let night = LocalTime { weekday: Weekday::Tuesday, time: TimeOfDay::parse("02:00").expect("a time") };
    let mut desk = agency(3, AgencyType::CentralAuthority);
    desk.duty_roster = vec![Shift {
        hours: Hours {
            weekday: Weekday::Tuesday,
            from: TimeOfDay::parse("00:00").expect("a time"),
            to: TimeOfDay::parse("05:00").expect("a time"),
        },
        phone: crate::directory::Phone::parse("+3721234567").expect("a number"),
        function: crate::text::Line::parse("Duty desk").expect("a line"),
    }];
    let closed = agency(2, AgencyType::CrossborderFocalPoint);
    let mut gone = agency(4, AgencyType::CrossborderFocalPoint);
    gone.active = false;
    let all = [agency(1, AgencyType::Shelter), closed, desk, gone];
    let codes = |route| {
        reachable(route, &all, night).into_iter().map(|it| (it.office.code, it.on_duty)).collect::<Vec<_>>()
    };
    let both = [("agency-3".to_owned(), true), ("agency-2".to_owned(), false)];
    assert_eq!(codes(Route::Direct), both);
    assert_eq!(codes(Route::FocalPoint), both[1..]);
    assert!(codes(Route::Court).is_empty());
}
