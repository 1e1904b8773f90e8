//! What children are found by: never one attribute, and enough for what people misspell.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{super::*, child, mykola};
use crate::{BirthDate, cases::Identity, vocabulary::Sex};

fn is_found(asked: &Identity, kept: &Identity) -> bool {
    let kept: BTreeSet<_> = index_inputs(kept).into_iter().collect();
    index_questions(asked).iter().any(|it| kept.contains(it))
}

#[test]
fn a_child_is_found_as_it_is_misspelled() {
    let kept = mykola();
    for (given, family, born) in [
        ("Mykola", "Vymyshlenyi", "2012-05-17"),
        ("Mikola", "Vymishleny", "2012-05-17"),
        ("Микола", "Вимишлений", "2012-05-17"),
        ("Vymyshlenyi", "Mykola", "2012-05-17"),
        ("Mykola", "Vymyshlenyi", "2012-05-18"),
        ("Mykola", "Vymyshlenyi", "2012-05"),
        ("Mykola", "Vymyshlenyi", "2012"),
        ("Mykola", "Vymyshlenyi", "2013"),
        ("Mykoal", "Vymyshlneyi", "2012-05-17"),
        ("", "Vymyshlenyi", "2012"),
        ("Mykola", "", "2012-05-17"),
    ] {
        assert!(is_found(&child(given, family, born, Sex::Male), &kept), "{given} {family} {born}");
        assert!(
            is_found(&kept, &child(given, family, born, Sex::Male)) || family.is_empty() || given.is_empty()
        );
    }
    let swapped = child("Mykola", "Vymyshlenyi", "2012-05-07", Sex::Unknown);
    assert!(is_found(&child("Mykola", "Vymyshlenyi", "2012-07-05", Sex::Male), &swapped));
    for (given, family, born) in [("Oksana", "Inshyi", "2012-05-17"), ("Mykola", "Vymyshlenyi", "2008-01-01")]
    {
        assert!(!is_found(&child(given, family, born, Sex::Male), &kept), "{given} {family} {born}");
    }
}

#[test]
fn what_has_no_year_or_no_name_is_not_indexed() {
    let nameless = Identity { name: None, ..mykola() };
    let dateless = Identity { birth_date: None, ..mykola() };
    for thin in [nameless, dateless, Identity::default(), child("Mykola", "", "2012", Sex::Male)] {
        assert_eq!(index_inputs(&thin), [], "{thin:?}");
    }
    assert_eq!(index_questions(&child("Mykola", "", "2012", Sex::Male)), []);
}

fn parts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z]{0,12}( [A-Z][a-z]{2,8})?",
        "[а-яіїє]{1,10}",
        "[cjrzhk]{1,100}",
        "[\u{621}-\u{64a}]{1,8}",
        "\\PC{0,12}",
        Just("Anna Maria".to_owned()),
    ]
}

fn dates() -> impl Strategy<Value = Option<BirthDate>> {
    let day = (2000..2026_i32, proptest::option::of((1..=12_u8, proptest::option::of(1..=28_u8))));
    let date = day.prop_map(|(year, rest)| BirthDate {
        year,
        month: rest.map(|it| it.0),
        day: rest.and_then(|it| it.1),
    });
    proptest::option::of(date)
}

/// Any identity, however thin.
pub fn identities() -> impl Strategy<Value = Identity> {
    let sex = prop_oneof![Just(Sex::Female), Just(Sex::Male), Just(Sex::Unknown)];
    (parts(), parts(), dates(), sex).prop_map(|(given, family, born, sex)| Identity {
        birth_date: born,
        ..child(&given, &family, "", sex)
    })
}

proptest! {
    #[test]
    fn every_input_is_made_of_two_attributes(it in identities()) {
        for input in index_inputs(&it).into_iter().chain(index_questions(&it)) {
            let mut parts = input.value.split('|');
            let name = parts.next().unwrap_or_default();
            let born = parts.next_back().unwrap_or_default();
            prop_assert!(!name.is_empty() || input.kind == IndexKind::ConsonantsSexAndYear, "{input:?}");
            prop_assert!(BirthDate::parse(born).is_some(), "{input:?}");
            // A given name by itself, or two initials, only with the day.
            let wide = matches!(input.kind, IndexKind::SoundAndDate | IndexKind::ConsonantsAndDate | IndexKind::InitialsAndDate);
            prop_assert!(!wide || born.len() == 10, "{input:?}");
        }
    }

    #[test]
    fn what_is_kept_is_little_and_found_by_itself(it in identities()) {
        let kept = index_inputs(&it);
        prop_assert!(kept.len() <= 200, "{}", kept.len());
        prop_assert!(index_questions(&it).len() <= 1_000);
        prop_assert!(kept.is_empty() || is_found(&it, &it));
    }
}
