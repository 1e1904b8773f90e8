//! Questions about children: each hit is a line of its own in the access log, and whoever holds it is told.

use domain::CaseId;
use persistence::{Counted, Done, Tx};
use uuid::Uuid;

use super::Call;
use crate::failure::Failure;

impl Call {
    /// Asks something that names cases to the logs, beside what it answers, within the quota of the professional. What `work`
    /// tells others is stored before it is answered, and so is every line of the log. `question` tells one question from
    /// another.
    pub async fn search<T: Send + 'static>(
        &self,
        question: Vec<u8>,
        work: impl Fn(&mut Tx<'_>) -> Result<(T, Vec<CaseId>), Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let cx = self.context(Uuid::nil(), None);
        let (operation, quotas, now) = (self.operation.id, self.node.quotas, self.now);
        let asked = move |tx: &mut Tx<'_>| {
            // A refusal is stored, so it is no failure of the transaction.
            if let Counted::Exceeded(until) = tx.count_search(operation, &question, quotas)? {
                return Ok(Err(Failure::above_quota(until, now)));
            }
            let (answer, hits) = work(tx)?;
            tx.log_hits(operation, &hits)?;
            Ok(Ok(answer))
        };
        let asked = self.node.hop(move |store| store.write(&cx, &asked, |tx, _| asked(tx))).await;
        let (Done::Now(found) | Done::Before(found)) = self.or_logged(asked, None).await?;
        found
    }
}
