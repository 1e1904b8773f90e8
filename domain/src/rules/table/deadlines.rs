//! Rules of the mechanism on time limits beside R85, on referring twice and on duty desks: R104 to R110.

use super::source;
use crate::rules::{
    Rule,
    RuleClass::{Configurable, GoodPractice, ProjectDefault},
    RuleForce,
    Verification::Proposal,
};

/// `triage_due`
pub static R104: Rule = Rule {
    code: "R104",
    message: "triage_due",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "A concern has been received and nobody has screened it.",
    effect: "It is due within the time of the country profile, which danger shortens, and is escalated after it.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Screen the concern.",
};

/// `information_due`
pub static R105: Rule = Rule {
    code: "R105",
    message: "information_due",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "The receiver of a referral has asked a question before it decides.",
    effect: "The time to decide stands still once, no longer than the sender has to answer; then it runs on by itself.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "As the sender, answer the question; as the receiver, decide on what is known.",
};

/// `next_step_due`
pub static R106: Rule = Rule {
    code: "R106",
    message: "next_step_due",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "A referral was declined or has expired, or a draft follows from another referral.",
    effect: "The sender is responsible again and has a time to find other help; it is escalated after it.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Reroute the referral, send the draft, or cancel it and say why no help is needed.",
};

/// `feedback_due`
pub static R107: Rule = Rule {
    code: "R107",
    message: "feedback_due",
    classes: &[ProjectDefault],
    force: RuleForce::Warning,
    when: "A service ends and the sender is not told what came of it.",
    effect: "Feedback is due within the time of the country profile.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Tell the sender what came of it.",
};

/// `already_referred`
pub static R108: Rule = Rule {
    code: "R108",
    message: "already_referred",
    classes: &[GoodPractice, ProjectDefault],
    force: RuleForce::Warning,
    when: "A child is referred for a need for which another referral of the child is open.",
    effect: "The sender is warned, so that nobody is asked twice and the child is not told twice.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Look at the open referral; cancel one of the two unless both are needed.",
};

/// `duty_desk_needed`
pub static R109: Rule = Rule {
    code: "R109",
    message: "duty_desk_needed",
    classes: &[GoodPractice, ProjectDefault],
    force: RuleForce::Warning,
    when: "A referral whose urgency is immediate goes to an agency without a duty desk.",
    effect: "The sender is warned that nobody may be there to answer within the half hour.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Choose an agency whose desk is on duty now, or call and say so in the summary.",
};

/// `formal_decision_due`
pub static R110: Rule = Rule {
    code: "R110",
    message: "formal_decision_due",
    classes: &[Configurable, ProjectDefault],
    force: RuleForce::Warning,
    when: "A formal assessment or a review is open and nobody has decided.",
    effect: "A decision is due within the target of the country profile; later the supervisor and then the coordinator are told. Help never waits for it.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Decide, or say what is missing and who brings it.",
};
