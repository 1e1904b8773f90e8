//! Rules on non-punishment, guardians and the recovery and reflection period: R27 to R43.

use super::{source, urls};
use crate::rules::{
    Rule,
    RuleClass::{Configurable, GoodPractice, Law, ProjectDefault},
    RuleForce,
    Verification::{Proposal, Recalled, Secondary, TextRead},
};

/// `non_punishment_review_due`
pub static R27: Rule = Rule {
    code: "R27",
    message: "non_punishment_review_due",
    classes: &[Law],
    force: RuleForce::Warning,
    when: "A presumed victim is also a suspect in proceedings or has an offence on record.",
    effect: "A non-punishment review becomes due and the prosecution is notified.",
    sources: &[source("Directive 2011/36/EU Art. 8", urls::ATD, TextRead)],
    remedy: "Have a trained person assess whether the child was compelled, and send the assessment to the prosecutor.",
};

/// `assess_before_charge`
pub static R28: Rule = Rule {
    code: "R28",
    message: "assess_before_charge",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A charge or penalty against such a child is recorded, and no trained person has assessed the child as a possible victim first.",
    effect: "The entry is refused here and flagged to the prosecutor: the assessment comes before any decision to prosecute.",
    sources: &[source(
        "European Court of Human Rights, V.C.L. and A.N. v. the United Kingdom (77587/12 and 74603/12)",
        "",
        Secondary,
    )],
    remedy: "Have a trained person assess the child before deciding on the charge.",
};

/// `departure_reasons`
pub static R29: Rule = Rule {
    code: "R29",
    message: "departure_reasons",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A prosecutor departs from an assessment that found the child to be a victim.",
    effect: "The decision can be recorded only with clear reasons for departing from the assessment.",
    sources: &[source(
        "European Court of Human Rights, V.C.L. and A.N. v. the United Kingdom (77587/12 and 74603/12)",
        "",
        Secondary,
    )],
    remedy: "Write the reasons for departing from the assessment.",
};

/// `no_penalty_by_design`
pub static R30: Rule = Rule {
    code: "R30",
    message: "no_penalty_by_design",
    classes: &[Law, ProjectDefault],
    force: RuleForce::Hard,
    when: "Offences that the child was compelled to commit are used against the child in deciding on help or on risk.",
    effect: "It is refused: criminal or other unlawful acts that were compelled must not reduce help or protection.",
    sources: &[
        source("Directive 2011/36/EU Art. 8", urls::ATD, TextRead),
        source("TRM project default", "", Proposal),
    ],
    remedy: "Decide on the child's needs without counting compelled offences.",
};

/// `guardian_needed`
pub static R31: Rule = Rule {
    code: "R31",
    message: "guardian_needed",
    classes: &[Law],
    force: RuleForce::Warning,
    when: "A presumed victim has no guardian and is unaccompanied or separated, or the parents are in conflict with the child's interests or cannot be reached.",
    effect: "A task and an alert ask for a guardian.",
    sources: &[
        source("Directive 2011/36/EU Art. 14(2)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 16(3)", urls::ATD, TextRead),
        source("Directive 2012/29/EU Art. 24(1)(b)", urls::VRD, TextRead),
    ],
    remedy: "Have a provisional guardian named at once and ask the competent authority to appoint one.",
};

/// `guardian_overdue`
pub static R32: Rule = Rule {
    code: "R32",
    message: "guardian_overdue",
    classes: &[Law, Configurable],
    force: RuleForce::Warning,
    when: "No provisional guardian after 24 hours, or no representative 15 working days after an asylum application (10 more in an exceptional influx).",
    effect: "The appointment is overdue and is escalated.",
    sources: &[source("Regulation (EU) 2024/1348 Art. 23(2) and (3)", urls::APR, TextRead)],
    remedy: "Name a provisional person today and press for the appointment.",
};

/// `guardian_conflict`
pub static R33: Rule = Rule {
    code: "R33",
    message: "guardian_conflict",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A conflict of interest between the guardian and the child is flagged.",
    effect: "The guardian's rights in the case are suspended, and another guardian must be appointed.",
    sources: &[source("Directive 2011/36/EU Art. 14(2)", urls::ATD, TextRead)],
    remedy: "Have another guardian appointed; the suspended one may not act meanwhile.",
};

/// `guardian_ineligible`
pub static R34: Rule = Rule {
    code: "R34",
    message: "guardian_ineligible",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "The proposed guardian has a record of offences against children or a conflict of interest.",
    effect: "The appointment is refused.",
    sources: &[source("Regulation (EU) 2024/1348 Art. 23(9)", urls::APR, TextRead)],
    remedy: "Propose a person with a clean record and without a conflict of interest.",
};

/// `guardian_caseload`
pub static R35: Rule = Rule {
    code: "R35",
    message: "guardian_caseload",
    classes: &[Law, Configurable],
    force: RuleForce::Hard,
    when: "The guardian already represents 30 children (50 in an exceptional influx).",
    effect: "In asylum the assignment is refused; elsewhere the answer warns, as the country profile sets it.",
    sources: &[source("Regulation (EU) 2024/1348 Art. 23(10)", urls::APR, TextRead)],
    remedy: "Propose a guardian with fewer children, or end assignments that are over.",
};

/// `parent_excluded`
pub static R36: Rule = Rule {
    code: "R36",
    message: "parent_excluded",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A parent is a suspect or in conflict with the child's interests.",
    effect: "That parent cannot consent, cannot see data and receives no content in notifications.",
    sources: &[
        source("Directive 2011/36/EU Art. 14(2)", urls::ATD, TextRead),
        source("Directive 2012/29/EU Art. 24", urls::VRD, TextRead),
    ],
    remedy: "Ask the guardian or special representative instead of this parent.",
};

/// `guardian_not_heard`
pub static R37: Rule = Rule {
    code: "R37",
    message: "guardian_not_heard",
    classes: &[GoodPractice],
    force: RuleForce::Hard,
    when: "Placement, durable solution, return, age or closure is decided without hearing the guardian.",
    effect: "The decision is refused.",
    sources: &[
        source("UNICEF Guidelines on the Protection of Child Victims of Trafficking (2006)", "", Recalled),
        source("CBSS guidelines on transnational child protection (2015)", "", Recalled),
    ],
    remedy: "Hear the guardian and record what the guardian said.",
};

/// `rrp_too_short`
pub static R38: Rule = Rule {
    code: "R38",
    message: "rrp_too_short",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A recovery and reflection period of fewer than 30 days, or less than the country profile's minimum, is granted.",
    effect: "It is refused.",
    sources: &[source(
        "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 13(1)",
        urls::CETS_197,
        Recalled,
    )],
    remedy: "Set an end date at least 30 days after the start, or later if the country's minimum is longer.",
};

/// `rrp_inform_first`
pub static R39: Rule = Rule {
    code: "R39",
    message: "rrp_inform_first",
    classes: &[GoodPractice],
    force: RuleForce::Hard,
    when: "A recovery and reflection period starts before the child has been informed of it.",
    effect: "The start date is refused: the period starts when the child has been informed and it has been granted.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 13",
            urls::CETS_197,
            Recalled,
        ),
        source("Directive 2011/36/EU Art. 11(6)", urls::ATD, TextRead),
    ],
    remedy: "Inform the child and the guardian first, then start the period on that day or later.",
};

/// `removal_blocked_rrp`
pub static R40: Rule = Rule {
    code: "R40",
    message: "removal_blocked_rrp",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A removal, or a transfer to the State responsible for an asylum application, is to be enforced during the recovery and reflection period.",
    effect: "It is refused.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 13(1)",
            urls::CETS_197,
            Recalled,
        ),
        source("Directive 2004/81/EC Art. 6(2)", urls::DIR_2004_81, Recalled),
        source("Court of Justice of the European Union, C-66/21 (O.T.E.)", "", Recalled),
    ],
    remedy: "Wait until the recovery and reflection period has ended.",
};

/// `rrp_end_ground`
pub static R41: Rule = Rule {
    code: "R41",
    message: "rrp_end_ground",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A recovery and reflection period is ended because the child does not testify or cooperate.",
    effect: "It is refused: this is no ground for ending the period.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 13",
            urls::CETS_197,
            Recalled,
        ),
        source("Directive 2011/36/EU Art. 11(3)", urls::ATD, TextRead),
    ],
    remedy: "Let the period run; only public order or an improper claim can end it early.",
};

/// `rrp_early_end_incomplete`
pub static R42: Rule = Rule {
    code: "R42",
    message: "rrp_early_end_incomplete",
    classes: &[Law, ProjectDefault],
    force: RuleForce::Hard,
    when: "A recovery and reflection period is ended early.",
    effect: "It is refused unless the ground is public order or an improper claim, with reasons, a best interests assessment and the guardian heard.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 13(3)",
            urls::CETS_197,
            Recalled,
        ),
        source("TRM project default", "", Proposal),
    ],
    remedy: "State one of the two grounds with reasons, make the best interests assessment and hear the guardian.",
};

/// `rrp_minor_length`
pub static R43: Rule = Rule {
    code: "R43",
    message: "rrp_minor_length",
    classes: &[Configurable],
    force: RuleForce::Info,
    when: "A recovery and reflection period is granted to a minor.",
    effect: "The longer period for minors applies where the country profile has one, and the period can be extended.",
    sources: &[source("Directive 2004/81/EC Art. 10", urls::DIR_2004_81, Recalled)],
    remedy: "Nothing is needed; extend the period when the child needs more time.",
};
