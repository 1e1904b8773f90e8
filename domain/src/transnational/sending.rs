//! Drafting, the national review and sending (T1 to T5).

use serde_json::json;

use super::{
    ACCEPTED, Body, Channels, Closing, Office, Opening, OwnOffice, Prepared, REPORTS, Request,
    RequestAct as A, Route, Side, Suspension, Transfer, check_complete, checklist, rule_of,
};
use crate::{
    CaseId, Check, Day, Decided, Reference, Refused, Timestamp, TransnationalRequestId, Version, Violation,
    access::Caller,
    deadlines::{Change, DutyKind, Outcome},
    directory::CountryEntry,
    events::{EventType, GivenTo},
    referrals::check_view,
    rules,
    text::Country,
    vocabulary::{TransnationalRequestStatus as S, TransnationalRequestType, Urgency},
};

/// In what an act is decided: the country of this side, the caller, the time.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The country of this side with its profile.
    pub country: &'a CountryEntry,
    /// Who acts.
    pub by: &'a Caller,
    /// When.
    pub now: Timestamp,
}

/// What a draft is made of.
#[derive(Clone, Debug)]
pub struct DraftRequest {
    /// Its id: random, because it crosses.
    pub id: TransnationalRequestId,
    /// Its reference here.
    pub reference: Reference,
    /// The case.
    pub case: CaseId,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// By which route.
    pub route: Route,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The own office on that route.
    pub office: OwnOffice,
    /// The office there.
    pub to: Office,
    /// What is prepared so far.
    pub prepared: Prepared,
}

/// Refuses a request inside one country.
pub fn check_abroad((here, to): (Country, Country)) -> Result<(), Refused> {
    let mut check = Check::default();
    check.require(to != here, || {
        Violation::plain("same_country", "/toCountry", "inside a country a referral is made instead")
    });
    check.done().map(|_| ())
}

impl Request {
    /// Drafts a request on a case that the caller's agency leads (T1).
    pub fn draft(draft: DraftRequest, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut check = Check::default();
        draft.office.check_may_know(&mut check, "/officeId");
        let OwnOffice { agency: office, office: from, agency_type, .. } = draft.office;
        check.require(draft.route.offices().contains(&agency_type), || {
            let because = format!("an office of the type {agency_type} does not stand at this route");
            Violation::plain("wrong_office", "/officeId", because)
        });
        let warnings = check.done()?;
        check_abroad((at.country.code, draft.to.country))?;
        let value = Self {
            id: draft.id,
            side: Side::Requesting,
            country: at.country.code,
            request_type: draft.request_type,
            route: draft.route,
            urgency: draft.urgency,
            status: S::Draft,
            status_at: at.now,
            case: Some(draft.case),
            lead: Some(at.by.agency),
            office,
            from,
            to: draft.to,
            reference: draft.reference,
            other_reference: None,
            prepared: draft.prepared,
            sent_at: None,
            first_received_at: None,
            forwards: 0,
            been_at: Vec::new(),
            officer: None,
            decision: None,
            answer: None,
            withdrawal: None,
            void: None,
            pause: None,
            transfer: Transfer::default(),
            handed_over_at: None,
            no_response_at: None,
            suspension: Suspension::default(),
            unexpected: Vec::new(),
            sent: Vec::new(),
            acknowledged: 0,
            received: Vec::new(),
            held: std::collections::BTreeMap::new(),
            version: Version::FIRST,
        };
        let payload = json!({ "type": value.request_type, "urgency": value.urgency, "to": value.to.country });
        Ok(value.told(EventType::TransnationalDrafted, payload, warnings, None, at))
    }

    /// Changes the draft (T1).
    pub fn amend(&self, prepared: Prepared, urgency: Urgency, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = Self { urgency, prepared, ..self.moved(A::Amend, at)? };
        Ok(value.done(A::Amend, json!({}), Vec::new(), self, at))
    }

    /// Submits it to the own focal point or Central Authority (T2): all parts are there, the child's view too, and it
    /// could be sent today. Sending asks again.
    pub fn submit_national(&self, channels: &Channels, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::SubmitNational, at)?;
        let mut check = Check::default();
        self.check_prepared(&mut check, at);
        self.check_way(&mut check, channels, at);
        let warnings = check.done()?;
        Ok(value.done(A::SubmitNational, json!({}), warnings, self, at))
    }

    /// Returns it to the author with reasons (T3), which stay with the office's own notes.
    pub fn return_to_sender(&self, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::ReturnToSender, at)?;
        Ok(value.done(A::ReturnToSender, json!({}), Vec::new(), self, at))
    }

    /// Sends it (T4): the channel is open on this day, and data may go there.
    pub fn approve_send(&self, channels: &Channels, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::ApproveSend, at)?;
        value.sending(A::ApproveSend, channels, self, at)
    }

    /// Sends it without national review (T4b): a danger notice, or in danger. The focal point hears of it as the office
    /// of the request.
    pub fn send_direct(&self, channels: &Channels, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::SendDirect, at)?;
        let urgent =
            self.request_type == TransnationalRequestType::DangerNotice || self.urgency == Urgency::Immediate;
        if !urgent {
            let because = "only a danger notice or an immediate request goes without national review";
            return Err(Refused::Broken(vec![Violation::plain("review_needed", "/urgency", because)]));
        }
        value.sending(A::SendDirect, channels, self, at)
    }

    fn sending(
        mut self,
        act: A,
        channels: &Channels,
        before: &Self,
        at: At<'_>,
    ) -> Result<Decided<Self>, Refused> {
        let mut check = Check::default();
        self.check_prepared(&mut check, at);
        self.check_way(&mut check, channels, at);
        let warnings = check.done()?;
        let Some(package) = self.prepared.package.clone() else { return Err(Refused::Broken(Vec::new())) };
        let opening = Opening {
            request_type: self.request_type,
            route: self.route,
            urgency: self.urgency,
            from: self.from.clone(),
            to: self.to.clone(),
            reference: self.reference.clone(),
            sent_at: at.now,
            chain: package.chain.clone(),
            package,
        };
        let payload = json!({
            "type": self.request_type, "urgency": self.urgency, "route": self.route, "to": self.to.country,
            "classes": opening.package.classes(), "digest": opening.package.digest().as_str(),
        });
        let payload = opening.package.given_to(GivenTo::from(&self.to)).told_in(payload);
        self.sent_at = Some(at.now);
        self.tell(Body::Sent(Box::new(opening)), at.now);
        let warns = self.case.filter(|_| self.request_type == TransnationalRequestType::DangerNotice);
        let mut decided = self.done(act, payload, warnings, before, at);
        // What a child that is missing from a case with a link abroad owed is done (R77).
        decided.deadlines.extend(warns.map(|case| Change::Closed {
            subject_id: case.0,
            kind: DutyKind::WarnOfDanger,
            outcome: Outcome::Fulfilled,
        }));
        Ok(decided)
    }

    /// R79 and R95: the channel is open on this day, and data may go there.
    fn check_way(&self, check: &mut Check, channels: &Channels, at: At<'_>) {
        let today = Day(at.country.day_of(at.now));
        let pair = (self.country, self.to.country);
        channels.check_channel(check, (self.request_type, self.route), pair, today);
        channels.check_transfer(check, self.to.country, self.prepared.transfer_ground, today);
    }

    /// What must be there before anything is sent: parts, view, translation, a package that is what was previewed.
    fn check_prepared(&self, check: &mut Check, at: At<'_>) {
        let prepared = &self.prepared;
        let rows = checklist(self.request_type, self.route, self.urgency, &prepared.parts);
        check_complete(check, &rows);
        if !rule_of(self.request_type).reference_only {
            check_view(check, prepared.child_view.as_ref(), at.country, at.now);
        }
        check.require(!prepared.endangers, || {
            Violation::of(&rules::R78, "/package", "disclosing it was found to endanger the child")
        });
        let Some(package) = &prepared.package else {
            check.require(false, || Violation::plain("not_prepared", "/package", "there is no package"));
            return;
        };
        for it in package.excess() {
            check.require(false, || it);
        }
        package.chain.check_bound(check, &package.classes());
        let mine = package.request_id == self.id
            && package.kind == self.request_type
            && package.urgency == self.urgency
            && package.from == self.from
            && package.to == self.to
            && package.reference == self.reference;
        check.require(mine, || {
            Violation::plain("package_of_another", "/package", "the package was built for another request")
        });
        let seen = prepared.previewed.as_ref() == Some(&package.digest());
        check.require(seen, || {
            Violation::plain("not_previewed", "/previewed", "this is not the package that was previewed")
        });
    }

    /// Notes that it could not be delivered (T5).
    pub fn mark_undeliverable(&self, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::MarkUndeliverable, at)?;
        Ok(value.done(A::MarkUndeliverable, json!({}), Vec::new(), self, at))
    }

    /// Sends the same again (T5): the same message, so that it has one effect however often it comes.
    pub fn retry_delivery(&self, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let value = self.moved(A::RetryDelivery, at)?;
        Ok(value.done(A::RetryDelivery, json!({ "again": true }), Vec::new(), self, at))
    }

    /// Sends it to another office of that country (T5), as long as nobody there has received it. The request is the same,
    /// and goes with what readdresses it; if the first office has received it after all, it stays there once it has begun.
    pub fn readdress(&self, to: Office, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Readdress, at)?;
        let mut check = Check::default();
        check.require(to.country == self.to.country && to != self.to, || {
            let because = "name another office of the country that is asked";
            Violation::plain("same_office", "/toOffice", because)
        });
        let warnings = check.done()?;
        value.to = to.clone();
        value.tell(Body::Readdressed(to.clone()), at.now);
        let payload = self.giving(GivenTo::from(&to), json!({}));
        Ok(value.done(A::Readdress, payload, warnings, self, at))
    }

    /// Gives it to another office of this country, because the one that has it is never to know of the case any more (R91):
    /// what it owed is owed by the other, and the other side is told whom to ask, not why.
    pub fn change_office(&self, to: OwnOffice, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::ChangeOffice, at)?;
        let mut check = Check::default();
        to.check_may_know(&mut check, "/officeId");
        let OwnOffice { agency, office, .. } = to;
        let other = office.country == self.country && agency != self.office;
        check.require(other, || Violation::plain("same_office", "/officeId", "it is there already"));
        let warnings = check.done()?;
        (value.office, value.from) = (agency, office.clone());
        if self.reaches_the_other() {
            value.tell(Body::OfficeChanged(office), at.now);
        }
        let payload = self.giving(GivenTo::Agency { id: agency }, json!({ "to": agency }));
        Ok(value.done(A::ChangeOffice, payload, warnings, self, at))
    }

    /// Closes with the final outcome, told to the other side (T17), where somebody acknowledges it; what is void is told to
    /// nobody, as nobody has it. While reports on the child are still to come, it says
    /// why nobody waits for them.
    pub fn close(&self, closing: Closing, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Close, at)?;
        let mut check = Check::default();
        let follows = self.status == S::FollowUp && usize::from(self.transfer.reports) < REPORTS.len();
        check.require(!follows || closing.follow_up_ends_because.is_some(), || {
            let because = format!(
                "{} of {} reports on the child are in: say why no further one is waited for",
                self.transfer.reports,
                REPORTS.len()
            );
            Violation::plain("follow_up_open", "/followUpEndsBecause", because)
        });
        let warnings = check.done()?;
        let ended_early = follows.then_some(true);
        if value.sent_at.is_some() && value.void.is_none() {
            value.tell(Body::Closed(closing), at.now);
        }
        let payload = json!({
            "accepted": self.accepted(),
            "decision": self.decision.as_ref().map(super::Decision::outcome),
            "handedOver": self.handed_over_at.is_some(), "followUpEndedEarly": ended_early,
        });
        Ok(value.done(A::Close, payload, warnings, self, at))
    }

    /// Withdraws it (T11): before it was sent at once; then it is asked for, and the requested side answers, be it with
    /// the decision that came first. Where it reaches nobody, it is declared void at once.
    pub fn withdraw(&self, reason: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Withdraw, at)?;
        let void = value.sent_at.is_some() && value.status == S::Withdrawn;
        if void {
            value.declare_void(reason, at.now);
        } else if value.sent_at.is_some() {
            value.tell(Body::WithdrawalRequested(reason), at.now);
            value.withdrawal = value.sent.last().map(|it| it.seq);
        }
        let payload = json!({ "knowsDecision": self.decision.is_some(), "void": void.then_some(true) });
        Ok(value.done(A::Withdraw, payload, Vec::new(), self, at))
    }

    /// Notes that everybody was told and nobody answered (ladder, step 5): the requesting side keeps the child and plans
    /// for itself; silence is never consent (R56).
    pub fn note_no_response(&self, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::NoteNoResponse, at)?;
        value.no_response_at = Some(at.now);
        let because = "the child stays where it is: no answer is not consent";
        let warning = Violation::of(&rules::R85, "", because);
        Ok(value.done(A::NoteNoResponse, json!({}), vec![warning], self, at))
    }

    /// Whether the requested side agreed in so many words; silence, or a state without its decision, is no consent.
    pub(super) fn check_not_silent(&self, check: &mut Check) {
        let said = self.decision.as_ref().is_some_and(|it| ACCEPTED.contains(&it.outcome()));
        check.require(said, || {
            Violation::of(&rules::R56, "", "the requested country has not accepted: silence is not consent")
        });
    }
}
