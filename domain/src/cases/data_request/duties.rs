//! What is owed after a request for the data of a child: a review of what is held, and an answer.

use super::{DataRequest, Receiving};
use crate::{
    AgencyId, Timestamp,
    deadlines::{Duty, DutyKind, SetBy, Span, limited},
    directory::CountryEntry,
    events::SubjectKind,
    rules::{self, Verification},
    vocabulary::Urgency,
};

/// How long a review may take.
const REVIEW_WITHIN: Span = Span::WorkingDays(2);

/// How long an answer may take from the receipt (Regulation (EU) 2016/679 Art. 12(3)); a hold does not lengthen it.
const ANSWER_WITHIN: Span = Span::Months(1);

impl DataRequest {
    pub(super) fn answer_duty(&self, at: &Receiving<'_>) -> Option<Duty> {
        // Noon is on the same day everywhere in Europe.
        let noon = Timestamp::new(self.asked.received_on.0.with_hms(12, 0, 0).ok()?.assume_utc());
        let source = ("Regulation (EU) 2016/679 Art. 12(3)", Verification::Recalled);
        let limit = (noon.min(at.now), ANSWER_WITHIN);
        self.duty(DutyKind::AnswerDataRequest, (at.case.lead, None), limit, source, at.country)
    }

    pub(super) fn review_duty(&self, at: &Receiving<'_>) -> Option<Duty> {
        let source = ("Project proposal: no external source sets it", Verification::Proposal);
        let owner = at.oversight.unwrap_or(at.case.lead);
        let watcher = Some(at.case.lead).filter(|it| *it != owner);
        self.duty(DutyKind::ReviewDataRequest, (owner, watcher), (at.now, REVIEW_WITHIN), source, at.country)
    }

    /// It names no case: everybody who takes part in a case sees what is owed in it.
    fn duty(
        &self,
        kind: DutyKind,
        (owner, watcher): (AgencyId, Option<AgencyId>),
        (from, span): (Timestamp, Span),
        (source, verification): (&str, Verification),
        country: &CountryEntry,
    ) -> Option<Duty> {
        let set_by = SetBy {
            member: rules::R90.code.to_owned(),
            verification,
            source: source.to_owned(),
            profile_valid_from: country.valid_from,
        };
        let (due_at, computed_from) = limited(country, from, span, set_by)?;
        Some(Duty {
            kind,
            subject: SubjectKind::DataRequest,
            subject_id: self.id.0,
            case: None,
            reference: None,
            urgency: Urgency::Standard,
            owner,
            professional: None,
            watcher,
            answers_to: owner,
            due_at,
            computed_from,
        })
    }
}
