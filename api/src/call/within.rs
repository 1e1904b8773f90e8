//! Reads that count: whatever shows where a child is counts for the professional who is shown it.

use actix_web::http::header;
use domain::{CaseId, CodeList as _, Timestamp, access::Quotas, vocabulary::DataClass};
use persistence::{AccessOutcome, Context, Counted, Done, Store, Tx};
use uuid::Uuid;

use super::Call;
use crate::{
    failure::Failure,
    http::{Answer, Shown, Tag},
};

/// Bytes to give, with what the log says of them.
#[derive(Debug)]
pub struct Download {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub digest: String,
    /// The case that they tell of.
    pub case: domain::CaseId,
    /// The class of data.
    pub section: DataClass,
}

/// What counting needs to know of a call.
#[derive(Clone, Copy)]
pub struct Within {
    operation: &'static str,
    subject: Option<Uuid>,
    quotas: Quotas,
    now: Timestamp,
}

/// What tells the log what it shows.
pub trait Told {
    /// The case, and the classes of data.
    fn told(&self) -> (Option<CaseId>, Vec<DataClass>);

    /// Whether its lines are in the log already: where it counted as it was made.
    fn is_logged(&self) -> bool {
        false
    }
}

impl<T> Told for Shown<T> {
    fn told(&self) -> (Option<CaseId>, Vec<DataClass>) {
        (self.case, self.sections.clone())
    }

    fn is_logged(&self) -> bool {
        self.counts && (self.above_quota || self.sections.contains(&DataClass::D2Whereabouts))
    }
}

impl Told for Download {
    fn told(&self) -> (Option<CaseId>, Vec<DataClass>) {
        (Some(self.case), vec![self.section])
    }
}

impl Call {
    /// Gives bytes: logged before they leave.
    pub async fn download(
        self,
        subject: Uuid,
        work: impl Fn(&mut Tx<'_>) -> Result<Download, Failure> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let cx = self.context(subject, None);
        let within = self.quota(Some(subject));
        let read = self
            .node
            .hop(move |store| {
                store.read(&cx, |tx| {
                    let shown = work(tx)?;
                    within.counted(tx, shown)
                })
            })
            .await;
        let (found, logged) = self.or_logged(read, Some(subject)).await?;
        if !logged {
            let sections = vec![found.section.code()];
            let line = self.entry(AccessOutcome::Read).about(Some(subject), Some(found.case.0), sections);
            self.log(line).await?;
        }
        let tag = Tag::of(self.node.store.keys(), &format!("bytes/{subject}/{}", found.digest));
        Ok(Answer::file(found.bytes).with(header::ETAG, tag.quoted()))
    }

    /// What counting needs to know of this call about something.
    pub fn quota(&self, subject: Option<Uuid>) -> Within {
        Within { operation: self.operation.id, subject, quotas: self.node.quotas, now: self.now }
    }
}

impl Within {
    /// What is shown, and whether its line is in the log already: it is where it counted.
    pub fn counted<T: Told>(self, tx: &mut Tx<'_>, shown: T) -> Result<(T, bool), Failure> {
        if shown.is_logged() {
            return Ok((shown, true));
        }
        match self.count(tx, &shown)? {
            None => Ok((shown, false)),
            Some(Counted::Within) => Ok((shown, true)),
            Some(Counted::Exceeded(until)) => Err(Failure::above_quota(until, self.now)),
        }
    }

    /// Whether something may be shown in the answer to an act; where it counts, its line, or that of the refusal, is in the
    /// log with the act.
    pub fn allows(self, tx: &mut Tx<'_>, shown: &impl Told) -> Result<bool, Failure> {
        Ok(!matches!(self.count(tx, shown)?, Some(Counted::Exceeded(_))))
    }

    /// Writes, beside the refusal of where the child is, what is shown all the same.
    pub fn shows_the_rest<T>(self, tx: &mut Tx<'_>, shown: &Shown<T>) -> Result<(), Failure> {
        let Some(case) = shown.case else { return Ok(()) };
        Ok(tx.log_shown(self.operation, (self.subject, case, &shown.sections))?)
    }

    /// What a dry run came to: nothing of it is stored, its line in the log neither, so where it counts, it counts as a read.
    pub(super) fn tried<T>(
        self,
        store: &Store,
        cx: &Context,
        done: Done<Shown<T>>,
    ) -> Result<Done<Shown<T>>, Failure> {
        if let Done::Now(shown) = &done
            && cx.validate_only
            && shown.counts
        {
            store.read(cx, |tx| self.counted_anew(tx, shown))?;
        }
        Ok(done)
    }

    fn counted_anew<T>(self, tx: &mut Tx<'_>, shown: &Shown<T>) -> Result<(), Failure> {
        let Some(case) = shown.case.filter(|_| shown.above_quota) else {
            return self.allows(tx, shown).map(drop);
        };
        let mut wanted = shown.sections.clone();
        wanted.push(DataClass::D2Whereabouts);
        tx.count_whereabouts(self.operation, (self.subject, case, &wanted), self.quotas)?;
        self.shows_the_rest(tx, shown)
    }

    /// Counts what tells where a child is; nothing else counts.
    fn count(self, tx: &mut Tx<'_>, shown: &impl Told) -> Result<Option<Counted>, Failure> {
        let (case, classes) = shown.told();
        let Some(case) = case.filter(|_| classes.contains(&DataClass::D2Whereabouts)) else {
            return Ok(None);
        };
        let about = (self.subject, case, classes.as_slice());
        Ok(Some(tx.count_whereabouts(self.operation, about, self.quotas)?))
    }
}
