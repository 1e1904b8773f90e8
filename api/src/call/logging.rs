//! What a call leaves behind beside its change: its line in the log, and what the lead is told of a refusal.

use domain::{AgencyId, CaseId, CodeList as _, cases::file::told_of_attempt};
use persistence::{AccessEntry, AccessOutcome};
use uuid::Uuid;

use super::{Call, within::Told as _};
use crate::{failure::Failure, http::Shown};

impl Call {
    /// Says which case the body names, if it names one, so that the line of a refusal can.
    #[must_use]
    pub fn naming_case(self, case: impl Into<Option<CaseId>>) -> Self {
        case.into().into_iter().for_each(|it| self.asked.names_case(it));
        self
    }

    /// The same of something that is no case.
    #[must_use]
    pub fn naming(self, id: impl Into<Option<Uuid>>) -> Self {
        id.into().into_iter().for_each(|it| self.asked.names_other(it));
        self
    }

    pub(super) fn entry(&self, outcome: AccessOutcome) -> AccessEntry {
        AccessEntry::new(self.caller(), self.operation.id, outcome, self.now)
            .under(self.broken_glass.access())
    }

    /// A refusal is logged like a read, before it is answered.
    pub(super) async fn or_logged<T>(
        &self,
        done: Result<T, Failure>,
        subject: Option<Uuid>,
    ) -> Result<T, Failure> {
        let Err(failure) = &done else { return done };
        if let Some(alert) = failure.alert.as_deref().filter(|_| !self.validate_only) {
            self.alert(alert.0, alert.1).await?;
        }
        let outcome = match failure.kind.status {
            404 => AccessOutcome::NotFound,
            // What is wrong with a body is found before anything is looked up; behind that, it tells of what is stored.
            400 | 403 | 409 | 412 | 422 => AccessOutcome::Refused,
            _ => return done,
        };
        let code = failure.violations.iter().find_map(|it| it.rule).unwrap_or(failure.kind.code);
        let (subject, case) = self.asked.about(subject);
        self.log(self.entry(outcome).about(subject, case, Vec::new()).because(code)).await?;
        done
    }

    /// The answer to a change that changed nothing, be it tried, repeated or as it was, is a read: it is logged like one, unless
    /// its line is there because it counts.
    pub(super) async fn only_shown<T>(&self, subject: Option<Uuid>, shown: &Shown<T>) -> Result<(), Failure> {
        if shown.is_logged() {
            return Ok(());
        }
        let sections = shown.sections.iter().map(|it| it.code()).collect();
        let line = self.entry(AccessOutcome::Read).about(subject, shown.case.map(|it| it.0), sections);
        self.log(line).await
    }

    pub(super) async fn log(&self, entry: AccessEntry) -> Result<(), Failure> {
        self.asked.is_logged();
        if self.operation.logged { Ok(self.node.log.append(entry).await?) } else { Ok(()) }
    }

    /// The refused request stored nothing, so the lead is told in a transaction of its own.
    async fn alert(&self, case: CaseId, party: AgencyId) -> Result<(), Failure> {
        let cx = self.context(case.0, None);
        let told = self
            .node
            .hop(move |store| {
                store.write(
                    &cx,
                    |tx| {
                        let (case, _) = tx.case(case)?;
                        tx.tell(&[told_of_attempt(&case, party)])?;
                        Ok::<_, Failure>(())
                    },
                    |_, _| Ok(()),
                )
            })
            .await;
        told.map(|_| ())
    }
}
