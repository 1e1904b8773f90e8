//! Pages by key: newest first, from the place where the last one ended.

use uuid::Uuid;

/// Which page is wanted.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The last id of the page before.
    pub after: Option<Uuid>,
    /// How many at most, 1 to 200.
    pub limit: u16,
}

/// A page, and where the next one begins, if there is one.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The last id of this page, when more follow.
    pub next: Option<Uuid>,
}

impl PageRequest {
    /// One more than wanted, to see whether more follow.
    pub(crate) fn fetch(self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The place before which ids are looked for: everything at first.
    pub(crate) fn before(self) -> Uuid {
        self.after.unwrap_or(Uuid::max())
    }

    /// Cuts the extra item off.
    pub(crate) fn page<R, T>(
        self,
        mut rows: Vec<R>,
        id: impl Fn(&R) -> Uuid,
        read: impl FnMut(R) -> T,
    ) -> Page<T> {
        let limit = usize::from(self.limit);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(id);
        Page { items: rows.into_iter().map(read).collect(), next }
    }
}

impl<T> Page<Result<T, crate::StoreError>> {
    /// The page, unless one of its rows could not be read.
    pub(crate) fn transposed(self) -> Result<Page<T>, crate::StoreError> {
        Ok(Page { items: self.items.into_iter().collect::<Result<_, _>>()?, next: self.next })
    }
}

impl<T> Page<T> {
    /// The page with its items changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}
