//! Drafting and changing a draft (N1): whom, for what, and how the receiver's services fit.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{File, Origin, Receiver, Referral, ReferralAct, Send};
use crate::{
    AgencyId, Check, CodeList as _, Decided, Reference, ReferralId, Refused, Timestamp, Version, Violation,
    access::{Caller, Relation},
    cases::{Case, Identity},
    directory::{Agency, Area, Candidate, MatchReason, MisfitCode, Moment, Need, Service, rank, verdict},
    events::EventType,
    rules,
    vocabulary::{ReferralReason, ReferralStatus, ServiceCode, Urgency},
};

/// What is needed to draft a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// Why it is made.
    pub reasons: Vec<ReferralReason>,
    /// What is asked for.
    pub services: Vec<ServiceCode>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What is asked and why.
    pub summary: String,
    /// Where in the country it is needed.
    pub area: Option<Area>,
}

/// What changes of a draft; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amend {
    /// Why it is made.
    pub reasons: Option<Vec<ReferralReason>>,
    /// What is asked for.
    pub services: Option<Vec<ServiceCode>>,
    /// How urgent it is.
    pub urgency: Option<Urgency>,
    /// What is asked and why.
    pub summary: Option<String>,
    /// What is prepared to be sent.
    pub prepared: Option<Send>,
}

/// Why a referral goes to whom it goes, where the sender named nobody: competence, territory and need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Routing {
    /// What spoke for it.
    pub reasons: Vec<MatchReason>,
    /// What people have to look at.
    pub misfits: Vec<MisfitCode>,
    /// What of that which is asked it can take.
    pub takes: Vec<ServiceCode>,
    /// How often the directory had changed when it was routed.
    pub directory_version: i64,
}

/// What is known of how the receiver's services fit the need of the child.
#[derive(Clone, Copy, Debug)]
pub struct Fit<'a> {
    /// The agency.
    pub agency: &'a Agency,
    /// The service that is asked, if one is named.
    pub chosen: Option<&'a Service>,
    /// What the receiver offers.
    pub offered: &'a [Service],
    /// The need of the child.
    pub need: &'a Need,
    /// Why it was chosen, if the sender named nobody.
    pub routing: Option<&'a Routing>,
    /// When.
    pub at: Moment,
}

/// Another referral of the same child that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ongoing {
    /// Which.
    pub id: ReferralId,
    /// Why it was made.
    pub reasons: Vec<ReferralReason>,
    /// What it asks for.
    pub services: Vec<ServiceCode>,
}

impl Fit<'_> {
    fn receiver(&self) -> Receiver {
        Receiver {
            agency: self.agency.id,
            agency_type: self.agency.agency_type,
            service: self.chosen.map(|it| it.id),
        }
    }

    /// Whether it can be asked at all, and warnings of what does not fit (N1).
    pub(super) fn check(&self, check: &mut Check, from: AgencyId) {
        check.require(self.agency.id != from, || {
            Violation::plain("refers_to_itself", "/toAgencyId", "an agency does not refer to itself")
        });
        check.require(self.agency.active, || {
            Violation::plain("agency_inactive", "/toAgencyId", "the agency takes no part at present")
        });
        let mut told: Vec<Violation> = Vec::new();
        for it in self.misfits() {
            if !told.contains(&it) {
                told.push(it.clone());
                check.advise(false, || it);
            }
        }
        let code = MisfitCode::TakesNoReferrals;
        let cannot_answer = !self.agency.takes_referrals() && !told.iter().any(|it| it.code == code.code());
        check.advise(!cannot_answer, || Violation::plain(code.code(), "/toAgencyId", code.label()));
        let unjudged = self.need.services.is_empty() && self.chosen.is_none();
        let silent = self.need.urgency == Urgency::Immediate
            && !self.at.local.map_or_else(|| self.agency.around_the_clock(), |it| self.agency.on_duty(it));
        check.advise(!(unjudged && silent), || {
            Violation::of(&rules::R109, "/toAgencyId", "no duty desk of the receiver is on duty")
        });
    }

    /// What does not fit: of the service that is asked or, where none is named, of the receiver's best for each need; and
    /// what is not offered at all. The verdict is that of the pre-check (`/v1/directory/match`).
    fn misfits(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for code in &self.need.services {
            let offered = self.offered.iter().filter(|it| it.entry.active && it.service == *code);
            let candidates = offered.map(|service| Candidate { agency: self.agency, service });
            match rank(self.need, candidates, self.at).first() {
                None => {
                    let because = format!("the receiver does not offer {code}");
                    found.push(Violation::plain("service_not_offered", "/services", because));
                }
                Some(best) if self.chosen.is_none() => {
                    found.extend(best.verdict.misfits.iter().map(|it| it.warning("/services")));
                }
                Some(_) => {}
            }
        }
        if let Some(service) = self.chosen {
            let verdict = verdict(self.need, self.agency, service, self.at);
            found.extend(verdict.misfits.iter().map(|it| it.warning("/toServiceId")));
        }
        found
    }
}

/// R108: the same child, the same need, another referral that is not over.
fn check_ongoing(
    check: &mut Check,
    ongoing: &[Ongoing],
    (services, reasons): (&[ServiceCode], &[ReferralReason]),
) {
    let mut same = ongoing.iter().filter_map(|other| {
        let service = other.services.iter().find(|it| services.contains(it)).map(ToString::to_string);
        let nothing_named = services.is_empty() || other.services.is_empty();
        let reason = other.reasons.iter().find(|it| reasons.contains(it)).map(ToString::to_string);
        service.or(reason.filter(|_| nothing_named)).map(|need| (other.id, need))
    });
    if let Some((id, need)) = same.next() {
        let more = same.count();
        let more = if more == 0 { String::new() } else { format!(", and {more} more for the same need") };
        let because = format!("referral {id} is open for {need}{more}");
        check.advise(false, || Violation::of(&rules::R108, "/services", because));
    }
}

impl Referral {
    /// Drafts a referral (N1). A service that does not fit the child warns and does not refuse; so does a need for
    /// which the child is referred already. Without a receiver it waits for one.
    pub fn draft(
        new: Draft,
        (case, relation): (&Case, &Relation),
        fit: Option<&Fit<'_>>,
        ongoing: &[Ongoing],
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if !relation.own() {
            return Err(Refused::not_yours("only the agencies that lead or opened the case refer the child"));
        }
        case.live()?;
        let mut check = Check::default();
        if let Some(fit) = fit {
            fit.check(&mut check, by.agency);
        }
        check_ongoing(&mut check, ongoing, (&new.services, &new.reasons));
        let warnings = check.done()?;
        let value = Self {
            id: new.id,
            reference: new.reference,
            country: by.country,
            case: case.id,
            case_reference: case.reference.clone(),
            child: case.child,
            from: by.agency,
            to: fit.map(Fit::receiver),
            urgency: new.urgency,
            reasons: new.reasons,
            services: new.services,
            status: ReferralStatus::Draft,
            drafted_at: now,
            status_at: now,
            sent: None,
            origin: None,
            escalation: 0,
            file: File {
                summary: new.summary,
                area: new.area,
                routing: fit.and_then(|it| it.routing.cloned()),
                ..File::default()
            },
            version: Version::FIRST,
        };
        Ok(value.told(EventType::ReferralDrafted, json!({}), warnings))
    }

    /// The agencies that were asked for this need so far.
    pub fn tried(&self) -> Vec<AgencyId> {
        self.file.tried.iter().copied().chain(self.receiver().map(|it| it.agency)).collect()
    }

    /// The need that is referred, of a child as it is known today.
    pub fn need(&self, child: &Identity, now: Timestamp) -> Need {
        Need::of_child(child, &self.services, self.urgency, self.file.area.clone(), now)
    }

    /// A draft of the same need, which follows from this referral.
    pub(super) fn follow_up(
        &self,
        (id, reference): (ReferralId, Reference),
        to: Option<Receiver>,
        services: Vec<ServiceCode>,
        origin: Origin,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            reference,
            to,
            services,
            status: ReferralStatus::Draft,
            drafted_at: now,
            status_at: now,
            sent: None,
            origin: Some(origin),
            escalation: 0,
            file: File {
                summary: self.file.summary.clone(),
                area: self.file.area.clone(),
                sent_by: self.file.sent_by,
                tried: self.tried(),
                ..File::default()
            },
            version: Version::FIRST,
            ..self.clone()
        }
    }

    /// Changes a draft: what is asked, of whom, and what is prepared to be sent.
    pub fn amend(
        &self,
        act: Amend,
        to: Option<&Fit<'_>>,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Amend, by, now)?;
        value.reasons = act.reasons.unwrap_or(value.reasons);
        value.services = act.services.unwrap_or(value.services);
        value.urgency = act.urgency.unwrap_or(value.urgency);
        value.file.summary = act.summary.unwrap_or(value.file.summary);
        value.file.prepared = act.prepared.or(value.file.prepared);
        let mut check = Check::default();
        if let Some(fit) = to {
            fit.check(&mut check, by.agency);
            value.to = Some(fit.receiver());
            value.file.routing = fit.routing.cloned();
        }
        let warnings = check.done()?;
        Ok(value.told(EventType::ReferralAmended, json!({}), warnings))
    }
}
