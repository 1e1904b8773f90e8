//! Reading what is no single thing: pages of lists, and what is answered at once.

use std::collections::BTreeSet;

use domain::{CodeList, vocabulary::DataClass};
use persistence::{AccessOutcome, Page, PageRequest, Tx};
use uuid::Uuid;

use super::{Call, Listed, PageQuery};
use crate::{failure::Failure, problems};

impl Call {
    /// Reads a page of a list that is of no class of a child's data, or of the metadata that everybody with a part in it has:
    /// logged before it is answered.
    pub async fn list<R, V>(
        self,
        page: PageQuery,
        case: Option<Uuid>,
        work: impl Fn(&mut Tx<'_>, PageRequest) -> Result<Page<R>, Failure> + Send + 'static,
        view: impl Fn(R) -> V + Send + 'static,
    ) -> Result<(Listed<V>, Option<String>), Failure>
    where
        R: Send + 'static,
        V: Send + 'static,
    {
        self.list_of(page, case, move |tx, page| Ok((work(tx, page)?, Vec::new())), view).await
    }

    /// The same, with the classes of data that the page shows.
    pub async fn list_of<R, V>(
        self,
        page: PageQuery,
        case: Option<Uuid>,
        work: impl Fn(&mut Tx<'_>, PageRequest) -> Result<(Page<R>, Vec<DataClass>), Failure> + Send + 'static,
        view: impl Fn(R) -> V + Send + 'static,
    ) -> Result<(Listed<V>, Option<String>), Failure>
    where
        R: Send + 'static,
        V: Send + 'static,
    {
        let after = page.cursor.as_deref().map(|it| self.open_cursor(it)).transpose()?;
        let after = after.map(|it| Uuid::from_slice(&it)).transpose();
        let after = after.map_err(|_| Failure::new(&problems::INVALID_CURSOR))?;
        let request = PageRequest { after, limit: page.limit.unwrap_or(50) };
        let cx = self.context(Uuid::nil(), None);
        let read = self.node.hop(move |store| store.read(&cx, |tx| work(tx, request))).await;
        let (found, classes) = self.or_logged(read, case).await?;
        let sections = BTreeSet::from_iter(classes).into_iter().map(CodeList::code).collect();
        self.log(self.entry(AccessOutcome::Read).about(None, case, sections)).await?;
        let next_cursor = found.next.and_then(|it| self.seal_cursor(it.as_bytes()));
        let link = next_cursor.as_deref().map(|it| self.link(it));
        Ok((Listed { data: found.items.into_iter().map(view).collect(), next_cursor }, link))
    }

    /// Reads something that is no single resource and no keyset page: logged before it is answered.
    pub async fn look<T: Send + 'static>(
        &self,
        case: Option<Uuid>,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let cx = self.context(Uuid::nil(), None);
        let read = self.node.hop(move |store| store.read(&cx, |tx| work(tx))).await;
        let found = self.or_logged(read, case).await?;
        self.log(self.entry(AccessOutcome::Read).about(None, case, Vec::new())).await?;
        Ok(found)
    }

    /// The same of something whose case is only found on the way.
    pub async fn look_about<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<(T, Option<Uuid>), Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let cx = self.context(Uuid::nil(), None);
        let read = self.node.hop(move |store| store.read(&cx, |tx| work(tx))).await;
        let (found, case) = self.or_logged(read, None).await?;
        self.log(self.entry(AccessOutcome::Read).about(None, case, Vec::new())).await?;
        Ok(found)
    }
}
