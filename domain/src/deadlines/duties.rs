//! The table of duties: what begins each, who owes it, what sets its limit, which act fulfils it.

use crate::{rules, rules::Rule};

crate::codes! {
    /// A duty with a time limit.
    pub enum DutyKind = "duty" {
        Triage = "triage": "Look at a concern",
        Acknowledge = "acknowledge": "Acknowledge a referral",
        Decide = "decide": "Decide on a referral",
        FirstContact = "first_contact": "Meet the child and begin the service",
        ProvideInformation = "provide_information": "Answer the receiver's question",
        NextStep = "next_step": "Find the child another way to help, or say why none is needed",
        AskView = "ask_view": "Ask the child for its view",
        Feedback = "feedback": "Tell the sender what came of it",
        GuardianCheck = "guardian_check": "Check whether a guardian is needed, and name a provisional one",
        SafetyPlan = "safety_plan": "Make the safety plan",
        ReflectionOffer = "reflection_offer": "Offer the recovery and reflection period",
        GiveInformation = "give_information": "Inform the child in a language that it understands",
        Education = "education": "Give the child access to school",
        FormalDecision = "formal_decision": "Decide formally on identification",
        ActOnIndicator = "act_on_indicator": "Act on a strong and direct indicator",
        CheckSibling = "check_sibling": "Look after another child of the family or household",
        ReportMissing = "report_missing": "Tell police that the child is missing",
        ReturnInterview = "return_interview": "Talk with the child that came back, by somebody independent",
        AnswerHandover = "answer_handover": "Confirm or refuse a handover",
        AnswerClosure = "answer_closure": "Decide on a closure that was asked for",
        CheckMatch = "check_match": "Look whether two cases are of one child",
        AsylumInformation = "asylum_information": "Inform the child about asylum, beside the help as a victim",
        AcknowledgeRequest = "acknowledge_request": "Acknowledge a request of another country",
        DecideRequest = "decide_request": "Decide on a request of another country, or answer it",
        LegalAnswer = "legal_answer": "Answer a request of another country within the three months of the law",
        AnswerRequestQuestions = "answer_request_questions": "Answer the questions of the requested country",
        ConfirmArrival = "confirm_arrival": "Confirm that the child has arrived",
        TakeOverChild = "take_over_child": "Take over the responsibility for a child that has arrived",
        FollowUpReport = "follow_up_report": "Tell the country that sent the child how it is",
        CloseRequest = "close_request": "Close a request that has ended, and say what is done instead",
        AcknowledgeNotice = "acknowledge_notice": "Acknowledge a notice of the other country: a correction, a withdrawn consent, a recall, the closing",
        ReviewRequest = "review_request": "Approve a request to another country, or return it",
        PlanTransfer = "plan_transfer": "Propose a plan of the transfer",
        AnswerPlan = "answer_plan": "Confirm the plan of the transfer, or refuse it",
        BeginTransfer = "begin_transfer": "Let the child go as planned, or plan anew",
        ReceiveBack = "receive_back": "Receive the child back in its last safe place, and decide what comes next",
        WarnOfDanger = "warn_of_danger": "Warn the other country of the danger to a child that did not arrive",
        ChaseNotice = "chase_notice": "See that the other country acknowledges an own notice",
        ReviewEmergencyAccess = "review_emergency_access": "Say whether an emergency access was justified",
        ReviewDataRequest = "review_data_request": "Decide on a request for the data of a child that is held",
        AnswerDataRequest = "answer_data_request": "Answer a request for the data of a child",
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct DutyRule {
    /// The duty.
    pub kind: DutyKind,
    /// The rule behind it.
    pub rule: &'static Rule,
    /// What begins it.
    pub begins: &'static str,
    /// Who owes it.
    pub owed_by: &'static str,
    /// What sets its limit.
    pub limit: &'static str,
    /// The operations that fulfil it.
    pub fulfilled_by: &'static [&'static str],
    /// Whether the referral expires a time after the last rung.
    pub expires: bool,
}

/// Every duty, in the order of the list.
pub static DUTIES: &[DutyRule] = &[
    DutyRule {
        kind: DutyKind::Triage,
        rule: &rules::R104,
        begins: "a concern is received",
        owed_by: "the agency that received it, or child protection where that one opens no cases",
        limit: "`triage.danger` or `triage.otherwise`",
        fulfilled_by: &["createScreening"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::Acknowledge,
        rule: &rules::R85,
        begins: "a referral is sent",
        owed_by: "the receiver",
        limit: "`responseTimes.acknowledge` of the urgency, from the first sending of the chain (R83)",
        fulfilled_by: &["acknowledgeReferral"],
        expires: true,
    },
    DutyRule {
        kind: DutyKind::Decide,
        rule: &rules::R85,
        begins: "a referral is sent",
        owed_by: "the receiver",
        limit: "`responseTimes.decide` of the urgency, from the first sending of the chain (R83); it stands still once \
                while the sender answers a question",
        fulfilled_by: &["acceptReferral", "declineReferral", "rerouteReferral"],
        expires: true,
    },
    DutyRule {
        kind: DutyKind::FirstContact,
        rule: &rules::R85,
        begins: "a referral is sent",
        owed_by: "the receiver",
        limit: "`responseTimes.firstContact` of the urgency, from the first sending of the chain (R83), never before \
                the decision is due",
        fulfilled_by: &["startReferral"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ProvideInformation,
        rule: &rules::R105,
        begins: "the receiver asks a question",
        owed_by: "the sender",
        limit: "`responseTimes.information` of the urgency",
        fulfilled_by: &["provideReferralInformation"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::NextStep,
        rule: &rules::R106,
        begins: "a referral is declined or expires, or a draft follows from another referral",
        owed_by: "the sender",
        limit: "`responseTimes.nextStep` of the urgency",
        fulfilled_by: &["rerouteReferral", "sendReferral", "cancelReferral"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::AskView,
        rule: &rules::R24,
        begins: "a referral, or a request to another country, is sent without the child's view",
        owed_by: "the sender; the agency that leads the case",
        limit: "the end of the day that the sender named",
        fulfilled_by: &["recordReferralChildView", "giveTransnationalNotice"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::Feedback,
        rule: &rules::R107,
        begins: "a service ends without feedback",
        owed_by: "the receiver",
        limit: "`feedbackWithin`",
        fulfilled_by: &["giveReferralFeedback"],
        expires: false,
    },
    entitlement(DutyKind::GuardianCheck, &rules::R32, "`entitlementTimes.guardianCheck`"),
    entitlement(DutyKind::SafetyPlan, &rules::R8, "`entitlementTimes.safetyPlan`"),
    entitlement(DutyKind::ReflectionOffer, &rules::R8, "`entitlementTimes.reflectionOffer`"),
    entitlement(DutyKind::GiveInformation, &rules::R26, "`entitlementTimes.information`"),
    entitlement(DutyKind::Education, &rules::R69, "`entitlementTimes.education`"),
    DutyRule {
        kind: DutyKind::FormalDecision,
        rule: &rules::R110,
        begins: "a formal assessment or a review is opened",
        owed_by: "the agency that leads the case",
        limit: "`formalDecision.target`; the first rung is taken at `formalDecision.warn`",
        fulfilled_by: &[
            "decideIdentification",
            "confirmNegativeDecision",
            "recogniseForeignDecision",
            "presumeVictim",
        ],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ActOnIndicator,
        rule: &rules::R20,
        begins: "a screening shows reasonable grounds or a strong and direct indicator; a case is taken in on such an \
                 indicator, or on a notice of another country that presumes the child a victim (R17)",
        owed_by: "the agency that screened; the one that took the case in",
        limit: "24 hours from the screening (R20)",
        fulfilled_by: &["createCase", "setAsideScreening", "presumeVictim", "presumeOnForeignNotice"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::CheckSibling,
        rule: &rules::R68,
        begins: "a brother, sister or other child of the household is recorded whom nobody has looked after",
        owed_by: "the agency that leads the case",
        limit: "72 hours (R68)",
        fulfilled_by: &["updateContact"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ReportMissing,
        rule: &rules::R74,
        begins: "a child is reported missing of whom police do not know yet; a child does not arrive by a request between \
                 countries, and no case here can report it",
        owed_by: "the agency that leads the case; the office of the request",
        limit: "at once, 24 hours at most (R74)",
        fulfilled_by: &["recordPoliceNotified"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ReturnInterview,
        rule: &rules::R74,
        begins: "a missing child was found alive",
        owed_by: LEAD,
        limit: "72 hours (R74)",
        fulfilled_by: &["recordReturnInterview"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::AnswerHandover,
        rule: &rules::R56,
        begins: "a handover is proposed",
        owed_by: "the receiver, or the focal point for another country",
        limit: "5 working days (R56)",
        fulfilled_by: &["confirmHandover", "refuseHandover"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::AnswerClosure,
        rule: &rules::R71,
        begins: "somebody asks to close the case",
        owed_by: LEAD,
        limit: "5 working days (R71)",
        fulfilled_by: &["approveClosure", "returnClosure"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::CheckMatch,
        rule: &rules::R70,
        begins: "a case is taken in, or its child's identity changes, so that it is strongly like that of an open case \
                 which the caller may not see; or a case is reopened that is strongly like an open one",
        owed_by: "the agencies that lead the two cases",
        limit: "3 working days (R70)",
        fulfilled_by: &["confirmCaseMatch", "rejectCaseMatch"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::AsylumInformation,
        rule: &rules::R100,
        begins: "with the other entitlements, where the child has the nationality of no state of the EU or EEA or of \
                 Switzerland as far as is known; or once that is recorded",
        owed_by: LEAD,
        limit: "`entitlementTimes.information`",
        fulfilled_by: &["recordEntitlement"],
        expires: false,
    },
    abroad(
        DutyKind::AcknowledgeRequest,
        &rules::R85,
        "a request is sent or forwarded",
        "4 hours, 24 hours, 3 or 5 working days by urgency, from the first receipt; from the forwarding where it was forwarded",
        &["acknowledgeTransnationalRequest"],
    ),
    abroad(
        DutyKind::DecideRequest,
        &rules::R85,
        "a request is sent",
        "24 hours, 72 hours, 10 working days or 30 days by urgency, from the first receipt; it stands still once while a question is answered",
        &["acceptTransnationalRequest", "declineTransnationalRequest", "answerTransnationalRequest"],
    ),
    abroad(
        DutyKind::LegalAnswer,
        &rules::R80,
        "a request for information or for consent to a placement is sent",
        "three months from the first receipt, whoever has it now and whatever is asked meanwhile",
        &["acceptTransnationalRequest", "declineTransnationalRequest", "answerTransnationalRequest"],
    ),
    abroad(
        DutyKind::AnswerRequestQuestions,
        &rules::R105,
        "the requested side asks questions",
        "as long as an acknowledgement may take",
        &["provideTransnationalInformation"],
    ),
    abroad(
        DutyKind::ConfirmArrival,
        &rules::R74,
        "the child leaves",
        "4 hours after the planned arrival; then the child is missing",
        &["confirmArrival"],
    ),
    abroad(DutyKind::TakeOverChild, &rules::R55, "the child has arrived", "24 hours", &["takeChildOver"]),
    abroad(
        DutyKind::FollowUpReport,
        &rules::R107,
        "the child was taken over",
        "one week, then 1, 3, 6 and 12 months from the handover",
        &["reportOnChild"],
    ),
    abroad(
        DutyKind::CloseRequest,
        &rules::R106,
        "a request is answered, declined or withdrawn",
        "5 working days",
        &["closeTransnationalRequest"],
    ),
    DutyRule {
        kind: DutyKind::AcknowledgeNotice,
        rule: &rules::R75,
        begins: "the other side tells of a correction, a withdrawn consent, a recall, the child's view, a passing on or the \
                 final outcome",
        owed_by: "the office of the request on the side that was told",
        limit: "24 hours from when it was told",
        fulfilled_by: &["acknowledgeTransnationalNotice"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ReviewRequest,
        rule: &rules::R85,
        begins: "a request is submitted to the own focal point or Central Authority",
        owed_by: "the own office of the request",
        limit: "as long as an acknowledgement may take",
        fulfilled_by: &["approveTransnationalRequest", "returnTransnationalRequest"],
        expires: false,
    },
    moving(
        DutyKind::PlanTransfer,
        &rules::R106,
        "a transfer is accepted, or its plan is refused or no longer confirmed",
        "as long as a decision may take",
        &["proposeTransferPlan", "withdrawTransnationalRequest"],
    ),
    abroad(
        DutyKind::AnswerPlan,
        &rules::R56,
        "a plan of the transfer is proposed",
        "as long as an acknowledgement may take",
        &["confirmTransferPlan", "refuseTransferPlan"],
    ),
    moving(
        DutyKind::BeginTransfer,
        &rules::R106,
        "both sides have confirmed the plan",
        "24 hours after the planned departure: later it needs a new plan",
        &["recordDeparture", "proposeTransferPlan", "withdrawTransnationalRequest"],
    ),
    moving(
        DutyKind::ReceiveBack,
        &rules::R106,
        "the child is turned back on the way",
        "24 hours",
        &["proposeTransferPlan", "withdrawTransnationalRequest"],
    ),
    DutyRule {
        kind: DutyKind::WarnOfDanger,
        rule: &rules::R77,
        begins: "the child did not arrive in time, or is reported missing with a link to another country",
        owed_by: "the agency that leads the case, of the requesting side if the child was on its way",
        limit: "24 hours (R77)",
        fulfilled_by: &["sendTransnationalRequest", "approveTransnationalRequest", "confirmArrival"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ChaseNotice,
        rule: &rules::R75,
        begins: "the own side tells of a correction, a withdrawn consent, a recall, the child's view, a passing on or the \
                 final outcome",
        owed_by: "the office of the request on the side that told it",
        limit: "24 hours from when it was told",
        fulfilled_by: &["acknowledgeTransnationalNotice"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ReviewEmergencyAccess,
        rule: &rules::R94,
        begins: "somebody who takes no part in a case opens it in an emergency",
        owed_by: LEAD,
        limit: "2 working days (R94)",
        fulfilled_by: &["reviewEmergencyAccess"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::ReviewDataRequest,
        rule: &rules::R90,
        begins: "a request for the data of a child is held",
        owed_by: "the data protection authority of the country; the agency that leads the case waits for it",
        limit: "2 working days (R90)",
        fulfilled_by: &["reviewDataRequest"],
        expires: false,
    },
    DutyRule {
        kind: DutyKind::AnswerDataRequest,
        rule: &rules::R90,
        begins: "somebody asks for the data of a child",
        owed_by: LEAD,
        limit: "one month from the day of receipt (GDPR Art. 12(3)); a hold does not lengthen it",
        fulfilled_by: &["answerDataRequest"],
        expires: false,
    },
];

const LEAD: &str = "the agency that leads the case";

/// What a request between countries asks for. Both sides keep it on their own clocks.
const fn abroad(
    kind: DutyKind,
    rule: &'static Rule,
    begins: &'static str,
    limit: &'static str,
    fulfilled_by: &'static [&'static str],
) -> DutyRule {
    let owed_by = "the office of the request on either side: one does it, the other chases it";
    DutyRule { kind, rule, begins, owed_by, limit, fulfilled_by, expires: false }
}

/// What the move of a child asks of the requesting side, which has the child; the other chases it.
const fn moving(
    kind: DutyKind,
    rule: &'static Rule,
    begins: &'static str,
    limit: &'static str,
    fulfilled_by: &'static [&'static str],
) -> DutyRule {
    let owed_by = "the agency that leads the case of the requesting side; the office of the other chases it";
    DutyRule { kind, rule, begins, owed_by, limit, fulfilled_by, expires: false }
}

/// What a presumption opens (R8).
const fn entitlement(kind: DutyKind, rule: &'static Rule, limit: &'static str) -> DutyRule {
    DutyRule {
        kind,
        rule,
        begins: "the child is presumed a victim, a review begins, or the case is reopened (R72)",
        owed_by: LEAD,
        limit,
        fulfilled_by: &["recordEntitlement"],
        expires: false,
    }
}
