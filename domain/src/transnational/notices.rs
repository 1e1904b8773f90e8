//! Notices: what follows what was sent and is acknowledged by a person there, with a deadline. The closing is one too,
//! and that something was passed on; each kind has the side that has reason for it (R114).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{At, Body, Message, Request, RequestAct as A, Side};
use crate::{
    Check, Day, Decided, Refused, Timestamp, TransnationalRequestId, Violation,
    events::EventType,
    rules,
    text::Country,
    vocabulary::{DataClass, TransnationalRequestType},
};

/// How long the other side has to acknowledge a notice; no external source sets it.
pub const NOTICE_WITHIN: time::Duration = time::Duration::hours(24);

crate::codes! {
    /// What a notice tells that follows what was sent.
    pub enum NoticeKind = "transnational_notice" {
        Correction = "correction": "Something that was sent is wrong and is corrected",
        ConsentWithdrawn = "consent_withdrawn": "A consent on which something was sent is withdrawn",
        Recall = "recall": "What was sent is called back",
        ChildAsked = "child_asked": "The child was asked for its view, and what came of it (R24)",
        PassedOn = "passed_on": "What was sent was passed on to a further country",
        Closed = "closed": "The request is closed, and its final outcome",
    }
}

/// A notice that follows what was sent and must be acknowledged by a person there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    /// What it is.
    pub kind: NoticeKind,
    /// What it is about, in words or as the package names it.
    pub about: String,
    /// Until when it is to be acknowledged.
    pub acknowledge_by: Timestamp,
    /// To whom what was sent was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<PassedOn>,
}

/// That a country asked a further one with what it had by a request; nothing of the child, and nothing of what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PassedOn {
    /// Which country did.
    pub by: Country,
    /// Which country has it now.
    pub to: Country,
    /// By which type of request.
    pub request_type: TransnationalRequestType,
    /// On which day, there.
    pub on: Day,
    /// The classes of data that were passed on.
    pub classes: Vec<DataClass>,
    /// The permission: the classes that the request before allowed to pass on to that country.
    pub allowed: Vec<DataClass>,
}

/// A notice as whoever acknowledges it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noticed<'a> {
    /// What it is.
    pub kind: NoticeKind,
    /// What it is about.
    pub about: &'a str,
    /// Until when it is to be acknowledged.
    pub acknowledge_by: Timestamp,
    /// To whom what was sent was passed on.
    pub passed_on: Option<&'a PassedOn>,
}

impl NoticeKind {
    /// Whether a side has reason to give it by itself: who asked calls back what it sent and asks its child; that
    /// something was passed on or closed is told by doing so.
    pub const fn given_by(self, side: Side) -> bool {
        match self {
            Self::Correction | Self::ConsentWithdrawn => true,
            Self::Recall | Self::ChildAsked => matches!(side, Side::Requesting),
            Self::PassedOn | Self::Closed => false,
        }
    }
}

impl NoticeKind {
    /// Whether a notice of this kind can come from a side at all, by a person or by itself.
    pub(super) const fn comes_from(self, side: Side) -> bool {
        self.given_by(side) || matches!((self, side), (Self::PassedOn, Side::Requested))
    }
}

impl Message {
    fn noticed(&self) -> Option<Noticed<'_>> {
        match &self.body {
            Body::Notice(it) => Some(Noticed {
                kind: it.kind,
                about: &it.about,
                acknowledge_by: it.acknowledge_by,
                passed_on: it.passed_on.as_ref(),
            }),
            Body::Closed(it) => Some(Noticed {
                kind: NoticeKind::Closed,
                about: &it.outcome,
                acknowledge_by: self.at.plus(NOTICE_WITHIN),
                passed_on: None,
            }),
            _ => None,
        }
    }

    /// What kind of notice it is, if it is one.
    pub fn notice(&self) -> Option<NoticeKind> {
        self.noticed().map(|it| it.kind)
    }
}

/// The notices among messages, with their numbers.
fn notices(among: &[Message]) -> impl Iterator<Item = (u32, Noticed<'_>)> {
    among.iter().filter_map(|it| Some((it.seq, it.noticed()?)))
}

fn acknowledges(among: &[Message], seq: u32) -> bool {
    among.iter().any(|it| it.body == Body::NoticeAcknowledged(seq))
}

fn told(among: &[Message], kind: NoticeKind) -> bool {
    notices(among).any(|(_, it)| it.kind == kind)
}

impl Request {
    /// The notices that came; what did not fit is evidence and none.
    fn notices_here(&self) -> impl Iterator<Item = (u32, Noticed<'_>)> {
        notices(&self.received).filter(|(seq, _)| !self.unexpected.contains(seq))
    }

    /// The notices of the other side that nobody has acknowledged here.
    pub fn notices_to_acknowledge(&self) -> impl Iterator<Item = (u32, Noticed<'_>)> {
        self.notices_here().filter(|(seq, _)| !acknowledges(&self.sent, *seq))
    }

    /// The own notices that nobody there has acknowledged: listed until somebody does. What is void is nobody's.
    pub fn notices_unacknowledged(&self) -> impl Iterator<Item = (u32, Noticed<'_>)> {
        let sent = if self.void.is_some() { &[] } else { self.sent.as_slice() };
        notices(sent).filter(|(seq, _)| !acknowledges(&self.received, *seq))
    }

    /// Whether the other side called back what it sent.
    pub fn recalled(&self) -> bool {
        self.notices_here().any(|(_, it)| it.kind == NoticeKind::Recall)
    }

    /// Whether this side called back what it sent.
    pub fn called_back(&self) -> bool {
        told(&self.sent, NoticeKind::Recall)
    }

    /// Whether the other side was told what came of it when the child was asked for its view (R24).
    pub fn child_was_asked(&self) -> bool {
        told(&self.sent, NoticeKind::ChildAsked)
    }

    /// Tells the other side of a correction, a withdrawn consent, a recall or the child's view: listed until it is
    /// acknowledged there.
    pub fn notify(&self, kind: NoticeKind, about: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Notify, at)?;
        let mut check = Check::default();
        check.require(kind.given_by(self.side), || {
            let because = match kind {
                NoticeKind::Closed => "closing the request tells of it",
                NoticeKind::PassedOn => "sending the further request tells of it",
                _ => "the side that asks has reason for it, and not the one that is asked",
            };
            Violation::of(&rules::R114, "/kind", because)
        });
        let warnings = check.done()?;
        let acknowledge_by = at.now.plus(NOTICE_WITHIN);
        value.tell(Body::Notice(Notice { kind, about, acknowledge_by, passed_on: None }), at.now);
        let payload = json!({ "notice": kind, "acknowledgeBy": acknowledge_by });
        Ok(value.done(A::Notify, payload, warnings, self, at))
    }

    /// Acknowledges a notice of the other side, by its number.
    pub fn acknowledge_notice(&self, seq: u32, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::AcknowledgeNotice, at)?;
        let waits = self.notices_to_acknowledge().find(|(it, _)| *it == seq);
        let Some(kind) = waits.map(|(_, notice)| notice.kind) else {
            let because = "no notice with this number waits";
            return Err(Refused::Broken(vec![Violation::plain("no_such_notice", "/seq", because)]));
        };
        value.tell(Body::NoticeAcknowledged(seq), at.now);
        Ok(value.done(A::AcknowledgeNotice, json!({ "notice": kind }), Vec::new(), self, at))
    }

    /// The request before this one in its chain, of a draft too; none where it began anew.
    pub fn follows(&self) -> Option<TransnationalRequestId> {
        let sent = self.opening().filter(|_| self.side == Side::Requesting).map(|it| &it.chain);
        let chain = sent.or(self.prepared.package.as_ref().map(|it| &it.chain))?;
        chain.hops.last().map(|it| it.request)
    }

    /// Tells the other side that the origin has corrected, withdrawn or called back what this request passes on, in the
    /// origin's kind of notice and without its words, which may say more than may be passed on. Nothing where there is
    /// nobody to tell.
    pub fn tell_of_origin(&self, kind: NoticeKind, origin: Country, at: At<'_>) -> Option<Decided<Self>> {
        let known =
            matches!(kind, NoticeKind::Correction | NoticeKind::ConsentWithdrawn | NoticeKind::Recall);
        (known && self.void.is_none()).then(|| {
            let about = format!(
                "Of what {origin} sent and this request passed on: ask the office that sent this one."
            );
            self.tells(
                Notice { kind, about, acknowledge_by: at.now.plus(NOTICE_WITHIN), passed_on: None },
                at,
            )
        })
    }

    /// What a request that was sent tells the one before it in its chain; none where it began anew.
    pub fn passes_on(&self, at: At<'_>) -> Option<PassedOn> {
        let opening =
            self.opening().filter(|it| self.side == Side::Requesting && !it.chain.hops.is_empty())?;
        Some(PassedOn {
            by: self.country,
            to: opening.to.country,
            request_type: self.request_type,
            on: Day(at.country.day_of(opening.sent_at)),
            classes: opening.package.classes(),
            allowed: opening.chain.bound.clone().unwrap_or_default(),
        })
    }

    /// Tells the other side that what it sent was passed on, by sending the further request: to be acknowledged like any
    /// other notice, whatever has become of this one.
    pub fn tell_passed_on(&self, passed_on: PassedOn, at: At<'_>) -> Decided<Self> {
        let acknowledge_by = at.now.plus(NOTICE_WITHIN);
        let about = format!(
            "{} passed it on to {} on {} by a request of the type {}.",
            passed_on.by, passed_on.to, passed_on.on, passed_on.request_type
        );
        let (kind, passed_on) = (NoticeKind::PassedOn, Some(passed_on));
        self.tells(Notice { kind, about, acknowledge_by, passed_on }, at)
    }

    /// What no act of somebody here tells.
    fn tells(&self, notice: Notice, at: At<'_>) -> Decided<Self> {
        let mut value = self.reaching(self.status, at.now);
        let to = notice.passed_on.as_ref().map(|it| it.to);
        let payload = json!({ "notice": notice.kind, "to": to, "acknowledgeBy": notice.acknowledge_by });
        value.tell(Body::Notice(notice), at.now);
        value.told(EventType::TransnationalNoticeGiven, payload, Vec::new(), Some(self), at)
    }
}
