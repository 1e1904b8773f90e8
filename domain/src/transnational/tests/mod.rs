//! Requests between countries against plain statements of their rules, written apart from the code.

mod acting;
mod channels;
mod duties;
mod guards;
mod model;
mod moving;
mod notices;
mod offices;
mod packages;
mod process;
mod protocol;
mod sequences;
mod stories;
mod times;
mod void;

use super::*;
use crate::{
    AgencyId, Day, Reference, Refused, Timestamp,
    access::Caller,
    deadlines::Change,
    directory::CountryEntry,
    given::{at, caller, country, country_with, id, now, profile},
    referrals::ChildView,
    vocabulary::{
        AgencyType, DataClass, ExploitationType, IdentificationStatus, LawfulBasis, RiskLevel, Role, Sex,
        TransnationalRequestStatus as S, TransnationalRequestType as T, Urgency, ViewMissingReason,
    },
};

/// The agency that has the case in Estonia, the focal point there, and the one in Finland.
pub(super) const LEAD: u128 = 1;
pub(super) const OFFICE: u128 = 2;
pub(super) const THERE: u128 = 3;

/// One end of the request: its country and its callers.
#[derive(Clone)]
pub(super) struct End {
    pub country: CountryEntry,
    pub lead: Caller,
    pub office: Caller,
    pub mechanism: Caller,
}

impl End {
    fn of(code: &str, zone: &str, (lead, office): (u128, u128)) -> Self {
        let mut profile = profile();
        profile.time_zone = zone.to_owned();
        let country = CountryEntry { code: country(code), name: code.to_owned(), ..country_with(profile) };
        let of = |agency: AgencyId, agency_type| Caller {
            country: country.code,
            role: Some(Role::DutyOfficer),
            ..caller(agency, agency_type)
        };
        Self {
            lead: of(id(lead), AgencyType::ChildProtection),
            office: of(id(office), AgencyType::CrossborderFocalPoint),
            mechanism: Caller::mechanism(country.code, id(902)),
            country,
        }
    }

    pub(super) fn lead(&self, now: Timestamp) -> At<'_> {
        At { country: &self.country, by: &self.lead, now }
    }

    pub(super) fn office(&self, now: Timestamp) -> At<'_> {
        At { country: &self.country, by: &self.office, now }
    }

    pub(super) fn itself(&self, now: Timestamp) -> At<'_> {
        At { country: &self.country, by: &self.mechanism, now }
    }
}

pub(super) fn here() -> End {
    End::of("EE", "Europe/Tallinn", (LEAD, OFFICE))
}

pub(super) fn there() -> End {
    End::of("FI", "Europe/Helsinki", (5, THERE))
}

pub(super) fn office_here() -> Office {
    Office { country: country("EE"), code: "focal-point".to_owned() }
}

pub(super) fn office_there() -> Office {
    Office { country: country("FI"), code: "focal-point".to_owned() }
}

pub(super) fn reference(byte: u8) -> Reference {
    Reference::from_entropy([byte; 8])
}

pub(super) fn pseudonym() -> Pseudonym {
    Pseudonym::parse(&"ab".repeat(32)).expect("a pseudonym")
}

/// A package of a kind with little in it, from Estonia to Finland.
pub(super) fn package(kind: T, urgency: Urgency) -> Package {
    let child = !rule_of(kind).reference_only;
    let disclosures = vec![Disclosed {
        data_class: DataClass::D15ReferralMetadata,
        lawful_bases: vec![LawfulBasis::CivilCooperation],
    }];
    let part = rule_of(kind).parts[0];
    let written = vec![Written { part, text: "Invented".to_owned() }];
    Package {
        format: FORMAT.to_owned(),
        request_id: id(700),
        kind,
        urgency,
        from: office_here(),
        to: office_there(),
        reference: reference(7),
        created_at: now(),
        disclosures,
        transfer_ground: None,
        handling: Vec::new(),
        chain: Chain::default(),
        identity: None,
        content: Content { child: child.then(pseudonym), written, ..Content::default() },
    }
}

/// Everything that sending needs.
pub(super) fn prepared(kind: T, urgency: Urgency) -> Prepared {
    let package = package(kind, urgency);
    let parts = rule_of(kind).parts.iter().copied().chain([RequestPart::Translation]).collect();
    let view = ChildView::Missing {
        reason: ViewMissingReason::UrgentDanger,
        ask_again_on: Some(crate::given::in_days(1)),
    };
    Prepared {
        parts,
        child_view: Some(view),
        transfer_ground: None,
        endangers: false,
        previewed: Some(package.digest()),
        package: Some(package),
    }
}

/// An office of Finland to which a request is forwarded.
pub(super) fn competent(number: u128, code: &str) -> OwnOffice {
    let office = Office { country: country("FI"), code: code.to_owned() };
    OwnOffice {
        agency: id(number),
        office,
        agency_type: AgencyType::CentralAuthority,
        barred: false,
        coordinator: Some(id(99)),
    }
}

/// The route that opens a type between two EU States, and the type of office on it.
pub(super) fn way(kind: T) -> (Route, AgencyType) {
    let route = rule_of(kind).bases[0].routes[0];
    (route, route.offices()[0])
}

pub(super) fn drafted(kind: T, urgency: Urgency) -> Request {
    let (route, office_type) = way(kind);
    let draft = DraftRequest {
        id: id(700),
        reference: reference(7),
        case: id(100),
        request_type: kind,
        route,
        urgency,
        office: OwnOffice {
            agency: id(OFFICE),
            office: office_here(),
            agency_type: office_type,
            barred: false,
            coordinator: None,
        },
        to: office_there(),
        prepared: prepared(kind, urgency),
    };
    Request::draft(draft, here().lead(now())).expect("a draft").value
}

/// Sent from Estonia, received in Finland.
pub(super) fn sent(kind: T) -> (Request, Request) {
    sent_with(drafted(kind, Urgency::Urgent))
}

pub(super) fn sent_with(draft: Request) -> (Request, Request) {
    let submitted = draft.submit_national(Channels::known(), here().lead(now())).expect("submitted").value;
    let sent = submitted.approve_send(Channels::known(), here().office(now())).expect("sent").value;
    let opened =
        Request::open(&sent.sent[0], (id(THERE), office_there(), reference(8)), there().office(now()));
    (sent, opened.expect("received").value)
}

/// Everything that one side wrote reaches the other, and so on until nothing is new.
pub(super) fn all_told(requesting: &mut Request, requested: &mut Request, now: Timestamp) {
    loop {
        let before = (requesting.clone(), requested.clone());
        for it in requesting.sent.clone() {
            *requested = requested.receive(&it, there().office(now)).expect("received").value;
        }
        for it in requested.sent.clone() {
            *requesting = requesting.receive(&it, here().office(now)).expect("received").value;
        }
        let receipt = requested.receipt().expect("a receipt");
        *requesting = requesting.acknowledged_by(receipt, here().office(now)).expect("receipted").value;
        if let Some(receipt) = requesting.receipt() {
            *requested = requested.acknowledged_by(receipt, there().office(now)).expect("receipted").value;
        }
        if (&before.0, &before.1) == (&*requesting, &*requested) {
            return;
        }
    }
}

/// Until the requested side assesses it.
pub(super) fn assessed(kind: T) -> (Request, Request) {
    let (mut ours, mut theirs) = sent(kind);
    theirs = theirs.acknowledge("Officer".to_owned(), there().office(now())).expect("acknowledged").value;
    theirs = theirs.assess(None, there().office(now())).expect("assessed").value;
    all_told(&mut ours, &mut theirs, now());
    (ours, theirs)
}

pub(super) fn acceptance(kind: T) -> Decision {
    let consent = ConsentDocument { name: "Consent 1".to_owned(), dated: Day(now().date()) };
    let consent = (kind == T::PlacementConsent).then_some(consent);
    Decision::Accepted(Acceptance { consent, ..Acceptance::default() })
}

/// Until it is accepted and both know it.
pub(super) fn accepted(kind: T) -> (Request, Request) {
    let (mut ours, mut theirs) = assessed(kind);
    theirs = theirs.accept(acceptance(kind), there().office(now())).expect("accepted").value;
    theirs = theirs.open_case(id(101), id(5), there().office(now())).expect("opened").value;
    all_told(&mut ours, &mut theirs, now());
    (ours, theirs)
}

pub(super) fn plan(version: u16) -> Plan {
    Plan {
        version,
        departs_at: now().plus(time::Duration::hours(1)),
        arrives_at: now().plus(time::Duration::hours(6)),
        from_place: "Shelter".to_owned(),
        to_place: "Harbour".to_owned(),
        border_points: vec!["Ikla".to_owned()],
        escort: "Two workers".to_owned(),
        emergency_contacts: vec!["+3721234567".to_owned()],
    }
}

pub(super) fn arrangement() -> Arrangement {
    Arrangement { carer: "Foster family".to_owned(), emergency_contacts: vec!["+3581234567".to_owned()] }
}

#[expect(clippy::unnecessary_wraps, reason = "a member of the readiness record as it is written down")]
pub(super) fn attested<V>(value: V) -> Option<Attested<V>> {
    Some(Attested { value, by: id(901), agency: id(LEAD), at: now() })
}

/// Every safeguard holds.
pub(super) fn ready() -> Readiness {
    let today = Day(now().date());
    Readiness {
        risk: attested(RiskAssessed { on: today, level: RiskLevel::Low }),
        family: attested(FamilyAssessed { on: today, by_country: country("FI"), place_of_care: false }),
        receiving: attested(ReceivingArrangement { named: true, accepted_in_writing: true, planned: true }),
        found_against: attested(false),
        procedures: attested(Vec::new()),
        consulted: attested(Consulted { prosecutor_on: today, views_on: today, views_addressed: true }),
        placement: attested(PlacementBasis::Document(today)),
    }
}

/// Until both have confirmed the plan.
pub(super) fn planned(kind: T) -> (Request, Request) {
    let (mut ours, mut theirs) = accepted(kind);
    ours = ours.propose_plan(plan(1), &ready(), false, here().office(now())).expect("proposed").value;
    all_told(&mut ours, &mut theirs, now());
    theirs = theirs.confirm_plan(arrangement(), there().office(now())).expect("confirmed").value;
    all_told(&mut ours, &mut theirs, now());
    (ours, theirs)
}

/// Until the child is on the way and both know it.
pub(super) fn on_the_way(kind: T) -> (Request, Request) {
    let (mut ours, mut theirs) = planned(kind);
    ours = ours.depart(&ready(), false, here().office(now())).expect("left").value;
    all_told(&mut ours, &mut theirs, now());
    (ours, theirs)
}

pub(super) fn handover() -> Handover {
    Handover { carer_present: Some("Foster family".to_owned()), plan_accepted: true, child_told: true }
}

/// An end before the last report on the child.
pub(super) fn closing() -> Closing {
    let because = Some("She has come of age".to_owned());
    Closing { outcome: "At the aunt's".to_owned(), follow_up_ends_because: because }
}

/// The rules of a refusal.
pub(super) fn rules_of<V: std::fmt::Debug>(it: Result<V, Refused>) -> Vec<&'static str> {
    let Err(refused) = it else { return vec!["done"] };
    let rules: Vec<_> = refused.violations().iter().filter_map(|it| it.rule).map(|it| it.code).collect();
    if rules.is_empty() { refused.violations().iter().map(|it| it.code).collect() } else { rules }
}

/// The rules of the warnings of what was done.
pub(super) fn warned<V: std::fmt::Debug>(it: Result<crate::Decided<V>, Refused>) -> Vec<&'static str> {
    let decided = it.expect("it is done");
    decided.warnings.iter().filter_map(|it| it.rule).map(|it| it.code).collect()
}
