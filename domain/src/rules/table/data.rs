//! Rules on data protection, online harm, placement and statistics: R86 to R103.

use super::{source, urls};
use crate::rules::{
    Rule,
    RuleClass::{Configurable, GoodPractice, Law, ProjectDefault},
    RuleForce,
    Verification::{Proposal, Recalled, Secondary, TextRead},
};

/// `justify_access`
pub static R86: Rule = Rule {
    code: "R86",
    message: "justify_access",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "Someone reads personal data without a relation to the case, or without the justification that is required (always for police and prosecution data).",
    effect: "Access is denied, or a justification is asked for.",
    sources: &[
        source("Directive (EU) 2016/680 Art. 25(1)", urls::LED, TextRead),
        source("Regulation (EU) 2016/679 Art. 5", urls::GDPR, Recalled),
    ],
    remedy: "Join the case through its lead agency, and state why you need the data.",
};

/// `log_purpose`
pub static R87: Rule = Rule {
    code: "R87",
    message: "log_purpose",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "Someone tries to alter the access log, or to use it for staff matters or marketing.",
    effect: "It is denied: the log can only be added to, and its entries are chained.",
    sources: &[source("Directive (EU) 2016/680 Art. 25(2)", urls::LED, TextRead)],
    remedy: "Use the log only to check lawfulness, for self-monitoring, for integrity and in criminal proceedings.",
};

/// `gdpr10_blocked`
pub static R88: Rule = Rule {
    code: "R88",
    message: "gdpr10_blocked",
    classes: &[Law, Configurable],
    force: RuleForce::Hard,
    when: "A non-governmental organisation or a shelter records offences of a named suspect.",
    effect: "It is refused unless the country profile authorises it.",
    sources: &[source("Regulation (EU) 2016/679 Art. 10", urls::GDPR, Recalled)],
    remedy: "Describe the danger without naming the offence, and pass the information to the police.",
};

/// `therapy_note_sealed`
pub static R89: Rule = Rule {
    code: "R89",
    message: "therapy_note_sealed",
    classes: &[GoodPractice],
    force: RuleForce::Hard,
    when: "Another room asks for therapy notes.",
    effect: "It is denied: only the therapist may share, and only a summary.",
    sources: &[source("Barnahus Quality Standards (PROMISE), standard 8", "", Recalled)],
    remedy: "Ask the therapist for a summary.",
};

/// `request_held`
pub static R90: Rule = Rule {
    code: "R90",
    message: "request_held",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A parent, or someone who says they represent the child and has been flagged, asks for access to or a copy of the child's data.",
    effect: "The request is held for the data protection officer, and the answer stays neutral.",
    sources: &[
        source("Regulation (EU) 2016/679 Art. 12(3)", urls::GDPR, Recalled),
        source("Regulation (EU) 2016/679 Art. 15(4)", urls::GDPR, Recalled),
        source("Regulation (EU) 2016/679 Art. 23", urls::GDPR, Recalled),
        source("Directive 2012/29/EU Art. 24", urls::VRD, TextRead),
    ],
    remedy: "Wait for the review of the data protection officer.",
};

/// `restricted_party`
pub static R91: Rule = Rule {
    code: "R91",
    message: "restricted_party",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "The recipient or reader is on the child's list of restricted parties.",
    effect: "Access is denied and an alert is raised.",
    sources: &[source("Regulation (EU) 2019/1111 Art. 89", urls::BIIB, TextRead)],
    remedy: "Choose another recipient; only the lead agency can change the list, after a new risk assessment.",
};

/// `restrict_not_erase`
pub static R92: Rule = Rule {
    code: "R92",
    message: "restrict_not_erase",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "Data that is evidence or is contested is to be erased.",
    effect: "It is not erased; its processing is restricted instead.",
    sources: &[
        source("Directive (EU) 2016/680 Art. 16(3)", urls::LED, TextRead),
        source("Regulation (EU) 2016/679 Art. 17(3)", urls::GDPR, Recalled),
    ],
    remedy: "Ask for restriction, and erase when the evidence or the dispute is over.",
};

/// `retention_missing`
pub static R93: Rule = Rule {
    code: "R93",
    message: "retention_missing",
    classes: &[Configurable],
    force: RuleForce::Hard,
    when: "A record is created without a retention class.",
    effect: "It is refused.",
    sources: &[source("Regulation (EU) 2016/679 Art. 5(1)(e)", urls::GDPR, Recalled)],
    remedy: "Choose the retention class that the country profile names for this kind of record.",
};

/// `break_glass_opened`
pub static R94: Rule = Rule {
    code: "R94",
    message: "break_glass_opened",
    classes: &[ProjectDefault],
    force: RuleForce::NeedsReason,
    when: "Someone opens emergency access to a case.",
    effect: "It is granted for at most 60 minutes with a reason; the data protection officer, and where it is safe the guardian, are told, and a second person reviews it within 2 days. After three in 30 days none is granted to the same person until all were reviewed.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("Regulation (EU) 2016/679 Art. 32", urls::GDPR, Recalled),
    ],
    remedy: "State why the access is needed now.",
};

/// `transfer_ground`
pub static R95: Rule = Rule {
    code: "R95",
    message: "transfer_ground",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "Personal data is to be sent outside the European Economic Area and the Schengen rules without a ground for the transfer.",
    effect: "Sending is refused.",
    sources: &[
        source("Regulation (EU) 2016/679 Art. 44 to 49", urls::GDPR, Recalled),
        source("Directive (EU) 2016/680 Art. 35 to 38", urls::LED, Recalled),
    ],
    remedy: "Name the ground: an adequacy decision, safeguards, or the recorded exception of vital or public interest.",
};

/// `no_automated_decision`
pub static R96: Rule = Rule {
    code: "R96",
    message: "no_automated_decision",
    classes: &[Law],
    force: RuleForce::Hard,
    when: "A rule of the system would set a person's legal status without a human decision.",
    effect: "It is refused: results of the system only advise.",
    sources: &[source("Regulation (EU) 2016/679 Art. 22", urls::GDPR, Recalled)],
    remedy: "Let an authorised person decide and give reasons.",
};

/// `online_harm_tasks`
pub static R97: Rule = Rule {
    code: "R97",
    message: "online_harm_tasks",
    classes: &[Law],
    force: RuleForce::Info,
    when: "Sexual images or videos of the child have been spread with information and communication technologies.",
    effect: "Tasks are opened: hotline report, notice to the platform, cyber unit of the police, digital safety with the child; the offence is flagged as aggravated.",
    sources: &[source("Directive 2011/36/EU Art. 4(3)(b)", urls::ATD, TextRead)],
    remedy: "Nothing is needed; follow up the tasks that were opened.",
};

/// `list_each_purpose`
pub static R98: Rule = Rule {
    code: "R98",
    message: "list_each_purpose",
    classes: &[ProjectDefault],
    force: RuleForce::Hard,
    when: "A presumed victim has no exploitation type, or one entry stands for several.",
    effect: "It is refused: each purpose of exploitation is an episode of its own.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("PROMISE TRM project description", "", Secondary),
        source("Directive 2011/36/EU Art. 19a", urls::ATD, TextRead),
    ],
    remedy: "Record one episode for each purpose of exploitation.",
};

/// `unsuitable_placement`
pub static R99: Rule = Rule {
    code: "R99",
    message: "unsuitable_placement",
    classes: &[Law, GoodPractice],
    force: RuleForce::Hard,
    when: "A child is placed in a closed setting or in a setting for adults.",
    effect: "A closed setting, or one for adults only, is refused without a court order; a shelter shared with adults is accepted with a warning.",
    sources: &[
        source("Directive 2011/36/EU Art. 11(5a)", urls::ATD, TextRead),
        source("UN Convention on the Rights of the Child Art. 37", urls::CRC, Recalled),
    ],
    remedy: "Choose a place that is suitable for children, or add the court order.",
};

/// `asylum_info_due`
pub static R100: Rule = Rule {
    code: "R100",
    message: "asylum_info_due",
    classes: &[Law],
    force: RuleForce::Warning,
    when: "The child may need international protection and has not been informed about asylum.",
    effect: "A task is opened with the other entitlements, or once it becomes known. The child never has to choose between asylum and help as a victim.",
    sources: &[
        source("Directive 2011/36/EU Art. 11(4)(c)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 11(6)", urls::ATD, TextRead),
        source("Directive 2011/36/EU Art. 11a", urls::ATD, TextRead),
    ],
    remedy: "Inform the child and the guardian about asylum, in the child's language.",
};

/// `stat_field_missing`
pub static R101: Rule = Rule {
    code: "R101",
    message: "stat_field_missing",
    classes: &[Law],
    force: RuleForce::Warning,
    when: "The statistics of a year are closed while the registering organisation, sex, age group, citizenship or form of exploitation is missing.",
    effect: "The missing fields are listed; \"unknown\" is accepted when it is said explicitly.",
    sources: &[source("Directive 2011/36/EU Art. 19a(2)", urls::ATD, TextRead)],
    remedy: "Fill in the fields, or state that the value is unknown.",
};

/// `cell_suppressed`
pub static R102: Rule = Rule {
    code: "R102",
    message: "cell_suppressed",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "A number in a table is so small that it could point to a person.",
    effect: "The number is suppressed.",
    sources: &[source("TRM project default", "", Proposal)],
    remedy: "Nothing is needed; use a broader breakdown if you need the number.",
};

/// `unknown_not_zero`
pub static R103: Rule = Rule {
    code: "R103",
    message: "unknown_not_zero",
    classes: &[ProjectDefault],
    force: RuleForce::Info,
    when: "A number was not collected.",
    effect: "It is stored and shown as unknown, never as zero.",
    sources: &[
        source("TRM project default", "", Proposal),
        source("Eurostat statistics on trafficking in human beings", "", Secondary),
    ],
    remedy: "Nothing is needed; state zero only when zero was counted.",
};
