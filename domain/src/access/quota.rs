//! How many children one professional looks for in a day: whoever may see where each of them is has no reason to see where
//! all of them are. Security by measures fit for the risk, GDPR Art. 32 and LED Art. 29(2)(e); the numbers are of TRM's own
//! threat model, against an insider who passes addresses on or fishes by name.

use serde_json::json;

use super::Caller;
use crate::{
    AgencyId, Timestamp,
    cases::Case,
    directory::Agency,
    events::{EventType, Fact, SubjectKind},
};

/// Children whose whereabouts one professional is shown in a local day, of those whose case another agency leads.
pub const WHEREABOUTS_A_DAY: u16 = 5;

/// Different questions for a child that one professional asks in a local day.
pub const SEARCHES_A_DAY: u16 = 20;

/// How many times as many where the own agency leads: a full day of somebody's own cases, and still not a list of all
/// children of the agency.
const LED_TIMES: usize = 5;

crate::codes! {
    /// What is counted for each professional and day.
    pub enum Quota = "quota" {
        Whereabouts = "whereabouts": "Children whose whereabouts were shown",
        Searches = "searches": "Questions for a child",
    }
}

/// How many of each in a local day of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Children whose whereabouts are shown, of those whose case another agency leads.
    pub whereabouts: u16,
    /// Different questions for a child.
    pub searches: u16,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { whereabouts: WHEREABOUTS_A_DAY, searches: SEARCHES_A_DAY }
    }
}

/// Cases of which a professional was shown the whereabouts today; the same one again is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShownToday {
    /// Led by the professional's agency.
    pub led: usize,
    /// All others.
    pub others: usize,
}

impl Quotas {
    /// Whether one more child may be shown. The two are counted apart, so that a day of the agency's own cases is no reason
    /// to refuse the one child of another agency that is in danger.
    pub fn one_more_child(&self, led: bool, shown: ShownToday) -> bool {
        let most = usize::from(self.whereabouts);
        if led { shown.led < most.saturating_mul(LED_TIMES) } else { shown.others < most }
    }

    /// Whether one more question may be asked.
    pub fn one_more_question(&self, asked: usize) -> bool {
        asked < usize::from(self.searches)
    }
}

/// What is told when a quota ends: to the agency of the professional, to `oversight`, and to whoever leads the case.
pub fn told_of_quota(
    quota: Quota,
    case: Option<&Case>,
    (by, agency): (&Caller, &Agency),
    oversight: Option<AgencyId>,
) -> Fact {
    let mut audience: Vec<_> =
        [Some(by.agency), oversight, case.map(|it| it.lead)].into_iter().flatten().collect();
    audience.sort_unstable();
    audience.dedup();
    let (subject, subject_id, version) = match case {
        Some(case) => (SubjectKind::Case, case.id.0, case.version.0),
        None => (SubjectKind::Agency, agency.id.0, agency.version.0),
    };
    Fact {
        event: EventType::QuotaExceeded,
        subject,
        subject_id,
        version,
        case: case.map(|it| it.id),
        audience,
        payload: json!({ "quota": quota, "agencyId": by.agency, "professionalId": by.professional }),
    }
}

/// What the agency that leads a case is told when somebody of another one is shown where the child is, once for each
/// professional, child and day; nothing where its own people look.
pub fn told_of_whereabouts(case: &Case, by: &Caller) -> Option<Fact> {
    (by.agency != case.lead).then(|| Fact {
        event: EventType::WhereaboutsShown,
        subject: SubjectKind::Case,
        subject_id: case.id.0,
        version: case.version.0,
        case: Some(case.id),
        audience: vec![case.lead],
        payload: json!({ "agencyId": by.agency, "professionalId": by.professional, "purpose": by.purpose }),
    })
}

/// Seconds until an instant, at least one: what `Retry-After` says.
pub fn seconds_until(end: Timestamp, now: Timestamp) -> u64 {
    let left = (end.raw() - now.raw()).whole_microseconds();
    u64::try_from(left).unwrap_or_default().div_ceil(1_000_000).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        given::{agency, caller, id},
        vocabulary::AgencyType,
    };

    proptest! {
        #[test]
        fn a_quota_ends_with_the_first_child_above_it_and_never_for_the_other_kind(
            most in 0_u16..50, led in 0_usize..400, others in 0_usize..400
        ) {
            let quotas = Quotas { whereabouts: most, searches: most };
            let shown = ShownToday { led, others };
            prop_assert_eq!(quotas.one_more_child(false, shown), others < most.into());
            prop_assert_eq!(quotas.one_more_child(true, shown), led < 5 * usize::from(most));
            prop_assert_eq!(quotas.one_more_question(others), others < most.into());
        }
    }

    #[test]
    fn the_own_agency_and_oversight_are_told_once_each_and_no_words() {
        let mut by = caller(id(1), AgencyType::Police);
        by.professional = Some(id(2));
        let agency = agency(1, AgencyType::Police);
        let fact = told_of_quota(Quota::Searches, None, (&by, &agency), Some(by.agency));
        assert_eq!(fact.audience, [by.agency]);
        let fact = told_of_quota(Quota::Searches, None, (&by, &agency), Some(id(3)));
        assert_eq!(fact.audience.len(), 2);
        assert_eq!(fact.payload["quota"], "searches");
        assert_eq!(Quotas::default(), Quotas { whereabouts: 5, searches: 20 });
    }
}
