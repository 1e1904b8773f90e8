//! How alike identities are.

use proptest::prelude::*;

use super::{super::*, child, indexes::identities, mykola};
use crate::{cases::Identity, vocabulary::Sex};

use LikenessReason as R;

fn likeness(given: &str, family: &str, born: &str, sex: Sex) -> Likeness {
    Likeness::of(&mykola(), &child(given, family, born, sex))
}

#[test]
fn reasons_say_what_is_alike() {
    for (given, family, born, sex, reasons) in [
        (
            "Mykola",
            "Vymyshlenyi",
            "2012-05-17",
            Sex::Male,
            [R::SameName, R::SameBirthDate, R::SameSex].as_slice(),
        ),
        ("Микола", "Вимишлений", "2012-05-18", Sex::Unknown, &[R::SameName, R::NearBirthDate]),
        (
            "Vymyshlenyi",
            "Mykola",
            "2012",
            Sex::Male,
            &[R::SameName, R::SwappedParts, R::SameBirthYear, R::SameSex],
        ),
        (
            "Mikoal",
            "Vymyshlenyi",
            "2012-05-17",
            Sex::Female,
            &[R::SimilarName, R::SameBirthDate, R::DifferentSex],
        ),
        ("Oksana", "Kask", "2001-01-01", Sex::Unknown, &[]),
    ] {
        assert_eq!(likeness(given, family, born, sex).reasons, reasons, "{given} {family} {born}");
    }
    let swapped = Likeness::of(
        &child("Mykola", "Vymyshlenyi", "2012-05-07", Sex::Male),
        &child("Mykola", "Vymyshlenyi", "2012-07-05", Sex::Male),
    );
    assert!(swapped.reasons.contains(&R::NearBirthDate) && swapped.is_strong());
}

#[test]
fn what_is_strong_what_is_possible_and_what_is_neither() {
    for (given, family, born, sex) in [
        ("Mykola", "Vymyshlenyi", "2012-05-17", Sex::Male),
        ("Mykola", "Vymyshlenyi", "2012-05-16", Sex::Unknown),
        ("МИКОЛА", "Vymishleny", "2012-05-17", Sex::Male),
        ("Vymyshlenyi", "Mykola", "2012-05-17", Sex::Male),
    ] {
        let it = likeness(given, family, born, sex);
        assert!(it.is_strong() && it.is_possible(), "{given} {family} {born}: {it:?}");
    }
    for (given, family, born, sex) in [
        // A slip in the given name looks like a brother.
        ("Mykita", "Vymyshlenyi", "2012-05-17", Sex::Male),
        ("Mykola", "Vymyshlenyi", "2012", Sex::Male),
        // Entered where only the year is known.
        ("Mykola", "Vymyshlenyi", "2012-01-01", Sex::Male),
        ("Mykola", "Vymyshlenyi", "2012-05-17", Sex::Female),
        ("Mykola", "Wymyslony", "2012-05", Sex::Male),
    ] {
        let it = likeness(given, family, born, sex);
        assert!(it.is_possible() && !it.is_strong(), "{given} {family} {born}: {it:?}");
    }
    for (given, family, born, sex) in [
        ("Oksana", "Inshyi", "2012-05-17", Sex::Male),
        ("Andrii", "Vymyshlenyi", "2014-09-02", Sex::Male),
        ("Mykola", "Vymyshlenyi", "2012-11-30", Sex::Male),
        // A twin, and whoever was given the same name on the same day.
        ("Oleh", "Vymyshlenyi", "2012-05-17", Sex::Male),
        ("Mykola", "Kozubko", "2012-05-17", Sex::Male),
        ("Mykola", "Inshyi", "2014-09-02", Sex::Male),
        ("Mykola", "", "2012-05-17", Sex::Male),
    ] {
        let it = likeness(given, family, born, sex);
        assert!(!it.is_possible() || family.is_empty(), "{given} {family} {born}: {it:?}");
        assert!(!it.is_strong());
    }
}

#[test]
fn a_name_in_a_script_without_vowels_is_the_same_name() {
    let latin = child("Mahmoud", "al-Hassan", "2012-05-17", Sex::Male);
    let arabic = child("محمود", "الحسن", "2012-05-17", Sex::Male);
    assert!(Likeness::of(&latin, &arabic).is_strong(), "{:?}", Likeness::of(&latin, &arabic));
    let brother = child("خالد", "الحسن", "2012-05-17", Sex::Male);
    assert!(!Likeness::of(&latin, &brother).is_strong());
}

/// Given names no two of which are one.
const GIVEN: [&str; 12] =
    ["Anna", "Anne", "Hanna", "Maria", "Marina", "Marine", "Ivan", "Ivana", "Oleh", "Olha", "Kask", "Juhan"];

proptest! {
    #[test]
    fn it_does_not_matter_which_comes_first(a in identities(), b in identities()) {
        prop_assert_eq!(Likeness::of(&a, &b), Likeness::of(&b, &a));
    }

    #[test]
    fn nothing_is_more_like_an_identity_than_itself(a in identities(), b in identities()) {
        prop_assert!(Likeness::of(&a, &a).score >= Likeness::of(&a, &b).score);
    }

    #[test]
    fn brothers_and_sisters_are_never_taken_for_one_child(
        one in 0..GIVEN.len(), other in 0..GIVEN.len(), days in 2..4000_i64, same_day: bool,
    ) {
        // Twins have different names; others may even have the same.
        prop_assume!(one != other || !same_day);
        let born = time::macros::date!(2008 - 03 - 13);
        let later = if same_day { born } else { born + time::Duration::days(days) };
        let a = child(GIVEN[one], "Vymyshlenyi", &born.to_string(), Sex::Female);
        let b = child(GIVEN[other], "Vymyshlenyi", &later.to_string(), Sex::Female);
        prop_assert!(!Likeness::of(&a, &b).is_strong(), "{:?}", Likeness::of(&a, &b));
    }

    #[test]
    fn what_is_strong_is_possible_and_names_are_needed(a in identities(), b in identities()) {
        let it = Likeness::of(&a, &b);
        prop_assert!(it.score <= 100 && (!it.is_strong() || it.is_possible()));
        let nameless = Identity { name: None, ..b };
        prop_assert!(!Likeness::of(&a, &nameless).is_possible());
    }
}
