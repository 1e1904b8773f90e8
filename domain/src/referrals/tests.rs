//! Referrals against plain statements of their rules, written apart from the code.

mod answering;
mod drafting;
mod following;
mod information;
mod sending;
mod sequences;
mod service;

use super::{ChildView, Disclosure, Draft, Fit, Ongoing, Referral, Send, View};
pub(super) use crate::access::Relation;
use crate::{
    Decided, Timestamp,
    access::Caller,
    directory::{Agency, Moment, Need},
    given::{agency, caller, case, child, country_entry, id, now},
    vocabulary::{
        AgencyType, DataClass, LawfulBasis, ReferralReason, ServiceCode, Urgency, ViewMethod, ViewStatus,
    },
};

const SENDER: u128 = 1;
const RECEIVER: u128 = 2;

fn sender() -> Caller {
    caller(id(SENDER), AgencyType::Police)
}

fn receiver() -> Caller {
    caller(id(RECEIVER), AgencyType::Barnahus)
}

fn new(urgency: Urgency) -> Draft {
    Draft {
        id: id(200),
        reference: crate::Reference::from_entropy([2; 8]),
        reasons: vec![ReferralReason::ForensicInterview],
        services: vec![ServiceCode::CrisisPsychological, ServiceCode::Dental],
        urgency,
        summary: "asked for an interview".to_owned(),
        area: None,
    }
}

/// How an agency that offers nothing fits a need; outside of its working hours.
fn fit_of<'a>(agency: &'a Agency, need: &'a Need, at: Timestamp) -> Fit<'a> {
    let at = Moment { now: at, local: None };
    Fit { agency, chosen: None, offered: &[], need, routing: None, at }
}

fn draft_at(to_type: AgencyType, urgency: Urgency, at: Timestamp) -> Decided<Referral> {
    let (agency, new) = (agency(RECEIVER, to_type), new(urgency));
    let need = Need::of_child(&child().identity, &new.services, urgency, None, at);
    let fit = fit_of(&agency, &need, at);
    Referral::draft(new, (&case(), &Relation::Lead), Some(&fit), &[], &sender(), at).expect("a lawful draft")
}

fn sent_to(to_type: AgencyType, urgency: Urgency, at: Timestamp) -> Decided<Referral> {
    draft_at(to_type, urgency, at)
        .value
        .send(lawful_send(), (&case(), &child(), &Relation::Lead), &country_entry(), &sender(), at)
        .expect("lawful")
}

fn acknowledged() -> Referral {
    let sent = sent_to(AgencyType::Barnahus, Urgency::Urgent, now()).value;
    sent.acknowledge(&receiver(), now()).expect("lawful").value
}

fn draft(to_type: AgencyType) -> Referral {
    draft_at(to_type, Urgency::Urgent, now()).value
}

fn disclosure(class: DataClass, basis: LawfulBasis) -> Disclosure {
    Disclosure { data_class: class, lawful_bases: vec![basis] }
}

fn expressed() -> View {
    View {
        status: ViewStatus::Expressed,
        method: Some(ViewMethod::Spoken),
        summary: Some("wants to stay near her sister".to_owned()),
        recorded_on: None,
        weight_given: Some("the place was chosen for it".to_owned()),
    }
}

/// What nobody can object to: metadata only, the view recorded, the child told.
fn lawful_send() -> Send {
    Send {
        disclosures: vec![disclosure(DataClass::D15ReferralMetadata, LawfulBasis::Gdpr6PublicTask)],
        child_view: Some(ChildView::Recorded(expressed())),
        child_informed: true,
        caveats: Vec::new(),
    }
}
