//! Who may do what at all: every operation with every token.

use super::lines;
use crate::{
    CodeList,
    access::{
        Caller, Denied, Depth, OPERATIONS, Scope, Scopes, ceilings::reading_ceiling, depth, filing_ceiling,
        grant_ceiling, permit, scope_ceiling,
    },
    given::{caller, id},
    vocabulary::{AgencyType, DataClass, Purpose, Role},
};

/// Scope, whether a professional must stand behind it, whether it is logged or also needs a reason where the law wants one,
/// the operations.
const FUNCTIONS: &str = "
    -                      anybody      open   getMe
    -                      anybody      open   getTransnationalPackageSchema
    -                      anybody      open   listCodeLists getCodeList
    -                      anybody      open   listRules getRule
    -                      anybody      open   listIndicators getIndicator
    directory.read         anybody      open   listCountries getCountry getCountryCalendar getCountryChannels
    directory.read         anybody      open   listAgencies getAgency listAgencyServices getAgencyService
    directory.read         anybody      open   listProfessionals getProfessional matchDirectory
    directory.write        anybody      open   updateAgency createAgencyService updateAgencyService
    events.read            anybody      logged listEvents
    concerns.write         professional logged createConcern
    concerns.write         professional reason listConcerns getConcern
    screenings.write       professional logged createScreening
    screenings.write       professional reason listScreenings getScreening setAsideScreening
    cases.write            professional reason createCase putCase updateCaseChild updateCaseWhereabouts
    cases.write            professional reason confirmCaseMatch rejectCaseMatch
    cases.read             professional reason searchCases listCaseMatches getCaseMatch
    cases.write            professional reason createExploitationEpisode
    cases.write            professional reason createContact updateContact createMovement updateMovement
    file.write             professional reason createNote createDocument putDocumentContent
    cases.write            professional reason createCaseLink endCaseLink
    cases.write            professional reason createParticipant updateParticipant endParticipant
    cases.read             professional reason listParticipants getParticipant getMyAccess
    cases.write            professional reason createRestrictedParty requestRestrictionLift confirmRestrictionLift
    cases.read             professional reason listRestrictedParties getRestrictedParty
    cases.read             professional reason listContacts getContact listMovements getMovement
    cases.read             professional reason listNotes getNote listDocuments getDocument getDocumentContent
    cases.read             professional reason listCaseLinks getCaseLink
    cases.read             professional reason listCases getCase getCaseTimeline getCaseIdentification
    cases.read             professional reason getCaseChild getCaseWhereabouts
    cases.read             professional reason listExploitationEpisodes getExploitationEpisode
    cases.read             professional reason listAgeAssessments getAgeAssessment
    cases.write            professional reason createAgeAssessment appealAgeAssessment recordEntitlement
    cases.read             professional reason getCaseLifecycle
    emergency.access       professional logged createEmergencyAccess
    emergency.access       professional reason listCaseEmergencyAccess getEmergencyAccess reviewEmergencyAccess
    emergency.access       professional reason listEmergencyAccess
    data_requests.handle   professional reason createDataRequest listCaseDataRequests getDataRequest
    data_requests.handle   professional reason reviewDataRequest answerDataRequest listDataRequests
    cases.write            professional reason openCaseForProtection recordLongTermMissing markCaseErroneous mergeCase
    cases.write            professional reason requestClosure approveClosure returnClosure reopenCase
    cases.write            professional reason proposeHandover withdrawHandover
    concerns.write         professional reason reportChildMissing recordPoliceNotified recordMissingAlert
    concerns.write         professional reason recordChildFound recordReturnInterview
    referrals.write        professional reason confirmHandover refuseHandover
    identification.decide  professional reason presumeVictim presumeOnForeignNotice recordNoGrounds
    identification.decide  professional reason openFormalAssessment decideIdentification
    identification.decide  professional reason proposeNegativeDecision confirmNegativeDecision returnNegativeDecision
    identification.decide  professional reason recogniseForeignDecision closeWithoutStatus
    identification.contest professional reason appealDecision declineStatus
    referrals.read         professional reason listReferrals getReferral
    referrals.write        professional reason createReferral sendReferral cancelReferral
    referrals.write        professional reason acknowledgeReferral acceptReferral declineReferral
    referrals.write        professional reason startReferral completeReferral interruptReferral giveReferralFeedback
    referrals.write        professional reason requestReferralInformation provideReferralInformation
    referrals.write        professional reason proposeReferralReroute rerouteReferral updateReferral
    referrals.write        professional reason recordReferralChildView createReferralMessage
    referrals.read         professional reason getReferralPackage listReferralMessages getReferralMessage
    transnational.write    professional reason createTransnationalRequest updateTransnationalRequest submitTransnationalRequest returnTransnationalRequest
    transnational.write    professional reason approveTransnationalRequest sendTransnationalRequest retryTransnationalDelivery acknowledgeTransnationalRequest
    transnational.write    professional reason openCaseFromPackage forwardTransnationalRequest requestTransnationalInformation provideTransnationalInformation
    transnational.write    professional reason assessTransnationalRequest acceptTransnationalRequest declineTransnationalRequest answerTransnationalRequest
    transnational.write    professional reason withdrawTransnationalRequest proposeTransferPlan confirmTransferPlan refuseTransferPlan
    transnational.write    professional reason recordDeparture turnTransferBack confirmArrival takeChildOver
    transnational.write    professional reason reportOnChild closeTransnationalRequest suspendTransnationalRequest liftTransnationalSuspension
    transnational.write    professional reason giveTransnationalNotice acknowledgeTransnationalNotice
    transnational.read     professional reason listTransnationalRequests getTransnationalRequest getTransnationalChecklist
    transnational.read     professional reason getTransnationalPackage listTransnationalMessages
    deadlines.read         professional reason listDeadlines listCaseDeadlines getDeadline
    audit.read             professional logged listAccessLog listDisclosures getInclusionProof
    audit.read             anybody      open   getAuditCheckpoint getConsistencyProof
";

/// What a client of an agency type may hold beside reading the directory and its own events.
const CEILINGS: &str = "
    helpline                concerns.write deadlines.read
    education               concerns.write deadlines.read
    labour_inspectorate     concerns.write deadlines.read
    consular                concerns.write deadlines.read
    platform_contact        concerns.write deadlines.read
    police                  concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read transnational.read transnational.write
    border_guard            concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read transnational.read transnational.write
    child_protection        concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read transnational.read transnational.write
    municipal_social        concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read transnational.read transnational.write
    ngo_mandated            concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read transnational.read transnational.write
    immigration             concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    asylum_authority        concerns.write screenings.write identification.decide identification.contest cases.read cases.write referrals.read referrals.write directory.write deadlines.read
    barnahus                concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    health_physical         concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    health_mental           concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    forensic_medicine       concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    ngo_support             concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    shelter                 concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    crossborder_focal_point concerns.write screenings.write identification.decide identification.contest cases.read referrals.read referrals.write directory.write deadlines.read transnational.read transnational.write
    central_authority       concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read transnational.read transnational.write
    international_org       concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    guardianship_authority  concerns.write screenings.write identification.contest cases.read referrals.read referrals.write directory.write deadlines.read
    prosecution             concerns.write identification.decide identification.contest cases.read referrals.read deadlines.read transnational.read transnational.write
    court_criminal          concerns.write identification.decide identification.contest cases.read referrals.read deadlines.read transnational.read transnational.write
    court_family            concerns.write identification.contest cases.read referrals.read deadlines.read transnational.read transnational.write
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

/// The types of agency that neither could take part in a case nor review who opened one in an emergency.
const WITHOUT_EMERGENCY: &str = "
    helpline education labour_inspectorate consular platform_contact compensation_authority nat_coordinator
    independent_rapporteur sysadmin auditor
";

/// The types of agency that write what they find into a file that is not theirs, where they were given to.
const LOOK_AFTER: &str = "barnahus health_physical health_mental forensic_medicine ngo_support shelter";

/// For what professionals of which agencies may act; the rest are for everybody who sees children or helps them.
const PURPOSES: &str = "
    investigation        police border_guard prosecution labour_inspectorate
    prosecution          police prosecution
    court                court_criminal court_family prosecution
    residence            immigration asylum_authority
    statistics           nat_coordinator independent_rapporteur
    audit                dpo auditor
    operations           sysadmin
    guardianship         guardianship_authority guardian_person child_protection legal_aid
    health               health_physical health_mental forensic_medicine barnahus
";

/// Who says why with every use of personal data, whatever the purpose; and for which purposes everybody does.
const GIVE_REASONS: &str = "police prosecution court_criminal juvenile_justice";
const ASK_FOR_REASONS: &str = "investigation prosecution";

fn acts_for(agency_type: AgencyType, purpose: Purpose) -> bool {
    let named = lines(PURPOSES).find(|it| it[0] == purpose.code());
    let away = ["sysadmin", "auditor", "independent_rapporteur"];
    named.map_or(!away.contains(&agency_type.code()), |it| it[1..].contains(&agency_type.code()))
}

fn held_at_most(agency_type: AgencyType) -> Vec<&'static str> {
    let row = lines(CEILINGS).find(|it| it[0] == agency_type.code()).expect("a row for every type");
    let without = lines(WITHOUT_LOG).flatten().any(|it| it == agency_type.code());
    let log: &[_] = if without { &[] } else { &["audit.read"] };
    let without = lines(WITHOUT_EMERGENCY).flatten().any(|it| it == agency_type.code());
    let emergency: &[_] = if without { &[] } else { &["emergency.access"] };
    let requests: &[_] =
        if row.contains(&"cases.write") || row[0] == "dpo" { &["data_requests.handle"] } else { &[] };
    let looks_after = lines(LOOK_AFTER).flatten().any(|it| it == agency_type.code());
    let file: &[_] = if row.contains(&"cases.write") || looks_after { &["file.write"] } else { &[] };
    [&["directory.read", "events.read"], log, emergency, requests, file, &row[1..]].concat()
}

/// What is written into a file that is not one's own is read there as a whole by a role that makes it.
#[test]
fn who_looks_after_a_child_writes_what_its_roles_see_whole() {
    for agency_type in AgencyType::ALL.iter().copied() {
        let listed = lines(LOOK_AFTER).flatten().any(|it| it == agency_type.code());
        assert_eq!(!filing_ceiling(agency_type).is_empty(), listed, "{agency_type}");
        for class in filing_ceiling(agency_type) {
            assert!(grant_ceiling(agency_type).contains(class), "{agency_type} reads {class}");
            let makers = [Role::MedicalExaminer, Role::ShelterWorker];
            assert!(makers.iter().any(|it| depth(*it, *class) == Depth::Full), "{class}");
        }
    }
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
                let word = |list: &str, code| list.split(' ').any(|it| it == code);
                let reasons = word(GIVE_REASONS, agency_type.code()) || word(ASK_FOR_REASONS, purpose.code());
                let fits = role.is_none() || acts_for(*agency_type, purpose);
                let within = needed.is_none_or(|it| most.contains(&it.code()));
                for (held, book) in Scope::ALL
                    .iter()
                    .map(|it| Scopes::default().with(*it))
                    .chain([every])
                    .flat_map(|it| [(it, None), (it, Some("book 1".to_owned()))])
                {
                    by.scopes = held;
                    by.decision_ref.clone_from(&book);
                    let blind = matches!(purpose, Purpose::Statistics | Purpose::Operations)
                        || row[0] == "audit.read"
                            && !matches!(purpose, Purpose::Audit | Purpose::DataSubjectRequest);
                    let wanted = if row[1] == "professional" && role.is_none() {
                        Err(Denied::ProfessionalRequired)
                    } else if !within {
                        Err(Denied::NotYourFunction)
                    } else if let Some(scope) = needed.filter(|it| !held.has(*it)) {
                        Err(Denied::Scope(scope))
                    } else if row[2] != "open" && (blind || !fits) {
                        Err(Denied::Purpose)
                    } else if row[2] == "reason" && reasons && book.is_none() {
                        Err(Denied::Justification)
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
        assert_eq!(one.with(*scope), one, "a set: twice is once");
        assert_eq!(one.and(Scopes::default()), Scopes::default());
    }
    assert_eq!(Scopes::parse("cases.read nosuch"), None);
    assert_eq!(Scopes::parse(""), Some(Scopes::default()));
}

/// What asks in a POST changes nothing, so that its contract asks for no idempotency key.
#[test]
fn two_operations_ask_and_no_other() {
    let asking: Vec<_> = OPERATIONS.iter().filter(|it| it.asks()).map(|it| it.id).collect();
    assert_eq!(asking, ["matchDirectory", "searchCases"]);
}

/// The mechanism acts past what is asked of callers, so nobody is taken for it.
#[test]
fn the_mechanism_is_known_from_everybody_who_calls() {
    let somebody = caller(id(1), AgencyType::Sysadmin);
    assert!(Caller::mechanism(somebody.country, somebody.request).is_mechanism());
    assert!(!somebody.is_mechanism());
}

/// What the lead may give is what the type may be shown, less therapy notes, which their author alone shows, and the log.
#[test]
fn the_lead_gives_everything_that_a_type_may_be_shown_but_notes_and_log() {
    for agency_type in AgencyType::ALL {
        let (given, shown) = (grant_ceiling(*agency_type), reading_ceiling(*agency_type));
        for class in DataClass::ALL {
            let never = [DataClass::D8TherapyNotes, DataClass::D16AccessLog].contains(class);
            let wanted = shown.contains(class) && !never;
            assert_eq!(given.contains(class), wanted, "{agency_type} {class}");
        }
    }
}
