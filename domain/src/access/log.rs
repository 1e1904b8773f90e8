//! Who is shown what of the log of reads and refusals: everybody what was written of themselves, a lead agency's supervisor
//! what was written of its case, the child's guardian or lawyer who takes part in it likewise where the child asks (GDPR
//! Art. 15), oversight what was written in its country.
//!
//! Reading the log would tell who protects a child, so it needs a purpose of its own, and is logged itself.

use super::{Caller, Denied, Depth, Operation, Relation, Scope, depth, names_hideaways};
use crate::{
    AgencyId, CaseId, ProfessionalId,
    text::Country,
    vocabulary::{AgencyType, DataClass, Purpose, Role},
};

/// Which lines of the log a caller may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogReach {
    /// Those of the country.
    Country,
    /// Those of the own agency.
    Agency,
    /// Those of one case, which the own agency leads.
    Case(CaseId),
    /// Those of one case, of a child for whom the caller asks.
    Child(CaseId),
    /// Those of the caller's own acts.
    Own,
}

/// Whom a line of a log is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The country.
    pub country: Country,
    /// The case, if it is about one.
    pub case: Option<CaseId>,
    /// The agency that acted; none where the mechanism did by itself.
    pub agency: Option<AgencyId>,
    /// The professional who acted.
    pub professional: Option<ProfessionalId>,
}

/// Whether the log may be read at all: for its own purposes, by a role that has part in it.
pub(super) fn permit(caller: &Caller, operation: &Operation) -> Result<(), Denied> {
    if operation.scope != Some(Scope::AuditRead) || !operation.logged {
        return Ok(());
    }
    if !matches!(caller.purpose, Purpose::Audit | Purpose::DataSubjectRequest) {
        return Err(Denied::Purpose);
    }
    let none = caller.role.is_none_or(|it| depth(it, DataClass::D16AccessLog) == Depth::None);
    if none { Err(Denied::NotYourFunction) } else { Ok(()) }
}

/// How far the caller sees; `case` is one that was asked about, and what the caller's agency is to it.
pub fn log_reach(caller: &Caller, case: Option<(CaseId, &Relation)>) -> LogReach {
    let for_the_child = caller.purpose == Purpose::DataSubjectRequest
        && caller.role.is_some_and(|it| depth(it, DataClass::D16AccessLog) == Depth::Conditional);
    let oversight = caller.role.is_some_and(|it| depth(it, DataClass::D16AccessLog) == Depth::Full);
    match case {
        _ if oversight && matches!(caller.agency_type, AgencyType::Dpo | AgencyType::Auditor) => {
            LogReach::Country
        }
        _ if oversight => LogReach::Agency,
        Some((case, Relation::Lead)) if caller.role == Some(Role::Supervisor) => LogReach::Case(case),
        Some((case, Relation::Granted(_))) if for_the_child => LogReach::Child(case),
        _ => LogReach::Own,
    }
}

/// Whether whoever reads the lines of a case is shown which agency with a confidential location has acted. `relation` is what
/// the caller's agency is to the case, if it asked about one.
pub fn sees_hideaways(caller: &Caller, reach: LogReach, relation: Option<&Relation>) -> bool {
    let of_others = matches!(reach, LogReach::Case(_) | LogReach::Child(_));
    !of_others || names_hideaways(caller, relation)
}

/// Whether a line lies within the reach of the caller; a token that is good for one case shows no other.
pub fn sees(caller: &Caller, reach: LogReach, line: &Logged) -> bool {
    let within = match reach {
        LogReach::Country => true,
        LogReach::Agency => line.agency == Some(caller.agency),
        LogReach::Case(case) | LogReach::Child(case) => line.case == Some(case),
        LogReach::Own => line.professional.is_some() && line.professional == caller.professional,
    };
    within && line.country == caller.country && caller.case.is_none_or(|it| line.case == Some(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CodeList as _,
        given::{caller, id},
    };

    fn by(role: Role, agency_type: AgencyType) -> Caller {
        let mut by = caller(id(1), agency_type);
        (by.role, by.purpose, by.professional) = (Some(role), Purpose::Audit, Some(id(2)));
        by
    }

    fn line(by: &Caller) -> Logged {
        Logged {
            country: by.country,
            case: Some(id(9)),
            agency: Some(by.agency),
            professional: by.professional,
        }
    }

    #[test]
    fn oversight_sees_its_country_and_an_agency_s_officer_its_agency() {
        for role in Role::ALL {
            let oversight = matches!(role, Role::Dpo | Role::Auditor);
            for agency_type in AgencyType::ALL {
                let reach = log_reach(&by(*role, *agency_type), None);
                let wanted = match agency_type {
                    AgencyType::Dpo | AgencyType::Auditor if oversight => LogReach::Country,
                    _ if oversight => LogReach::Agency,
                    _ => LogReach::Own,
                };
                assert_eq!(reach, wanted, "{role} of {agency_type}");
                let leads = log_reach(&by(*role, *agency_type), Some((id(9), &Relation::Lead)));
                let of_lead = if *role == Role::Supervisor { LogReach::Case(id(9)) } else { wanted };
                assert_eq!(leads, of_lead, "{role} of {agency_type} with a case of its own");
                let guest = Relation::from(vec![DataClass::D1Identity]);
                let child_asks = Caller { purpose: Purpose::DataSubjectRequest, ..by(*role, *agency_type) };
                let asks = log_reach(&child_asks, Some((id(9), &guest)));
                let of_child = match role {
                    Role::Guardian | Role::Lawyer => LogReach::Child(id(9)),
                    _ => wanted,
                };
                assert_eq!(asks, of_child, "{role} of {agency_type} that was let in");
                let audits = log_reach(&by(*role, *agency_type), Some((id(9), &guest)));
                assert_eq!(audits, wanted, "{role} of {agency_type} for another purpose");
            }
        }
    }

    #[test]
    fn who_hides_a_child_is_told_to_whoever_reads_where_it_is() {
        let asks = Caller {
            purpose: Purpose::DataSubjectRequest,
            ..by(Role::Guardian, AgencyType::GuardianshipAuthority)
        };
        let with = |classes: Vec<DataClass>| {
            let relation = Relation::from(classes);
            let reach = log_reach(&asks, Some((id(9), &relation)));
            assert_eq!(reach, LogReach::Child(id(9)));
            sees_hideaways(&asks, reach, Some(&relation))
        };
        assert!(with(vec![DataClass::D1Identity, DataClass::D2Whereabouts]));
        assert!(!with(vec![DataClass::D1Identity]));
        let supervisor = by(Role::Supervisor, AgencyType::ChildProtection);
        assert!(sees_hideaways(&supervisor, LogReach::Case(id(9)), Some(&Relation::Lead)));
        assert!(sees_hideaways(&asks, LogReach::Own, None), "what is one's own is one's own");
    }

    #[test]
    fn a_line_is_seen_within_the_reach_only() {
        let me = by(Role::Investigator, AgencyType::Police);
        let own = line(&me);
        let colleague = Logged { professional: Some(id(3)), ..own };
        let unattended = Logged { professional: None, ..own };
        let elsewhere = Logged { agency: Some(id(4)), professional: Some(id(3)), case: Some(id(8)), ..own };
        let table = [
            (LogReach::Own, [true, false, false, false]),
            (LogReach::Case(id(9)), [true, true, true, false]),
            (LogReach::Child(id(9)), [true, true, true, false]),
            (LogReach::Agency, [true, true, true, false]),
            (LogReach::Country, [true, true, true, true]),
        ];
        for (reach, seen) in table {
            let all = [own, colleague, unattended, elsewhere];
            assert_eq!(all.map(|it| sees(&me, reach, &it)), seen, "{reach:?}");
            let abroad = Logged { country: Country::parse("LV").expect("a country"), ..own };
            assert!(!sees(&me, reach, &abroad), "{reach:?} ends at the border");
            let bound = Caller { case: Some(id(8)), ..me.clone() };
            assert!(!sees(&bound, reach, &own), "{reach:?} with a token for another case");
        }
        let nobody = Caller { professional: None, ..me };
        assert!(!sees(&nobody, LogReach::Own, &unattended), "nobody is not everybody who is nobody");
    }

    #[test]
    fn the_log_is_read_for_its_own_purposes_by_roles_that_have_part_in_it() {
        let operation = Operation::find("listAccessLog").expect("a row");
        for role in Role::ALL {
            for purpose in Purpose::ALL {
                let caller = Caller { purpose: *purpose, ..by(*role, AgencyType::Dpo) };
                let wanted = match (purpose, role) {
                    (
                        Purpose::Audit | Purpose::DataSubjectRequest,
                        Role::Statistician | Role::Reporter | Role::Sysadmin,
                    ) => Err(Denied::NotYourFunction),
                    (Purpose::Audit | Purpose::DataSubjectRequest, _) => Ok(()),
                    _ => Err(Denied::Purpose),
                };
                assert_eq!(permit(&caller, operation), wanted, "{role} for {purpose}");
            }
        }
    }
}
