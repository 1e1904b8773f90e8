//! What either side does at any time for the safety of the child: suspending, and lifting that again (T20).

use serde_json::json;

use super::{At, Body, Request, RequestAct as A};
use crate::{Check, Decided, Refused, Timestamp, Violation, rules};

impl Request {
    /// Suspends it after a finding that disclosure endangers the child (T20, R78). The reason stays here.
    pub fn suspend(&self, because: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Suspend, at)?;
        value.suspension.here = Some((at.now, because));
        if value.reaches_the_other() {
            value.tell(Body::Suspended, at.now);
        }
        Ok(value.done(A::Suspend, json!({}), Vec::new(), self, at))
    }

    /// Lifts the own suspension once a new risk assessment is recorded (T20b); it goes on where it stood.
    pub fn lift(&self, risk_assessed_at: Option<Timestamp>, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Lift, at)?;
        let mut check = Check::default();
        let since = self.suspension.here.as_ref().map(|(since, _)| *since);
        // People write times down in seconds, at the finest.
        let second = |it: Timestamp| it.raw().unix_timestamp();
        let after = |it| since.is_none_or(|since| second(since) <= second(it));
        let anew = risk_assessed_at.is_some_and(|it| after(it) && it <= at.now);
        check.require(anew, || {
            let because = "the risk was not assessed anew since it was suspended";
            Violation::of(&rules::R78, "/riskAssessedAt", because)
        });
        let warnings = check.done()?;
        value.suspension.here = None;
        if value.reaches_the_other() {
            value.tell(Body::Lifted, at.now);
        }
        Ok(value.done(A::Lift, json!({}), warnings, self, at))
    }

    pub(super) fn reaches_the_other(&self) -> bool {
        self.side == super::Side::Requested || self.sent_at.is_some()
    }
}
