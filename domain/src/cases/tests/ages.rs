//! Ages, at birthdays and where little is known.

use super::*;
use crate::{
    BirthDate, Check, CodeList, Timestamp,
    given::{at, codes, rule_codes},
    vocabulary::{AgeCertainty, AgeGroup, AgeStatus},
};

fn born(date: &str, age_certainty: Option<AgeCertainty>) -> Identity {
    let birth_date = Some(BirthDate::parse(date).expect("a birth date"));
    Identity { birth_date, age_certainty, ..Identity::default() }
}

fn noon(day: &str) -> Timestamp {
    at(&format!("{day}T12:00:00Z"))
}

fn age(date: &str, day: &str) -> Option<u8> {
    born(date, Some(AgeCertainty::Documented)).age_on(noon(day))
}

#[test]
fn a_year_of_age_is_full_on_the_birthday_and_not_before() {
    assert_eq!(age("2010-06-15", "2026-06-14"), Some(15));
    assert_eq!(age("2010-06-15", "2026-06-15"), Some(16));
    assert_eq!(age("2010-06-15", "2010-06-15"), Some(0));
    assert_eq!(age("2010-12-31", "2026-01-01"), Some(15));
}

#[test]
fn who_was_born_on_a_leap_day_is_a_child_through_the_28th_of_february() {
    assert_eq!(age("2008-02-29", "2026-02-28"), Some(17));
    assert_eq!(age("2008-02-29", "2026-03-01"), Some(18));
    assert_eq!(age("2008-02-29", "2028-02-28"), Some(19));
    assert_eq!(age("2008-02-29", "2028-02-29"), Some(20));
    assert_eq!(age("2008-02-28", "2026-02-28"), Some(18));
}

#[test]
fn what_is_unknown_of_a_birth_date_counts_in_the_childs_favour() {
    assert_eq!(age("2008", "2026-12-30"), Some(17), "perhaps born on the last day of the year");
    assert_eq!(age("2008", "2026-12-31"), Some(18));
    assert_eq!(age("2008-02", "2026-02-28"), Some(17), "2008 had a 29th of February");
    assert_eq!(age("2009-02", "2027-02-28"), Some(18));
    assert_eq!(age("2008-04", "2026-04-29"), Some(17));
    assert_eq!(age("2008-04", "2026-04-30"), Some(18));
}

#[test]
fn age_groups_change_on_the_birthdays_that_bound_them() {
    let groups = [
        (6, AgeGroup::UpTo5, AgeGroup::From6To11),
        (12, AgeGroup::From6To11, AgeGroup::From12To14),
        (15, AgeGroup::From12To14, AgeGroup::From15To17),
        (18, AgeGroup::From15To17, AgeGroup::From18),
    ];
    let child = born("2000-05-10", Some(AgeCertainty::Documented));
    for (birthday, before, after) in groups {
        let year = 2000 + birthday;
        assert_eq!(child.age_group(noon(&format!("{year}-05-09"))), Some(before), "{birthday}");
        assert_eq!(child.age_group(noon(&format!("{year}-05-10"))), Some(after), "{birthday}");
    }
    assert_eq!(Identity::default().age_group(now()), None);
    assert_eq!(born("2026-11-25", None).age_group(now()), None, "not born yet, as this clock has it");
}

#[test]
fn no_age_of_an_adult_is_said_of_whom_the_rules_treat_as_a_child() {
    for certainty in AgeCertainty::ALL.iter().copied().map(Some).chain([None]) {
        let documented = certainty == Some(AgeCertainty::Documented);
        let person = |date| born(date, certainty);
        assert_eq!(person("2008-11-25").age_on(now()), Some(17), "{certainty:?}");
        let (age, group) = (documented.then_some(19), documented.then_some(AgeGroup::From18));
        assert_eq!(person("2007-11-24").age_on(now()), age, "{certainty:?}");
        assert_eq!(person("2007-11-24").age_group(now()), group, "{certainty:?}");
    }
}

#[test]
fn in_doubt_a_person_is_a_child() {
    use AgeStatus::{DisputedTreatedAsChild as Disputed, UndisputedAdult as Adult, UndisputedChild as Child};
    for certainty in AgeCertainty::ALL.iter().copied().map(Some).chain([None]) {
        let documented = certainty == Some(AgeCertainty::Documented);
        let disputed = certainty == Some(AgeCertainty::Disputed);
        let status = |date| born(date, certainty).age_status(now());
        assert_eq!(status("2008-11-25"), if disputed { Disputed } else { Child }, "17, {certainty:?}");
        assert_eq!(status("2008-11-24"), if documented { Adult } else { Disputed }, "18, {certainty:?}");
        let unknown = Identity { age_certainty: certainty, ..Identity::default() };
        assert_eq!(unknown.age_status(now()), Disputed, "no date, {certainty:?}");
    }
}

fn checked(identity: &Identity) -> Result<Vec<crate::Violation>, crate::Refused> {
    let mut check = Check::default();
    identity.check(&mut check, "/birthDate", now());
    check.done()
}

#[test]
fn r6_warns_where_the_age_is_uncertain() {
    for uncertain in [Identity::default(), born("2012", Some(AgeCertainty::Disputed)), born("2007", None)] {
        let warnings = checked(&uncertain).expect("accepted as it is");
        assert_eq!(rule_codes(&warnings), ["R6"], "{uncertain:?}");
    }
}

#[test]
fn r6_allows_a_certain_age_silently() {
    for certain in [born("2012", None), born("2001-01-01", Some(AgeCertainty::Documented))] {
        assert!(checked(&certain).expect("accepted").is_empty(), "{certain:?}");
    }
}

#[test]
fn nobody_is_born_in_the_future() {
    for date in ["2026", "2026-11", "2026-11-24", "2026-11-25"] {
        assert!(checked(&born(date, None)).is_ok(), "{date} has begun somewhere");
    }
    for date in ["2027", "2026-12", "2026-11-26"] {
        let refused = checked(&born(date, None)).expect_err("refused");
        assert_eq!(codes(refused.violations()), ["in_the_future"], "{date}");
    }
}
