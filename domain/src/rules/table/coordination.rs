//! Rules on interviews, examinations, coordination and the life of a case: R57 to R74, R111.

use super::{source, urls};
use crate::rules::{
    Rule,
    RuleClass::{Configurable, GoodPractice, Law, ProjectDefault, SoftLaw},
    RuleForce,
    Verification::{Proposal, Recalled, Secondary, TextRead},
};

/// `interview_delay`
pub static R57: Rule = Rule {
    code: "R57",
    message: "interview_delay",
    classes: &[SoftLaw, Configurable],
    force: RuleForce::NeedsReason,
    when: "The first forensic interview is held more than 14 days after the report, or after the time that the country profile sets.",
    effect: "It is recorded with a warning, and a reason for the delay is asked for.",
    sources: &[
        source("Directive 2011/36/EU Art. 15(3)(a)", urls::ATD, TextRead),
        source("Barnahus Quality Standards (PROMISE), standard 1.3", "", Recalled),
    ],
    remedy: "Hold the interview sooner, or write why the delay was justified.",
};

/// `interview_count_high`
pub static R58: Rule = Rule {
    code: "R58",
    message: "interview_count_high",
    classes: &[SoftLaw, Configurable],
    force: RuleForce::NeedsReason,
    when: "The child is interviewed more than three times in one proceeding, or more often than the country profile sets.",
    effect: "It is recorded with a warning and needs the reason why it is strictly necessary. A series declared at the start is fine.",
    sources: &[
        source("Directive 2011/36/EU Art. 15(3)(e)", urls::ATD, TextRead),
        source("PROMISE TRM handbook on forensic interviews (Korkman, 2024)", "", Secondary),
    ],
    remedy: "Declare a planned series at the start, or write why another session is strictly necessary.",
};

/// `interviewer_changed`
pub static R59: Rule = Rule {
    code: "R59",
    message: "interviewer_changed",
    classes: &[SoftLaw],
    force: RuleForce::NeedsReason,
    when: "The child is interviewed by someone other than the first interviewer.",
    effect: "It is recorded with a warning and needs a reason.",
    sources: &[source("Directive 2011/36/EU Art. 15(3)(d)", urls::ATD, TextRead)],
    remedy: "Have the same person interview the child, or write why that is not possible.",
};

/// `interviewer_untrained`
pub static R60: Rule = Rule {
    code: "R60",
    message: "interviewer_untrained",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A forensic interview is to be held by someone not accredited for interviewing children.",
    effect: "It is refused.",
    sources: &[source("Directive 2011/36/EU Art. 15(3)(c)", urls::ATD, TextRead)],
    remedy: "Choose an interviewer who is accredited for children.",
};

/// `premises_not_adapted`
pub static R61: Rule = Rule {
    code: "R61",
    message: "premises_not_adapted",
    classes: &[SoftLaw],
    force: RuleForce::NeedsReason,
    when: "The interview is held in premises that are not adapted for children.",
    effect: "It is recorded with a warning and needs a reason.",
    sources: &[source("Directive 2011/36/EU Art. 15(3)(b)", urls::ATD, TextRead)],
    remedy: "Use a Barnahus or other adapted premises, or write why that is not possible.",
};

/// `support_person_invalid`
pub static R62: Rule = Rule {
    code: "R62",
    message: "support_person_invalid",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "The child's support person is a suspect or has a conflict of interest, or the chosen person is turned away without a reason.",
    effect: "An unsuitable person is refused; turning a person away needs a reasoned decision.",
    sources: &[source("Directive 2011/36/EU Art. 15(3)(f)", urls::ATD, TextRead)],
    remedy: "Let the child choose another person, or write the reasoned decision.",
};

/// `recording_first`
pub static R63: Rule = Rule {
    code: "R63",
    message: "recording_first",
    classes: &[SoftLaw],
    force: RuleForce::NeedsReason,
    when: "An interview is not video recorded, or a new one is planned although a usable recording exists in any country.",
    effect: "It is recorded with a warning and needs a reason.",
    sources: &[
        source("Directive 2011/36/EU Art. 15(4)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 15(3)(e)", urls::ATD, TextRead),
    ],
    remedy: "Record the interview, or ask for the existing recording first; otherwise write why not.",
};

/// `same_sex_wish`
pub static R64: Rule = Rule {
    code: "R64",
    message: "same_sex_wish",
    classes: &[Law],
    force: RuleForce::NeedsReason,
    when: "The case is one of sexual or gender-based violence, and the child wishes an interviewer of the same sex.",
    effect: "The wish is followed, or a reason is given.",
    sources: &[source("Directive 2012/29/EU Art. 23(2)(d)", urls::VRD, TextRead)],
    remedy: "Choose an interviewer of the sex that the child wishes, or write why that is not possible.",
};

/// `role_mix`
pub static R65: Rule = Rule {
    code: "R65",
    message: "role_mix",
    classes: &[GoodPractice],
    force: RuleForce::Hard,
    when: "The forensic interviewer is also the child's therapist or case manager.",
    effect: "It is refused: the roles must not be mixed.",
    sources: &[
        source("Barnahus Quality Standards (PROMISE), standard 6", "", Recalled),
        source("Barnahus Quality Standards (PROMISE), standard 8", "", Recalled),
    ],
    remedy: "Choose an interviewer who neither treats the child nor manages the case.",
};

/// `medical_consent_or_repeat`
pub static R66: Rule = Rule {
    code: "R66",
    message: "medical_consent_or_repeat",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A medical examination has no path of consent, or repeats an earlier one without need.",
    effect: "Without consent it is refused; a needless repetition is recorded with a warning.",
    sources: &[
        source("Directive 2012/29/EU Art. 20(d)", urls::VRD, TextRead),
        source("Regulation (EU) 2024/1348 Art. 24", urls::APR, TextRead),
    ],
    remedy: "Obtain the consent that the law asks for, and use the findings that exist.",
};

/// `no_joint_plan`
pub static R67: Rule = Rule {
    code: "R67",
    message: "no_joint_plan",
    classes: &[GoodPractice],
    force: RuleForce::NeedsReason,
    when: "A forensic interview is planned without the minutes of a joint planning meeting.",
    effect: "The answer warns; when it is urgent the interview goes ahead with a reason.",
    sources: &[
        source("Barnahus Quality Standards (PROMISE), standard 2", "", Recalled),
        source("Barnahus Quality Standards (PROMISE), standard 5", "", Recalled),
    ],
    remedy: "Hold the joint planning meeting first, or write why it cannot wait.",
};

/// `siblings_unchecked`
pub static R68: Rule = Rule {
    code: "R68",
    message: "siblings_unchecked",
    classes: &[GoodPractice],
    force: RuleForce::Warning,
    when: "A presumed victim has brothers, sisters or other children living with them who have not been checked within 72 hours.",
    effect: "A task is opened and the case warns.",
    sources: &[
        source("Barnahus Quality Standards (PROMISE)", "", Recalled),
        source("Creating a Cycle of Protection (CBSS and Child Circle, 2024)", "", Secondary),
    ],
    remedy: "Check the safety of these children and record the result.",
};

/// `education_due`
pub static R69: Rule = Rule {
    code: "R69",
    message: "education_due",
    classes: &[SoftLaw, Configurable],
    force: RuleForce::NeedsReason,
    when: "The child has had no access to school for 30 days, or for the time that the country profile sets.",
    effect: "The case warns and asks for a reason.",
    sources: &[source("Directive 2011/36/EU Art. 14(1)", urls::ATD, TextRead)],
    remedy: "Enrol the child, or write why schooling has to wait and what is offered instead.",
};

/// `duplicate_case`
pub static R70: Rule = Rule {
    code: "R70",
    message: "duplicate_case",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "A second case is opened for the same child in the same lead country.",
    effect: "It is refused, and the open case is named, to whoever may read there who the child is. Otherwise both lead agencies look whether it is one child, within three working days.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Use the open case or ask to join it; if it is another child, name that case as distinct and say how that is known.",
};

/// `closure_blocked`
pub static R71: Rule = Rule {
    code: "R71",
    message: "closure_blocked",
    classes: &[Law, ProjectDefault],
    force: RuleForce::Hard,
    when: "A case is closed.",
    effect: "Closing is refused while any item of the closure checklist is open; the answer lists the items. Whoever asks for it does not approve it.",
    sources: &[
        source("Directive 2011/36/EU Art. 11(1)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 14", urls::ATD, TextRead),
        source("TRM project default", "", Proposal),
    ],
    remedy: "Complete the items listed and let a second person approve, or keep the case open.",
};

/// `reopened`
pub static R72: Rule = Rule {
    code: "R72",
    message: "reopened",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "A closed case is reopened.",
    effect: "The safeguards of a presumed victim return at once; earlier best interests determinations and reflection periods count as stale.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("Directive 2011/36/EU Art. 11(2)", urls::ATD, TextRead),
    ],
    remedy: "Nothing is needed; make new assessments before decisions.",
};

/// `transition_plan_due`
pub static R73: Rule = Rule {
    code: "R73",
    message: "transition_plan_due",
    classes: &[Law],
    force: RuleForce::Warning,
    when: "The child is 16 or over and has no transition plan, or turns 18.",
    effect: "The case warns from the sixteenth birthday; after the eighteenth, support continues as the plan says.",
    sources: &[source("Directive 2011/36/EU Art. 14(1)", urls::ATD, TextRead)],
    remedy: "Make a transition plan together with the young person.",
};

/// `missing_act_now`
pub static R74: Rule = Rule {
    code: "R74",
    message: "missing_act_now",
    classes: &[Law, GoodPractice],
    force: RuleForce::Hard,
    when: "The child is absent and the whereabouts are unknown.",
    effect: "The police are told at once, a missing episode is opened, the other country is told if there is a link to it, and all planned moves are frozen.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 33",
            urls::CETS_197,
            Recalled,
        ),
        source("Regulation (EU) 2018/1862 Art. 32", urls::SIS, Recalled),
    ],
    remedy: "Report to the police and open the missing episode; moves may go on when the child is found and assessed.",
};

/// `duplicate_unproven`
pub static R111: Rule = Rule {
    code: "R111",
    message: "duplicate_unproven",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "A case is merged into another one.",
    effect: "It is refused without named proof that both are of the same child, where documented birth dates or given names differ, and for brothers and sisters.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Name a confirmed match, a document or two professionals who recognise the child; link the cases of brothers and sisters instead.",
};
