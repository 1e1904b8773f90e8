//! The requested side: acknowledging, forwarding, asking, assessing and deciding (T6 to T10, T18); the answers of the
//! requesting side to its questions (T7b).

use serde_json::json;

use super::{
    Acceptance, At, Body, Decision, OwnOffice, Refusal, Reply, Request, RequestAct as A, Side,
    declining::check_ground,
};
use crate::{
    AgencyId, CaseId, Check, Day, Decided, Refused, Violation,
    cases::{Case, Identity},
    events::GivenTo,
    rules,
    vocabulary::{
        CaseStatus, Sex, TransnationalDeclineReason, TransnationalRequestStatus as S,
        TransnationalRequestType,
    },
};

/// From which forwarding on the national coordinator hears of it (R83).
pub const COORDINATOR_HEARS_FROM: u8 = 3;

/// How often a request is forwarded at the most: who is competent is then for the national coordinator to say; no external
/// source sets it.
pub const MOST_FORWARDS: u8 = 5;

impl Request {
    /// Acknowledges with a named officer (T6).
    pub fn acknowledge(&self, officer: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        self.named(A::Acknowledge, officer, at)
    }

    /// The authority to which it was forwarded acknowledges it (T6c); the legal clock keeps its first start.
    pub fn take_forwarded(&self, officer: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        self.named(A::TakeForwarded, officer, at)
    }

    fn named(&self, act: A, officer: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(act, at)?;
        value.officer = Some(officer.clone());
        value.tell(Body::Acknowledged { officer, reference: self.reference.clone() }, at.now);
        Ok(value.done(act, json!({}), Vec::new(), self, at))
    }

    /// The case that was opened here from the package, and the agency that leads it.
    pub fn open_case(&self, case: CaseId, lead: AgencyId, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = Self { case: Some(case), lead: Some(lead), ..self.moved(A::OpenCase, at)? };
        let payload = self.giving(GivenTo::Agency { id: lead }, json!({ "leadAgencyId": lead }));
        Ok(value.done(A::OpenCase, payload, Vec::new(), self, at))
    }

    /// The same with a case that is there for the child already, and open.
    ///
    /// A case of what can only be another child is refused: a wrong link would let that one be missed or searched for.
    pub fn link_case(
        &self,
        (case, known): (&Case, &Identity),
        told: &Identity,
        at: At<'_>,
    ) -> Result<Decided<Self>, Refused> {
        let value = Self { case: Some(case.id), lead: Some(case.lead), ..self.moved(A::OpenCase, at)? };
        let mut check = Check::default();
        let over = matches!(
            case.status,
            CaseStatus::Transferred | CaseStatus::Closed | CaseStatus::Merged | CaseStatus::Erroneous
        );
        check.require(!over, || {
            let because = format!("the case is {}: reopen it, or open one from the package", case.status);
            Violation::plain("case_not_open", "/caseId", because)
        });
        check.require(!is_another(known, told), || {
            let because = "sex or year of birth tell that this is another child: link the right case, or correct it first";
            Violation::plain("another_child", "/caseId", because)
        });
        let told_of = self.opening().is_some_and(|it| Self::presumes(it, at.country));
        check.advise(!told_of || case.identification.grounds.is_some(), || {
            let because =
                "the other country says that the child is a victim, and this case does not presume it yet";
            Violation::of(&rules::R17, "/caseId", because)
        });
        let warnings = check.done()?;
        let to = GivenTo::Agency { id: case.lead };
        let payload = self.giving(to, json!({ "leadAgencyId": case.lead, "linked": true }));
        Ok(value.done(A::OpenCase, payload, warnings, self, at))
    }

    /// Forwards it to the competent authority of the country and tells the sender (T6b, R81): one that can be competent
    /// for what came by this route, and that may know of the case here (R91).
    pub fn forward(
        &self,
        competent: OwnOffice,
        because: String,
        at: At<'_>,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Forward, at)?;
        let mut check = Check::default();
        competent.check_may_know(&mut check, "/toAgencyId");
        let OwnOffice { agency: office, office: to, agency_type, coordinator, .. } = competent;
        check.require(self.route.forwards_to(agency_type), || {
            let because = "no authority for requests of other countries by this route";
            Violation::of(&rules::R81, "/toAgencyId", because)
        });
        check.require(to.country == self.country, || {
            let because = "another country is asked by a request of its own, in the chain of this one";
            Violation::of(&rules::R81, "/toAgencyId", because)
        });
        check.require(office != self.office && to != self.from, || {
            Violation::of(&rules::R81, "/toAgencyId", "it is there already")
        });
        check.require(!self.been_at.contains(&to), || {
            let because = "that office had it and forwarded it: ask the national coordinator who is competent, forward it \
                           to another one, or decide on it here";
            Violation::of(&rules::R81, "/toAgencyId", because)
        });
        check.require(self.forwards < MOST_FORWARDS, || {
            let because = format!(
                "it was forwarded {MOST_FORWARDS} times: ask the national coordinator who is competent, and decide on it here"
            );
            Violation::of(&rules::R81, "", because)
        });
        value.forwards = self.forwards.saturating_add(1);
        check.advise(value.forwards < COORDINATOR_HEARS_FROM, || {
            let because =
                format!("it is forwarded for the {}. time: the coordinator is told", value.forwards);
            Violation::of(&rules::R83, "", because)
        });
        let warnings = check.done()?;
        value.office = office;
        value.been_at.push(self.from.clone());
        value.from = to.clone();
        value.officer = None;
        value.pause_ends(at.now);
        value.tell(Body::Forwarded { to, because }, at.now);
        let forwards = value.forwards;
        let payload = json!({ "forwards": value.forwards, "from": self.office, "to": office });
        let payload = self.giving(GivenTo::Agency { id: office }, payload);
        let mut decided = value.done(A::Forward, payload, warnings, self, at);
        if let Some(fact) = decided.facts.first_mut() {
            fact.audience.push(self.office);
            fact.audience.extend(coordinator.filter(|_| forwards >= COORDINATOR_HEARS_FROM));
        }
        Ok(decided)
    }

    /// Asks the requesting side questions (T7). The own times stand still once meanwhile, the legal limit never.
    pub fn request_more(&self, questions: Vec<String>, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::RequestMore, at)?;
        let mut check = Check::default();
        check.require(!questions.is_empty(), || {
            Violation::plain("nothing_asked", "/questions", "no question is asked")
        });
        let warnings = check.done()?;
        value.pause_begins(at.country, at.now);
        value.tell(Body::InfoRequested(questions), at.now);
        Ok(value.done(A::RequestMore, json!({}), warnings, self, at))
    }

    /// The questions that were asked last, in their order.
    pub fn questions(&self) -> &[String] {
        let all = if self.side == Side::Requesting { &self.received } else { &self.sent };
        all.iter()
            .rev()
            .find_map(|it| match &it.body {
                Body::InfoRequested(questions) => Some(questions.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// Answers the questions (T7b): each in its order, or says why there is no answer to it.
    pub fn answer_more(&self, answers: Vec<Reply>, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::AnswerMore, at)?;
        let mut check = Check::default();
        let (asked, given) = (self.questions().len(), answers.len());
        check.require(asked == given, || {
            let because = format!(
                "{asked} questions wait and {given} are answered: answer each in its order, or say why there is no answer"
            );
            Violation::plain("question_unanswered", "/answers", because)
        });
        let warnings = check.done()?;
        value.pause_ends(at.now);
        value.tell(Body::InfoGiven(answers), at.now);
        Ok(value.done(A::AnswerMore, json!({}), warnings, self, at))
    }

    /// Begins the assessment (T8), with the case that was opened here from it and the agency that leads that.
    pub fn assess(&self, case: Option<(CaseId, AgencyId)>, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Assess, at)?;
        if let Some((case, lead)) = case {
            (value.case, value.lead) = (Some(case), Some(lead));
        }
        value.pause_ends(at.now);
        value.tell(Body::AssessmentBegun, at.now);
        Ok(value.done(A::Assess, json!({ "caseOpened": case.is_some() }), Vec::new(), self, at))
    }

    /// Accepts (T9): a part is named, conditions are listed, and a placement has the document of its consent (R53).
    pub fn accept(&self, decision: Decision, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::Accept, at)?;
        let mut check = Check::default();
        let nothing = Acceptance::default();
        let acceptance = decision.acceptance().unwrap_or(&nothing);
        check.require(decision.acceptance().is_some(), || {
            Violation::plain("not_an_acceptance", "/outcome", "decline instead, with a reason")
        });
        let part = decision.outcome() == S::AcceptedPartly;
        check.require(part == acceptance.scope.is_some(), || {
            Violation::plain("scope_unclear", "/scope", "name what is accepted exactly where that is a part")
        });
        let conditional = decision.outcome() == S::AcceptedConditionally;
        check.require(conditional != acceptance.conditions.is_empty(), || {
            let because = "list conditions exactly where it is accepted on conditions";
            Violation::plain("conditions_unclear", "/conditions", because)
        });
        if self.request_type == TransnationalRequestType::PlacementConsent {
            let today = Day(at.country.day_of(at.now));
            let dated = acceptance.consent.as_ref().is_some_and(|it| it.dated <= today);
            check.require(dated, || {
                let because = "a placement is consented to in a document of today or before";
                Violation::of(&rules::R53, "/consent", because)
            });
        }
        let warnings = check.done()?;
        Ok(value.decided(A::Accept, decision, warnings, self, at))
    }

    /// Declines (T10): on a ground that is lawful for what is asked, with what could help instead (R82); never for lack of competence, which is
    /// forwarded (R81); nor where law obliges to help (R84).
    pub fn decline(&self, refusal: Refusal, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::Decline, at)?;
        let mut check = Check::default();
        let reason = refusal.reason;
        check_ground(&mut check, reason, (self.request_type, self.route));
        check.require(reason != TransnationalDeclineReason::Other || refusal.explanation.is_some(), || {
            Violation::of(&rules::R82, "/explanation", "another reason must be explained")
        });
        check.require(refusal.none_known == refusal.alternatives.is_empty(), || {
            let because = "name what could help instead, or that nothing is known";
            Violation::of(&rules::R82, "/alternatives", because)
        });
        let statutory = self.request_type == TransnationalRequestType::AssistanceReferral
            && at.country.profile.must_accept.value.contains(&at.by.agency_type);
        check.require(!statutory, || {
            Violation::of(&rules::R84, "", "the national profile obliges this type of agency to help")
        });
        let warnings = check.done()?;
        Ok(value.decided(A::Decline, Decision::Declined(refusal), warnings, self, at))
    }

    fn decided(
        self,
        act: A,
        decision: Decision,
        warnings: Vec<Violation>,
        before: &Self,
        at: At<'_>,
    ) -> Decided<Self> {
        let mut value = Self { status: decision.outcome(), ..self };
        let payload = match &decision {
            Decision::Declined(it) => json!({ "reason": it.reason }),
            _ => json!({ "conditions": decision.acceptance().map_or(0, |it| it.conditions.len()) }),
        };
        value.decision = Some(decision.clone());
        value.tell(Body::Decided(decision), at.now);
        value.done(act, payload, warnings, before, at)
    }

    /// Answers what was asked (T18).
    pub fn answer(&self, answer: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Answer, at)?;
        value.answer = Some(answer.clone());
        value.tell(Body::Answered(answer), at.now);
        Ok(value.done(A::Answer, json!({}), Vec::new(), self, at))
    }
}

/// How far two years of birth of one child may lie apart, in years: ages are declared, and estimated.
const YEARS_APART: i32 = 5;

/// Whether two identities can only be of two children.
fn is_another(one: &Identity, other: &Identity) -> bool {
    let sexes = one.sex.zip(other.sex).is_some_and(|(one, other)| {
        let told = |it| matches!(it, Sex::Female | Sex::Male);
        told(one) && told(other) && one != other
    });
    let births = one.birth_date.zip(other.birth_date);
    sexes || births.is_some_and(|(one, other)| (one.year - other.year).abs() > YEARS_APART)
}
