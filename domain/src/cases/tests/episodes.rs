//! Episodes: purposes, means, periods.

use super::*;
use crate::{
    CodeList as _, Decided, Refused,
    events::EventType,
    given::{codes, in_days, rule_codes},
    vocabulary::{ExploitationStage, ExploitationType as T, Means},
};

fn for_purposes(exploitation_types: &[T]) -> NewEpisode {
    NewEpisode {
        exploitation_types: exploitation_types.to_vec(),
        stage: ExploitationStage::Past,
        acts: Vec::new(),
        means: Vec::new(),
        control_methods: Vec::new(),
        violence_forms: Vec::new(),
        recruitment_channel: None,
        recruiter_relation: None,
        platform_types: Vec::new(),
        platform_names: Vec::new(),
        industry: None,
        country: None,
        place_type: None,
        place: None,
        from: None,
        until: None,
        child_is_surrogate: None,
        narrative: None,
    }
}

fn record(new: NewEpisode) -> Result<Decided<Episode>, Refused> {
    Episode::record(id(500), new, &case(), &as_agency(1), now())
}

fn refused(new: NewEpisode) -> Vec<&'static str> {
    codes(record(new).expect_err("refused").violations())
}

#[test]
fn r98_refuses_an_episode_without_a_purpose() {
    let refused = record(for_purposes(&[])).expect_err("refused");
    assert_eq!(rule_codes(refused.violations()), ["R98"]);
}

#[test]
fn r98_refuses_one_entry_for_several_purposes_whatever_stands_beside_it() {
    for types in [&[T::Mixed][..], &[T::ForcedBegging, T::Mixed]] {
        let refused = record(for_purposes(types)).expect_err("refused");
        assert_eq!(rule_codes(refused.violations()), ["R98"]);
        assert_eq!(refused.violations()[0].pointer, "/exploitationTypes");
    }
}

#[test]
fn r98_allows_several_purposes_each_listed() {
    let recorded = record(for_purposes(&[T::ForcedBegging, T::SexualProstitution])).expect("recorded");
    assert_eq!(recorded.value.content.exploitation_types, [T::ForcedBegging, T::SexualProstitution]);
    assert_eq!(recorded.facts.len(), 1);
    assert_eq!(recorded.facts[0].event, EventType::EpisodeRecorded);
    assert_eq!(recorded.facts[0].audience, case().audience());
    assert_eq!(recorded.facts[0].payload, serde_json::json!({}), "a fact tells nothing of what was done");
}

#[test]
fn r1_allows_every_purpose_without_means_but_surrogacy() {
    use crate::CodeList as _;
    for purpose in T::ALL.iter().filter(|it| !matches!(it, T::Surrogacy | T::Mixed)) {
        let narrative = Some("told".to_owned());
        let recorded = record(NewEpisode { narrative, ..for_purposes(&[*purpose]) }).expect("never required");
        assert_eq!(rule_codes(&recorded.warnings), ["R1"], "{purpose}: said, not asked for");
    }
}

#[test]
fn r1_warns_only_where_no_means_are_recorded() {
    let means = vec![Means::Deception];
    let with = record(NewEpisode { means, ..for_purposes(&[T::ForcedBegging]) }).expect("recorded");
    assert!(with.warnings.is_empty());
    let without = record(for_purposes(&[T::ForcedBegging])).expect("recorded");
    assert_eq!(rule_codes(&without.warnings), ["R1"]);
}

#[test]
fn r2_refuses_surrogacy_alone_without_means_where_the_child_does_not_carry() {
    for child_is_surrogate in [None, Some(false)] {
        for purposes in [&[T::Surrogacy][..], &[T::Surrogacy, T::Surrogacy]] {
            let refused = record(NewEpisode { child_is_surrogate, ..for_purposes(purposes) });
            let refused = refused.expect_err("refused");
            assert_eq!(rule_codes(refused.violations()), ["R2"], "{child_is_surrogate:?} {purposes:?}");
        }
    }
}

#[test]
fn r2_allows_surrogacy_with_means_or_a_child_that_carries_or_another_purpose() {
    let alone = || for_purposes(&[T::Surrogacy]);
    assert!(record(NewEpisode { means: vec![Means::Threat], ..alone() }).is_ok());
    assert!(record(NewEpisode { child_is_surrogate: Some(true), ..alone() }).is_ok());
    for mixed in [[T::Surrogacy, T::ForcedMarriage], [T::IllegalAdoption, T::Surrogacy]] {
        assert!(record(for_purposes(&mixed)).is_ok(), "{mixed:?}");
    }
}

#[test]
fn another_form_of_exploitation_is_described() {
    assert_eq!(refused(for_purposes(&[T::Other])), ["narrative_needed"]);
    assert_eq!(refused(for_purposes(&[T::ForcedBegging, T::Other])), ["narrative_needed"]);
    let told = NewEpisode { narrative: Some("sells toys in trains".to_owned()), ..for_purposes(&[T::Other]) };
    assert!(record(told).is_ok());
}

#[test]
fn a_period_begins_before_it_ends_and_not_in_the_future() {
    let during = |from, until| NewEpisode { from, until, ..for_purposes(&[T::ForcedBegging]) };
    assert_eq!(refused(during(Some(in_days(-1)), Some(in_days(-2)))), ["period_reversed"]);
    assert!(record(during(Some(in_days(-1)), Some(in_days(-1)))).is_ok(), "one day");
    assert!(record(during(None, Some(in_days(-2)))).is_ok());
    assert!(record(during(Some(in_days(1)), None)).is_ok(), "today further east");
    assert_eq!(refused(during(Some(in_days(2)), None)), ["in_the_future"]);
    assert_eq!(refused(during(None, Some(in_days(2)))), ["in_the_future"]);
    assert_eq!(refused(during(Some(in_days(2)), Some(in_days(3)))), ["in_the_future"; 2]);
}

#[test]
fn only_what_is_intended_lies_ahead() {
    for stage in ExploitationStage::ALL {
        let ahead = NewEpisode {
            stage: *stage,
            from: Some(in_days(2)),
            until: Some(in_days(9)),
            ..for_purposes(&[T::ForcedMarriage])
        };
        assert_eq!(record(ahead).is_ok(), *stage == ExploitationStage::Intended, "{stage}");
    }
}
