//! Rules on concerns, screening, identification and age: R1 to R22.

use super::{source, urls};
use crate::rules::{
    Rule,
    RuleClass::{Configurable, GoodPractice, Law, ProjectDefault},
    RuleForce,
    Verification::{Proposal, Recalled, Secondary, TextRead, Unverified},
};

/// `means_not_required`
pub static R1: Rule = Rule {
    code: "R1",
    message: "means_not_required",
    classes: &[Law],
    force: RuleForce::Info,
    when: "A child's situation is identified as trafficking, or an offence is recorded, and no means (threat, force, deception and the like) is named.",
    effect: "The entry is accepted. For a child the act and the purpose of exploitation are enough; means are evidence and are never demanded.",
    sources: &[
        source("Directive 2011/36/EU Art. 2(5)", urls::ATD, TextRead),
        source(
            "Protocol to Prevent, Suppress and Punish Trafficking in Persons (Palermo Protocol) Art. 3(c)",
            urls::PALERMO,
            Recalled,
        ),
    ],
    remedy: "Nothing is needed; record means when they are known, because they help as evidence.",
};

/// `means_required_surrogacy`
pub static R2: Rule = Rule {
    code: "R2",
    message: "means_required_surrogacy",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "The only purpose recorded is exploitation of surrogacy, and the child is not the surrogate mother herself.",
    effect: "The identification is refused until a means is recorded: this is the one purpose for which the law asks for means.",
    sources: &[source("Directive 2011/36/EU Art. 2(5)", urls::ATD, TextRead)],
    remedy: "Record a means, or record another purpose of exploitation if there is one.",
};

/// `consent_irrelevant`
pub static R3: Rule = Rule {
    code: "R3",
    message: "consent_irrelevant",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "The child's agreement to the exploitation is given as a ground for a negative decision.",
    effect: "The decision is refused: a child's agreement never excludes trafficking.",
    sources: &[
        source("Directive 2011/36/EU Art. 2(4)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 2(5)", urls::ATD, TextRead),
    ],
    remedy: "Remove the child's agreement from the reasons and decide on the act and the purpose alone.",
};

/// `concern_too_thin`
pub static R4: Rule = Rule {
    code: "R4",
    message: "concern_too_thin",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "A concern about a child is reported.",
    effect: "It needs a description and at least one way to reach or recognise the child: a place, a contact or a hint about who the child is. Everything else may be missing, and the reporter may stay anonymous.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("Directive 2011/36/EU Art. 13(3)", urls::ATD, TextRead),
    ],
    remedy: "Add where the child was seen, how the child can be reached, or what would help to recognise the child.",
};

/// `was_child_at_time`
pub static R5: Rule = Rule {
    code: "R5",
    message: "was_child_at_time",
    classes: &[Law],
    force: RuleForce::Info,
    when: "The person is an adult now and was exploited before turning 18.",
    effect: "The rules for child victims apply to what happened before the eighteenth birthday.",
    sources: &[source("Directive 2011/36/EU Art. 2(6)", urls::ATD, TextRead)],
    remedy: "Keep the safeguards for child victims for the past acts. Where the person was an adult through all of them: correct the birth date or the episodes if they are wrong, otherwise refer to help for adults.",
};

/// `presumed_child`
pub static R6: Rule = Rule {
    code: "R6",
    message: "presumed_child",
    classes: &[Law],
    force: RuleForce::Info,
    when: "The person's age is uncertain and there are reasons to believe that they are a child.",
    effect: "The person is treated as a child, with everything a child is entitled to, until the age is assessed.",
    sources: &[
        source("Directive 2011/36/EU Art. 13(2)", urls::ATD, TextRead),
        source("Directive 2012/29/EU Art. 24(2)", urls::VRD, TextRead),
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 10(3)",
            urls::CETS_197,
            Secondary,
        ),
    ],
    remedy: "Nothing is needed; arrange an age assessment only if the doubt remains and it serves the child.",
};

/// `age_decision_incomplete`
pub static R7: Rule = Rule {
    code: "R7",
    message: "age_decision_incomplete",
    classes: &[Law, Configurable],
    force: RuleForce::Hard,
    when: "A person whose age was in doubt is to be recorded as assessed to be an adult.",
    effect: "The decision is refused unless there are a multidisciplinary report, written reasons, two assessors, an informed representative and an appeal period. A medical examination is the last resort and needs consent. Outside asylum the same steps are good practice that the country profile adapts.",
    sources: &[source("Regulation (EU) 2024/1348 Art. 25", urls::APR, TextRead)],
    remedy: "Complete the multidisciplinary report, the reasons and the second assessor, inform the representative and open the appeal period.",
};

/// `presumption_opens_help`
pub static R8: Rule = Rule {
    code: "R8",
    message: "presumption_opens_help",
    classes: &[Law],
    force: RuleForce::Info,
    when: "A child becomes a presumed victim.",
    effect: "Help opens at once: assistance, a check whether a guardian is needed, a safety plan, the offer of a recovery and reflection period, information on rights, protection from removal, and access to education.",
    sources: &[
        source("Directive 2011/36/EU Art. 11(2)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 13 to 16", urls::ATD, TextRead),
    ],
    remedy: "Nothing is needed; follow up the tasks that were opened.",
};

/// `conditionality_forbidden`
pub static R9: Rule = Rule {
    code: "R9",
    message: "conditionality_forbidden",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A service or a status is made to depend on the child cooperating with the police, a prosecutor or a court.",
    effect: "It is refused: help is never conditional on cooperation.",
    sources: &[
        source("Directive 2011/36/EU Art. 11(3)", urls::ATD, TextRead),
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 12(6)",
            urls::CETS_197,
            Recalled,
        ),
    ],
    remedy: "Take the condition out; offer the service or status for the child's needs alone.",
};

/// `withdrawal_neutral`
pub static R10: Rule = Rule {
    code: "R10",
    message: "withdrawal_neutral",
    classes: &[Law],
    force: RuleForce::Info,
    when: "The child withdraws a statement.",
    effect: "Nothing changes for the child: no change of status, no closure, no penalty.",
    sources: &[source("Directive 2011/36/EU Art. 9(1)", urls::ATD, TextRead)],
    remedy: "Nothing is needed; continue to help as before.",
};

/// `no_mandate`
pub static R11: Rule = Rule {
    code: "R11",
    message: "no_mandate",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "Someone decides on formal identification.",
    effect: "The decision is refused unless the body is on the mandate list of the country profile, the person is accredited, and there is no conflict of interest.",
    sources: &[source(
        "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 10(1)",
        urls::CETS_197,
        Recalled,
    )],
    remedy: "Ask a mandated and accredited officer without a conflict of interest to decide.",
};

/// `removal_blocked_identification`
pub static R12: Rule = Rule {
    code: "R12",
    message: "removal_blocked_identification",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A removal is planned while the child is being screened, presumed, formally assessed or under review.",
    effect: "The removal is refused. Once identified, the child leaves only through a durable solution that has been carried out with its safeguards (R47 to R52).",
    sources: &[source(
        "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 10(2)",
        urls::CETS_197,
        Secondary,
    )],
    remedy: "Wait for the identification to end; after that use a durable solution with a best interests determination.",
};

/// `reasons_missing`
pub static R13: Rule = Rule {
    code: "R13",
    message: "reasons_missing",
    classes: &[Law, GoodPractice],
    force: RuleForce::Hard,
    when: "A positive or negative identification decision is taken.",
    effect: "It is refused without reasons, findings on the act and on the purpose, and a list of the evidence.",
    sources: &[
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 10",
            urls::CETS_197,
            Recalled,
        ),
        source("Committee on the Rights of the Child, General Comment No. 14 (2013)", urls::GC_14, Recalled),
    ],
    remedy: "Write the reasons, the findings on act and purpose, and the list of the evidence.",
};

/// `forbidden_negative_ground`
pub static R14: Rule = Rule {
    code: "R14",
    message: "forbidden_negative_ground",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A negative decision rests on missing means, the child's agreement, lack of cooperation, late disclosure, offences, nationality or irregular residence.",
    effect: "The decision is refused: none of these excludes trafficking.",
    sources: &[
        source("Directive 2011/36/EU Art. 2", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 8", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 11(3)", urls::ATD, TextRead),
    ],
    remedy: "Decide anew on whether the act and the purpose of exploitation are shown.",
};

/// `second_decider_required`
pub static R15: Rule = Rule {
    code: "R15",
    message: "second_decider_required",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "A negative decision on a child is taken by one decider only.",
    effect: "It is refused until an independent second decider from a different agency agrees.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Ask a decider of another agency to confirm the decision.",
};

/// `appeal_open`
pub static R16: Rule = Rule {
    code: "R16",
    message: "appeal_open",
    classes: &[Configurable],
    force: RuleForce::Info,
    when: "A negative decision has been taken.",
    effect: "An appeal stays open for the days that the country profile sets, and the safeguards stay in place meanwhile.",
    sources: &[source("National law, as the country profile states it", "", Unverified)],
    remedy: "Tell the child, the guardian and the lawyer how and until when they can appeal; once that time is over, bring new facts.",
};

/// `foreign_notice_presumes`
pub static R17: Rule = Rule {
    code: "R17",
    message: "foreign_notice_presumes",
    classes: &[Configurable],
    force: RuleForce::Info,
    when: "A competent authority of another country notifies that the child is a victim.",
    effect: "The child is presumed to be a victim, and a case is created if there is none.",
    sources: &[source(
        "Practice of Estonia as the CBSS describes it (notice from a foreign authority)",
        "",
        Secondary,
    )],
    remedy: "Nothing is needed; follow up the tasks that were opened.",
};

/// `decider_not_independent`
pub static R18: Rule = Rule {
    code: "R18",
    message: "decider_not_independent",
    classes: &[GoodPractice],
    force: RuleForce::Hard,
    when: "An appeal is decided by the person or unit that took the first decision.",
    effect: "It is refused: the second decision must be independent.",
    sources: &[source(
        "Committee on the Rights of the Child, General Comment No. 14 (2013)",
        urls::GC_14,
        Recalled,
    )],
    remedy: "Give the appeal to another person in another unit.",
};

/// `score_cannot_close`
pub static R19: Rule = Rule {
    code: "R19",
    message: "score_cannot_close",
    classes: &[GoodPractice, Law],
    force: RuleForce::Hard,
    when: "\"No grounds\" is recorded and the only reason is a screening score.",
    effect: "It is refused: indicators can open a case and never close one, and no one is judged by a score alone.",
    sources: &[
        source("UNODC human trafficking indicators", "", Secondary),
        source("Regulation (EU) 2016/679 Art. 22", urls::GDPR, Recalled),
    ],
    remedy: "Write what was found in the conversation and the facts that lead to \"no grounds\", and let a second person read it.",
};

/// `act_on_strong_indicator`
pub static R20: Rule = Rule {
    code: "R20",
    message: "act_on_strong_indicator",
    classes: &[ProjectDefault],
    force: RuleForce::Warning,
    when: "A strong and direct indicator has been reported, and the child is still being screened after 24 hours.",
    effect: "The screener and the supervisor are alerted: either the child is presumed to be a victim, or a written reason says why not.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("Directive 2011/36/EU Art. 11(2)", urls::ATD, TextRead),
    ],
    remedy: "Presume the child to be a victim, or write down why not.",
};

/// `suspected_not_counted`
pub static R21: Rule = Rule {
    code: "R21",
    message: "suspected_not_counted",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "A screening result is computed.",
    effect: "The catalogue version, the weights and the observations used are kept with the result. Indicators that are only suspected are shown and not counted.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Nothing is needed; confirm a suspected indicator if you learn more.",
};

/// `screening_overlong`
pub static R22: Rule = Rule {
    code: "R22",
    message: "screening_overlong",
    classes: &[GoodPractice],
    force: RuleForce::Warning,
    when: "A screening talk is repeated, lasts longer than 30 minutes, or is held by someone without training.",
    effect: "It is recorded with a warning: screening should be short, and a joint plan should come before further questions.",
    sources: &[
        source("Barnahus Quality Standards (PROMISE), standard 6", "", Recalled),
        source("PROMISE TRM handbook on forensic interviews (Korkman, 2024)", "", Secondary),
    ],
    remedy: "End the screening talk and agree further questions in a joint planning meeting.",
};
