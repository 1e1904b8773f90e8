//! Who may do what at all: every operation with every token.

use super::lines;
use crate::{
    CodeList,
    access::{Denied, OPERATIONS, Scope, Scopes, permit, scope_ceiling},
    given::{caller, id},
    vocabulary::{AgencyType, Purpose, Role},
};

/// Scope, whether a professional must stand behind it, whether it is logged, the operations.
const FUNCTIONS: &str = "
    -                      anybody      open   getMe
    -                      anybody      open   listCodeLists getCodeList
    -                      anybody      open   listRules getRule
    -                      anybody      open   listIndicators getIndicator
    directory.read         anybody      open   listCountries getCountry getCountryCalendar
    directory.read         anybody      open   listAgencies getAgency listAgencyServices getAgencyService
    directory.read         anybody      open   listProfessionals getProfessional matchDirectory
    directory.write        anybody      open   updateAgency createAgencyService updateAgencyService
    events.read            anybody      logged listEvents
    concerns.write         professional logged createConcern listConcerns getConcern
    screenings.write       professional logged createScreening listScreenings getScreening setAsideScreening
    cases.write            professional logged createCase putCase updateCaseChild updateCaseWhereabouts
    cases.write            professional logged confirmCaseMatch rejectCaseMatch
    cases.read             professional logged searchCases listCaseMatches getCaseMatch
    cases.write            professional logged createExploitationEpisode
    cases.write            professional logged createContact updateContact createMovement updateMovement
    cases.write            professional logged createNote createDocument putDocumentContent
    cases.write            professional logged createCaseLink endCaseLink
    cases.read             professional logged listContacts getContact listMovements getMovement
    cases.read             professional logged listNotes getNote listDocuments getDocument getDocumentContent
    cases.read             professional logged listCaseLinks getCaseLink
    cases.read             professional logged listCases getCase getCaseTimeline getCaseIdentification
    cases.read             professional logged getCaseChild getCaseWhereabouts
    cases.read             professional logged listExploitationEpisodes getExploitationEpisode
    cases.read             professional logged listAgeAssessments getAgeAssessment
    cases.write            professional logged createAgeAssessment appealAgeAssessment recordEntitlement
    cases.read             professional logged getCaseLifecycle
    cases.write            professional logged openCaseForProtection recordLongTermMissing markCaseErroneous mergeCase
    cases.write            professional logged requestClosure approveClosure returnClosure reopenCase
    cases.write            professional logged proposeHandover withdrawHandover
    concerns.write         professional logged reportChildMissing recordPoliceNotified recordMissingAlert
    concerns.write         professional logged recordChildFound recordReturnInterview
    referrals.write        professional logged confirmHandover refuseHandover
    identification.decide  professional logged presumeVictim presumeOnForeignNotice recordNoGrounds
    identification.decide  professional logged openFormalAssessment decideIdentification
    identification.decide  professional logged proposeNegativeDecision confirmNegativeDecision returnNegativeDecision
    identification.decide  professional logged recogniseForeignDecision closeWithoutStatus
    identification.contest professional logged appealDecision declineStatus
    referrals.read         professional logged listReferrals getReferral
    referrals.write        professional logged createReferral sendReferral cancelReferral
    referrals.write        professional logged acknowledgeReferral acceptReferral declineReferral
    referrals.write        professional logged startReferral completeReferral interruptReferral giveReferralFeedback
    referrals.write        professional logged requestReferralInformation provideReferralInformation
    referrals.write        professional logged proposeReferralReroute rerouteReferral updateReferral
    referrals.write        professional logged recordReferralChildView createReferralMessage
    referrals.read         professional logged getReferralPackage listReferralMessages getReferralMessage
    deadlines.read         professional logged listDeadlines listCaseDeadlines getDeadline
    audit.read             professional logged listAccessLog getInclusionProof
    audit.read             anybody      open   getAuditCheckpoint getConsistencyProof
";

/// What a client of an agency type may hold beside reading the directory and its own events.
const CEILINGS: &str = "
    helpline                concerns.write deadlines.read
    education               concerns.write deadlines.read
    labour_inspectorate     concerns.write deadlines.read
    consular                concerns.write deadlines.read
    platform_contact        concerns.write deadlines.read
    police                  concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    border_guard            concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    child_protection        concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    municipal_social        concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    ngo_mandated            concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    immigration             concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    asylum_authority        concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    barnahus                concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    health_physical         concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    health_mental           concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    forensic_medicine       concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    ngo_support             concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    shelter                 concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    crossborder_focal_point concerns.write screenings.write identification.decide identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    central_authority       concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    international_org       concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    guardianship_authority  concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    prosecution             concerns.write identification.decide identification.contest cases.read referrals.read deadlines.read
    court_criminal          concerns.write identification.decide identification.contest cases.read referrals.read deadlines.read
    court_family            concerns.write identification.contest cases.read referrals.read deadlines.read
    guardian_person         concerns.write identification.contest cases.read referrals.read deadlines.read
    legal_aid               concerns.write identification.contest cases.read referrals.read deadlines.read
    juvenile_justice        concerns.write identification.contest cases.read referrals.read deadlines.read
    compensation_authority  concerns.write identification.contest cases.read referrals.read deadlines.read
    nat_coordinator         deadlines.read
    independent_rapporteur
    dpo
    auditor
    sysadmin
";

/// The types of agency that are never shown lines of the log (D16).
const WITHOUT_LOG: &str = "
    helpline education labour_inspectorate consular platform_contact compensation_authority nat_coordinator
    independent_rapporteur sysadmin
";

fn held_at_most(agency_type: AgencyType) -> Vec<&'static str> {
    let row = lines(CEILINGS).find(|it| it[0] == agency_type.code()).expect("a row for every type");
    let without = lines(WITHOUT_LOG).flatten().any(|it| it == agency_type.code());
    let log: &[_] = if without { &[] } else { &["audit.read"] };
    [&["directory.read", "events.read"], log, &row[1..]].concat()
}

#[test]
fn every_operation_has_its_place_and_no_other() {
    let mut placed: Vec<_> = lines(FUNCTIONS).flat_map(|it| it[3..].to_vec()).collect();
    let mut known: Vec<_> = OPERATIONS.iter().map(|it| it.id).collect();
    placed.sort_unstable();
    known.sort_unstable();
    assert_eq!(placed, known);
}

#[test]
fn the_scopes_of_a_client_end_where_its_agency_type_does() {
    for agency_type in AgencyType::ALL {
        let most = held_at_most(*agency_type);
        for scope in Scope::ALL {
            let has = scope_ceiling(*agency_type).has(*scope);
            assert_eq!(has, most.contains(&scope.code()), "{agency_type} {scope}");
        }
    }
}

#[test]
fn a_call_is_permitted_exactly_as_the_tables_say() {
    let every: Scopes = Scope::ALL.iter().copied().collect();
    let most: Vec<_> = AgencyType::ALL.iter().map(|it| (*it, held_at_most(*it))).collect();
    for row in lines(FUNCTIONS) {
        let needed = Scope::parse(row[0]);
        for id_of in &row[3..] {
            let operation = OPERATIONS.iter().find(|it| it.id == *id_of).expect("known");
            for ((agency_type, most), role, purpose) in everybody(&most) {
                let mut by = caller(id(1), *agency_type);
                (by.role, by.purpose) = (role, purpose);
                let within = needed.is_none_or(|it| most.contains(&it.code()));
                for held in Scope::ALL.iter().map(|it| Scopes::default().with(*it)).chain([every]) {
                    by.scopes = held;
                    let blind = matches!(purpose, Purpose::Statistics | Purpose::Operations)
                        || row[0] == "audit.read"
                            && !matches!(purpose, Purpose::Audit | Purpose::DataSubjectRequest);
                    let wanted = if row[1] == "professional" && role.is_none() {
                        Err(Denied::ProfessionalRequired)
                    } else if !within {
                        Err(Denied::NotYourFunction)
                    } else if let Some(scope) = needed.filter(|it| !held.has(*it)) {
                        Err(Denied::Scope(scope))
                    } else if row[2] == "logged" && blind {
                        Err(Denied::Purpose)
                    } else {
                        Ok(())
                    };
                    assert_eq!(
                        permit(&by, operation),
                        wanted,
                        "{id_of} {agency_type} {role:?} {purpose} {held}"
                    );
                }
            }
        }
    }
}

type Ceiling = (AgencyType, Vec<&'static str>);

fn everybody(types: &[Ceiling]) -> impl Iterator<Item = (&Ceiling, Option<Role>, Purpose)> {
    types.iter().flat_map(|ceiling| {
        [None, Some(Role::CaseManager)]
            .into_iter()
            .flat_map(move |role| Purpose::ALL.iter().copied().map(move |purpose| (ceiling, role, purpose)))
    })
}

#[test]
fn scopes_read_back_and_an_unknown_one_spoils_them() {
    for scope in Scope::ALL {
        let one = Scopes::default().with(*scope);
        assert_eq!(Scopes::parse(&one.to_string()), Some(one));
        assert_eq!(one.iter().collect::<Vec<_>>(), [*scope]);
        assert_eq!(one.and(Scopes::default()), Scopes::default());
    }
    assert_eq!(Scopes::parse("cases.read nosuch"), None);
    assert_eq!(Scopes::parse(""), Some(Scopes::default()));
}
