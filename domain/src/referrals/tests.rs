//! Referrals against plain statements of their rules, written apart from the code.

mod answering;
mod sending;
mod sequences;

use super::{ChildView, Disclosure, Draft, Fit, Referral, Send, View};
pub(super) use crate::access::Relation;
use crate::{
    Decided, Timestamp,
    access::Caller,
    directory::{Moment, Need},
    given::{agency, caller, case, child, id, now},
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

fn draft_at(to_type: AgencyType, urgency: Urgency, at: Timestamp) -> Decided<Referral> {
    let new = Draft {
        id: id(200),
        reference: crate::Reference::from_entropy([2; 8]),
        reasons: vec![ReferralReason::ForensicInterview],
        services: vec![ServiceCode::CrisisPsychological],
        urgency,
        summary: "asked for an interview".to_owned(),
    };
    let need = Need::of_child(&child().identity, &new.services, new.urgency, None, at);
    let fit = Fit { chosen: None, offered: &[], need: &need, at: Moment { now: at, local: None } };
    Referral::draft(new, (&case(), &Relation::Lead), &agency(RECEIVER, to_type), &fit, &sender(), at)
        .expect("a lawful draft")
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
