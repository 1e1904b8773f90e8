//! Rules on best interests, the views of the child and information: R23 to R26.

use super::{source, urls};
use crate::rules::{
    Rule,
    RuleClass::{GoodPractice, Law},
    RuleForce,
    Verification::{Recalled, TextRead},
};

/// `bia_missing_or_stale`
pub static R23: Rule = Rule {
    code: "R23",
    message: "bia_missing_or_stale",
    classes: &[Law, GoodPractice],
    force: RuleForce::Hard,
    when: "A significant step (referral, move, interview plan, contact, family tracing, placement) is taken without a best interests assessment of the last 90 days.",
    effect: "A step that cannot be undone is refused; for any other step the answer warns.",
    sources: &[
        source("Directive 2011/36/EU Art. 13(1)", urls::ATD, TextRead),
        source("Committee on the Rights of the Child, General Comment No. 14 (2013)", urls::GC_14, Recalled),
    ],
    remedy: "Make or refresh the best interests assessment, with the guardian's view.",
};

/// `views_or_reason`
pub static R24: Rule = Rule {
    code: "R24",
    message: "views_or_reason",
    classes: &[Law, GoodPractice],
    force: RuleForce::Hard,
    when: "A referral or a request to another country is sent without the child's view.",
    effect: "Sending is refused unless the child's view is recorded, or one of four reasons is given (not possible now, urgent danger, the child is unable, the child declined) with a date on which the child is asked again.",
    sources: &[
        source("Directive 2011/36/EU Art. 14(1)", urls::ATD, TextRead),
        source("UN Convention on the Rights of the Child Art. 12", urls::CRC, Recalled),
    ],
    remedy: "Record what the child thinks, or state why that is not possible now and when the child will be asked again.",
};

/// `view_feedback_due`
pub static R25: Rule = Rule {
    code: "R25",
    message: "view_feedback_due",
    classes: &[GoodPractice],
    force: RuleForce::Warning,
    when: "A decision was taken after the child gave a view.",
    effect: "It must be recorded how the view was weighed, and the child must be told the outcome within 7 days; otherwise the answer warns.",
    sources: &[source(
        "Committee on the Rights of the Child, General Comment No. 12 (2009)",
        urls::GC_12,
        Recalled,
    )],
    remedy: "Record how the child's view was weighed and tell the child the outcome.",
};

/// `information_missing`
pub static R26: Rule = Rule {
    code: "R26",
    message: "information_missing",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "The child has not been given all the information that is due, in a language the child understands.",
    effect: "From the third day the case warns; the case cannot be closed until the information has been given.",
    sources: &[
        source("Directive 2011/36/EU Art. 11(6)", urls::ATD, TextRead),
        source("Directive 2012/29/EU Art. 4", urls::VRD, Recalled),
    ],
    remedy: "Give the information that is still missing, in the child's language, and record when and by whom.",
};
