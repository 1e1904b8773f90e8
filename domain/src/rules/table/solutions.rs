//! Rules on durable solutions, return, placement abroad and handover: R44 to R56.

use super::{source, urls};
use crate::rules::{
    Rule,
    RuleClass::{Configurable, GoodPractice, Law, ProjectDefault},
    RuleForce,
    Verification::{Proposal, Recalled, Secondary, TextRead, Unverified},
};

/// `bid_required`
pub static R44: Rule = Rule {
    code: "R44",
    message: "bid_required",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A durable solution is approved without a current best interests determination.",
    effect: "It is refused.",
    sources: &[
        source("Directive 2011/36/EU Art. 14(1)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 16(2)", urls::ATD, TextRead),
    ],
    remedy: "Hold a best interests determination and approve the solution that it recommends.",
};

/// `bid_panel_invalid`
pub static R45: Rule = Rule {
    code: "R45",
    message: "bid_panel_invalid",
    classes: &[GoodPractice],
    force: RuleForce::Hard,
    when: "The panel of a best interests determination has fewer than three disciplines, or the case manager decides in it.",
    effect: "The determination is refused.",
    sources: &[
        source("Committee on the Rights of the Child, General Comment No. 14 (2013)", urls::GC_14, Recalled),
        source("UNHCR guidelines on the best interests procedure", "", Recalled),
    ],
    remedy: "Set up a panel of at least three disciplines in which the case manager reports and does not decide.",
};

/// `bid_stale`
pub static R46: Rule = Rule {
    code: "R46",
    message: "bid_stale",
    classes: &[ProjectDefault],
    force: RuleForce::Warning,
    when: "Something material has changed since the best interests determination (a suspect released, a new disclosure, another carer), or it is older than 180 days.",
    effect: "The determination becomes stale and no longer supports a durable solution.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("Committee on the Rights of the Child, General Comment No. 14 (2013)", urls::GC_14, Recalled),
    ],
    remedy: "Review the determination in the light of what has changed.",
};

/// `return_risk_block`
pub static R47: Rule = Rule {
    code: "R47",
    message: "return_risk_block",
    classes: &[Law, Configurable],
    force: RuleForce::Hard,
    when: "A return is approved while the risk and security assessment is missing, older than 90 days, or finds a high or critical risk.",
    effect: "It is refused.",
    sources: &[source(
        "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 16(7)",
        urls::CETS_197,
        Recalled,
    )],
    remedy: "Make a new risk and security assessment; return is possible only if it finds neither a high nor a critical risk.",
};

/// `family_assessment_missing`
pub static R48: Rule = Rule {
    code: "R48",
    message: "family_assessment_missing",
    classes: &[GoodPractice, Configurable],
    force: RuleForce::Hard,
    when: "A return is approved without a family assessment by the receiving country of the last 180 days.",
    effect: "It is refused.",
    sources: &[
        source("CBSS guidelines on transnational child protection (2015)", "", Recalled),
        source("UNICEF Guidelines on the Protection of Child Victims of Trafficking (2006)", "", Recalled),
    ],
    remedy: "Ask the receiving country for a family assessment.",
};

/// `receiving_arrangement_missing`
pub static R49: Rule = Rule {
    code: "R49",
    message: "receiving_arrangement_missing",
    classes: &[GoodPractice],
    force: RuleForce::Hard,
    when: "A return is approved without a named guardian or caregiver at arrival, a written acceptance and a reception plan.",
    effect: "It is refused.",
    sources: &[
        source("UNICEF Guidelines on the Protection of Child Victims of Trafficking (2006)", "", Recalled),
        source("Committee on the Rights of the Child, General Comment No. 6 (2005)", urls::GC_6, Recalled),
    ],
    remedy: "Obtain the name of the receiving guardian or caregiver, the written acceptance and the reception plan.",
};

/// `return_forbidden`
pub static R50: Rule = Rule {
    code: "R50",
    message: "return_forbidden",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "Any assessment finds the return unsafe or not in the child's best interests.",
    effect: "The solution is forbidden until a new best interests determination is made.",
    sources: &[source(
        "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 16(7)",
        urls::CETS_197,
        Recalled,
    )],
    remedy: "Choose another durable solution, or hold a new best interests determination when circumstances have changed.",
};

/// `return_blocked_procedure`
pub static R51: Rule = Rule {
    code: "R51",
    message: "return_blocked_procedure",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A return is to be carried out during a recovery and reflection period, an asylum claim, an appeal with suspensive effect or an appeal on residence.",
    effect: "It is blocked until these have ended.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 13(1)",
            urls::CETS_197,
            Recalled,
        ),
        source("Directive 2004/81/EC Art. 6(2)", urls::DIR_2004_81, Recalled),
        source("Court of Justice of the European Union, C-66/21 (O.T.E.)", "", Recalled),
        source("Regulation (EU) 2024/1348", urls::APR, Recalled),
        source("National law, as the country profile states it", "", Unverified),
    ],
    remedy: "Wait until the running period, claim or appeal has ended.",
};

/// `return_consultation_missing`
pub static R52: Rule = Rule {
    code: "R52",
    message: "return_consultation_missing",
    classes: &[Law, GoodPractice],
    force: RuleForce::Hard,
    when: "A return is approved without consulting the prosecutor, or without addressing the child's views of the last 30 days.",
    effect: "It is refused.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 16(2)",
            urls::CETS_197,
            Recalled,
        ),
        source("Directive 2011/36/EU Art. 14(1)", urls::ATD, TextRead),
    ],
    remedy: "Consult the prosecutor about the proceedings, ask the child again and record how the views were addressed.",
};

/// `placement_consent_required`
pub static R53: Rule = Rule {
    code: "R53",
    message: "placement_consent_required",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A child is placed in another country without that country's consent, dated before the move.",
    effect: "It is refused.",
    sources: &[
        source("Regulation (EU) 2019/1111 Art. 82(1)", urls::BIIB, TextRead),
        source("Regulation (EU) 2019/1111 Art. 82(5)", urls::BIIB, TextRead),
        source("1996 Hague Child Protection Convention Art. 33", urls::HAGUE_1996, Secondary),
    ],
    remedy: "Ask for consent through the Central Authorities and wait for the consent document.",
};

/// `consent_exempt`
pub static R54: Rule = Rule {
    code: "R54",
    message: "consent_exempt",
    classes: &[Law, Configurable],
    force: RuleForce::Info,
    when: "The child is placed with a parent in another country.",
    effect: "No consent of the other country is needed. For other relatives it is needed unless the country profile exempts them.",
    sources: &[source("Regulation (EU) 2019/1111 Art. 82(2)", urls::BIIB, TextRead)],
    remedy: "Nothing is needed for a parent; for another relative check the country profile.",
};

/// `handover_incomplete`
pub static R55: Rule = Rule {
    code: "R55",
    message: "handover_incomplete",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "Responsibility for the child is handed over.",
    effect: "The handover is refused unless arrival is confirmed, a guardian or carer is present, the plan is accepted and the child has been told.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("CBSS guidelines on transnational child protection (2015)", "", Recalled),
    ],
    remedy: "Confirm the arrival, the guardian or carer and the plan, and tell the child; then hand over.",
};

/// `silence_is_not_consent`
pub static R56: Rule = Rule {
    code: "R56",
    message: "silence_is_not_consent",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "The requested country has not answered and its silence is taken as consent.",
    effect: "It is refused: no answer is never consent.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("Regulation (EU) 2019/1111 Art. 82(5)", urls::BIIB, TextRead),
    ],
    remedy: "Remind and escalate; keep the child where the child is and keep the responsibility.",
};
