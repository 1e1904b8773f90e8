//! Where a child may be, and from when.

use super::*;
use crate::{
    CodeList as _, Day, Decided, Refused,
    given::{codes, in_days, rule_codes},
    vocabulary::{AccommodationType as T, AgeCertainty},
};

fn place(kind: T, court_order: Option<&str>) -> Whereabouts {
    Whereabouts {
        accommodation_type: Some(kind),
        court_order: court_order.map(str::to_owned),
        ..Whereabouts::default()
    }
}

fn born(birth_date: &str, certainty: AgeCertainty) -> Identity {
    Identity {
        birth_date: crate::BirthDate::parse(birth_date),
        age_certainty: Some(certainty),
        ..Identity::default()
    }
}

fn moved(child_is: &Identity, to: Whereabouts) -> Result<Decided<ChildRecord>, Refused> {
    ChildRecord { identity: child_is.clone(), ..child() }.update_whereabouts(to, &case(), now())
}

#[test]
fn r99_refuses_a_child_in_a_closed_place_or_among_adults_without_an_order_of_a_court() {
    let children = [
        Identity::default(),
        born("2008-11-25", AgeCertainty::Documented),
        born("2000-01-01", AgeCertainty::Disputed),
        born("2000-01-01", AgeCertainty::Declared),
    ];
    for child_is in children {
        for kind in T::ALL {
            let barred = matches!(kind, T::ClosedSetting | T::AdultSetting);
            match moved(&child_is, place(*kind, None)) {
                Ok(_) => assert!(!barred, "{kind}"),
                Err(refused) => {
                    assert!(barred, "{kind}");
                    assert_eq!(rule_codes(refused.violations()), ["R99"]);
                    assert_eq!(refused.violations()[0].pointer, "/accommodationType");
                }
            }
        }
    }
}

#[test]
fn r99_allows_it_by_a_named_order_and_whoever_is_an_adult_without_one() {
    for kind in [T::ClosedSetting, T::AdultSetting] {
        let decided = moved(&Identity::default(), place(kind, Some("case 2-26-1"))).expect("by order");
        assert!(decided.warnings.is_empty());
        assert!(moved(&born("2008-11-24", AgeCertainty::Documented), place(kind, None)).is_ok());
    }
}

#[test]
fn r99_warns_of_a_shelter_shared_with_adults() {
    let decided = moved(&Identity::default(), place(T::MixedShelter, None)).expect("accepted");
    assert_eq!(rule_codes(&decided.warnings), ["R99"]);
    let adult = born("2008-11-24", AgeCertainty::Documented);
    assert!(moved(&adult, place(T::MixedShelter, None)).expect("accepted").warnings.is_empty());
}

#[test]
fn an_order_stands_for_the_kind_of_place_that_it_was_given_for() {
    let old = place(T::ClosedSetting, Some("case 2-26-1"));
    assert_eq!(old.court_order_for(Some(T::ClosedSetting)), old.court_order);
    for kind in T::ALL.iter().filter(|it| **it != T::ClosedSetting) {
        assert_eq!(old.court_order_for(Some(*kind)), None, "{kind}");
    }
}

#[test]
fn nobody_is_anywhere_from_a_day_to_come() {
    let from = |since: Day| Whereabouts { since: Some(since), ..Whereabouts::default() };
    for days in [-400, 0, 1] {
        assert!(
            moved(&Identity::default(), from(in_days(days))).is_ok(),
            "tomorrow is today somewhere: {days}"
        );
    }
    let refused = moved(&Identity::default(), from(in_days(2))).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["in_the_future"]);
    assert_eq!(refused.violations()[0].pointer, "/since");
}

#[test]
fn r99_refuses_a_case_that_is_taken_in_so_and_says_where() {
    let taken = take_in(place(T::ClosedSetting, None)).expect_err("refused");
    assert_eq!(rule_codes(taken.violations()), ["R99"]);
    assert_eq!(taken.violations()[0].pointer, "/whereabouts/accommodationType");
    let decided = take_in(place(T::MixedShelter, None)).expect("taken in");
    assert_eq!(decided.warnings.iter().filter(|it| it.code == "unsuitable_placement").count(), 1);
}
