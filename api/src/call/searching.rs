//! Questions about children: each hit is a line of its own in the access log, and whoever holds it is told.

use domain::CaseId;
use futures_util::future::try_join_all;
use persistence::{AccessOutcome, Done, Tx};
use uuid::Uuid;

use super::Call;
use crate::failure::Failure;

impl Call {
    /// Asks something that names cases to the logs, beside what it answers. What `work` tells others is stored before it is
    /// answered, and so is every line of the log.
    pub async fn search<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<(T, Vec<CaseId>), Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let cx = self.context(Uuid::nil(), None);
        let asked = self.node.hop(move |store| store.write(&cx, |tx| work(tx), |tx, _| work(tx))).await;
        let (Done::Now(found) | Done::Before(found)) = self.or_logged(asked, None).await?;
        let (answer, hit) = found;
        self.log(self.entry(AccessOutcome::Read)).await?;
        let lines = hit.iter().map(|it| {
            let entry = self.entry(AccessOutcome::Read).about(Some(it.0), Some(it.0), Vec::new());
            self.log(entry)
        });
        try_join_all(lines).await?;
        Ok(answer)
    }
}
