//! To whom an agency with a confidential location is named under a case: that it takes part tells where the child is, so it is
//! for whoever reads that (security.md 2.4; CETS 197 Art. 11, GDPR Art. 5(1)(c)).

use super::{Caller, Depth, Relation, depth, reach_of_class};
use crate::{
    AgencyId,
    vocabulary::{DataClass, Purpose},
};

/// Whether such agencies are named to a caller that stands so to a case, or in no way: to whoever reads the whole of where the
/// child is, and to oversight. The token may be a plain one, as this shows nothing of the class.
pub fn names_hideaways(caller: &Caller, relation: Option<&Relation>) -> bool {
    let oversees = caller.role.is_some_and(|it| depth(it, DataClass::D16AccessLog) == Depth::Full);
    let reads = |it: &Relation| {
        // What the role reads of the child when it works for it: reading the log has a purpose of its own.
        let asks = matches!(caller.purpose, Purpose::Audit | Purpose::DataSubjectRequest);
        let working = asks.then(|| Caller { purpose: Purpose::Protection, ..caller.clone() });
        reach_of_class(working.as_ref().unwrap_or(caller), it, DataClass::D2Whereabouts) == Depth::Full
    };
    oversees || relation.is_some_and(reads)
}

/// Whether this one is: every agency knows of itself.
pub fn names_hideaway(caller: &Caller, relation: Option<&Relation>, agency: AgencyId) -> bool {
    agency == caller.agency || names_hideaways(caller, relation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CodeList as _,
        access::Grant,
        given::{caller, id},
        vocabulary::{AgencyType, Role},
    };

    fn by(role: Role, agency_type: AgencyType) -> Caller {
        Caller { role: Some(role), professional: Some(id(2)), ..caller(id(1), agency_type) }
    }

    #[test]
    fn who_hides_a_child_is_named_to_whoever_reads_where_it_is() {
        let with = Relation::from(vec![DataClass::D1Identity, DataClass::D2Whereabouts]);
        let without = Relation::from(vec![DataClass::D1Identity, DataClass::D15ReferralMetadata]);
        let lawyer = by(Role::Lawyer, AgencyType::LegalAid);
        assert!(names_hideaways(&lawyer, Some(&with)));
        assert!(!names_hideaways(&lawyer, Some(&without)));
        assert!(!names_hideaways(&lawyer, None));
        assert!(names_hideaway(&lawyer, None, lawyer.agency), "every agency knows of itself");
        assert!(!names_hideaway(&lawyer, Some(&without), id(7)));
        let system = Caller { role: None, professional: None, ..lawyer };
        assert!(!names_hideaways(&system, Some(&with)), "a system reads nothing of where a child is");
    }

    #[test]
    fn a_summary_of_where_the_child_is_names_nobody() {
        for role in Role::ALL {
            let of_lead = by(*role, AgencyType::ChildProtection);
            let oversees = matches!(role, Role::Dpo | Role::Auditor);
            let whole = depth(*role, DataClass::D2Whereabouts) == Depth::Full;
            assert_eq!(names_hideaways(&of_lead, Some(&Relation::Lead)), whole || oversees, "{role}");
            assert_eq!(names_hideaways(&of_lead, None), oversees, "{role}");
        }
    }

    #[test]
    fn police_are_told_by_an_order_or_while_they_search() {
        let police = by(Role::Investigator, AgencyType::Police);
        let guest = Relation::from(vec![DataClass::D2Whereabouts]);
        assert!(!names_hideaways(&police, Some(&guest)));
        let ordered = Grant {
            read: vec![DataClass::D2Whereabouts],
            ordered: vec![DataClass::D2Whereabouts],
            ..Grant::default()
        };
        let investigates = Caller { purpose: Purpose::Investigation, ..police.clone() };
        assert!(names_hideaways(&investigates, Some(&Relation::Granted(ordered))));
        assert!(!names_hideaways(&investigates, Some(&guest)));
        let searches = Caller { purpose: Purpose::MissingChild, ..police };
        assert!(names_hideaways(&searches, Some(&guest)));
        assert!(!names_hideaways(&searches, None));
    }
}
