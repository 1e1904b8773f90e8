//! Rules on referrals, requests between countries and their answers: R75 to R85, R112 to R114.

use super::{source, urls};
use crate::rules::{
    Rule,
    RuleClass::{Configurable, Law, ProjectDefault},
    RuleForce,
    Verification::{Proposal, Recalled, TextRead, Unverified},
};

/// `data_class_excess`
pub static R75: Rule = Rule {
    code: "R75",
    message: "data_class_excess",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "What is about to be sent holds data that the recipient may not have.",
    effect: "Sending is refused, or the data is left out.",
    sources: &[
        source("Regulation (EU) 2016/679 Art. 5(1)(c)", urls::GDPR, Recalled),
        source("Regulation (EU) 2016/679 Art. 25", urls::GDPR, Recalled),
    ],
    remedy: "Take out the data classes that the recipient does not need.",
};

/// `translation_required`
pub static R76: Rule = Rule {
    code: "R76",
    message: "translation_required",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A request to a Central Authority has no translation and no confirmation that its language is accepted.",
    effect: "Sending is blocked; on the urgency \"immediate\" it goes out with a warning.",
    sources: &[
        source("Regulation (EU) 2019/1111 Art. 80(3)", urls::BIIB, TextRead),
        source("Regulation (EU) 2019/1111 Art. 82(4)", urls::BIIB, TextRead),
    ],
    remedy: "Attach the translation, or confirm that the other side accepts the language.",
};

/// `danger_notice_due`
pub static R77: Rule = Rule {
    code: "R77",
    message: "danger_notice_due",
    classes: &[Law],
    force: RuleForce::Warning,
    when: "A serious danger to the child is known, the child is known to be in another country, and that country has not been told within 24 hours.",
    effect: "An alert is raised and a danger notice is drafted.",
    sources: &[
        source("Regulation (EU) 2019/1111 Art. 80(2)", urls::BIIB, TextRead),
        source("1996 Hague Child Protection Convention Art. 36", urls::HAGUE_1996, Recalled),
        source(
            "Convention on Action against Trafficking in Human Beings (CETS 197) Art. 33",
            urls::CETS_197,
            Recalled,
        ),
    ],
    remedy: "Send the danger notice now; it may go directly to the competent authority there.",
};

/// `non_disclosure`
pub static R78: Rule = Rule {
    code: "R78",
    message: "non_disclosure",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "Disclosing the data has been found to endanger the child.",
    effect: "The data is masked, the other side sees only \"suspended\", and the attempt is logged.",
    sources: &[
        source("Regulation (EU) 2019/1111 Art. 89", urls::BIIB, TextRead),
        source("1996 Hague Child Protection Convention Art. 37", urls::HAGUE_1996, Recalled),
    ],
    remedy: "Wait for a new risk assessment by the side that set the restriction.",
};

/// `no_channel`
pub static R79: Rule = Rule {
    code: "R79",
    message: "no_channel",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "There is no legal channel for this type of request between these two countries on this date.",
    effect: "Sending is refused, and the channels that exist are listed.",
    sources: &[source("Legal channels between States, as the country profile states them", "", Unverified)],
    remedy: "Use one of the listed channels.",
};

/// `legal_limit`
pub static R80: Rule = Rule {
    code: "R80",
    message: "legal_limit",
    classes: &[Law],
    force: RuleForce::Warning,
    when: "A request for information or for consent to a placement was received two months and 15 days ago, or three months ago.",
    effect: "At first the answer warns; at three months the breach of the legal limit is flagged.",
    sources: &[
        source("Regulation (EU) 2019/1111 Art. 80(4)", urls::BIIB, TextRead),
        source("Regulation (EU) 2019/1111 Art. 82(6)", urls::BIIB, TextRead),
    ],
    remedy: "Answer the request now, or record the exceptional circumstances and tell the requesting side.",
};

/// `forward_not_drop`
pub static R81: Rule = Rule {
    code: "R81",
    message: "forward_not_drop",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "The authority that received a request is not competent.",
    effect: "It may not drop the request: it must forward it to the competent authority and tell the sender.",
    sources: &[source("Regulation (EU) 2019/1111 Art. 76", urls::BIIB, TextRead)],
    remedy: "Forward the request to the competent authority and inform the sender.",
};

/// `decline_invalid`
pub static R82: Rule = Rule {
    code: "R82",
    message: "decline_invalid",
    classes: &[Law, ProjectDefault],
    force: RuleForce::Hard,
    when: "A referral is declined on a forbidden ground (nationality, residence status, lack of cooperation, offences), or without a reason or without an alternative.",
    effect: "The refusal is not accepted.",
    sources: &[
        source("Directive 2011/36/EU Art. 11(4)", urls::ATD, TextRead),
        source("UN Convention on the Rights of the Child Art. 2", urls::CRC, Recalled),
        source("TRM project default", "", Proposal),
    ],
    remedy: "Name a lawful reason and suggest who could help instead, or state that none is known.",
};

/// `reroute_escalated`
pub static R83: Rule = Rule {
    code: "R83",
    message: "reroute_escalated",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "A referral is rerouted to another recipient.",
    effect: "The clock keeps its first start; the third reroute goes to the coordinator.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Nothing is needed; choose a recipient that can take the child.",
};

/// `must_accept`
pub static R84: Rule = Rule {
    code: "R84",
    message: "must_accept",
    classes: &[Configurable],
    force: RuleForce::Hard,
    when: "A recipient that is bound by law to accept declines.",
    effect: "The refusal is not accepted.",
    sources: &[source("National law, as the country profile states it", "", Unverified)],
    remedy: "Accept the referral, or reroute it together with an agency that takes it over.",
};

/// `overdue_escalated`
pub static R85: Rule = Rule {
    code: "R85",
    message: "overdue_escalated",
    classes: &[ProjectDefault],
    force: RuleForce::Warning,
    when: "An acknowledgement or a decision is overdue.",
    effect: "It is escalated step by step, and the sender stays responsible for the child.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Answer the referral or request; as the sender, keep protecting the child meanwhile.",
};

/// `own_case_missing`
pub static R112: Rule = Rule {
    code: "R112",
    message: "own_case_missing",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "A country confirms the plan of a transfer and has no case of its own for the child.",
    effect: "It is refused: a child is never received into no case, and one that does not arrive is reported missing in it.",
    sources: &[
        source("CBSS guidelines on transnational child protection (2015)", "", Recalled),
        source("TRM project default", "", Proposal),
    ],
    remedy: "Open a case from the package (open-case), or link the open case that the country has for the child already.",
};

/// `onward_unnamed`
pub static R113: Rule = Rule {
    code: "R113",
    message: "onward_unnamed",
    classes: &[Law, ProjectDefault],
    force: RuleForce::Hard,
    when: "A further country is asked about a child whose case was opened from the request of another country, and that request is not named.",
    effect: "It is refused: what the origin allowed to pass on binds only where it is named.",
    sources: &[
        source("Regulation (EU) 2016/679 Art. 5(1)(b)", urls::GDPR, Recalled),
        source("TRM project default", "", Proposal),
    ],
    remedy: "Name the request by which the child's data came here (onwardOf), or ask the country that sent them.",
};

/// `notice_of_other_side`
pub static R114: Rule = Rule {
    code: "R114",
    message: "notice_of_other_side",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "A side of a request between countries gives a notice that it has no reason for: the requested one a recall or the child's view, either one a closing or a passing on that it has not done.",
    effect: "It is refused: a notice says what its side has done or knows of what it sent itself.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Correct what your side sent (correction), ask the other side to call back what it sent, or close or send the request, which tells of it.",
};
