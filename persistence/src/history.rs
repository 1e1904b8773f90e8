//! The case file as it was known at an instant: versions that the database keeps of every change.

use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _};
use domain::{
    CaseId, Timestamp, Version,
    access::Relation,
    cases::{Case, ChildRecord},
};

use crate::{
    StoreError,
    cases::Row,
    schema::{case_versions, child_versions},
    sealing::Sealed,
    store::Tx,
};

impl Tx<'_> {
    /// A case in which the caller's agency takes part today, as it was known at an instant; with how the caller stands to
    /// it today. A case that was not known then is not found.
    pub fn case_as_of(&mut self, id: CaseId, at: Timestamp) -> Result<(Case, Relation), StoreError> {
        let (_, relation) = self.case(id)?;
        let row: Option<Row> = case_versions::table
            .filter(case_versions::id.eq(id.0))
            .filter(case_versions::changed_at.le(at.raw()))
            .order(case_versions::version.desc())
            .first(self.conn)
            .optional()?;
        Ok((row.ok_or(StoreError::NotFound)?.try_into()?, relation))
    }

    /// The child of a case as it was known at an instant.
    pub fn child_as_of(&mut self, case: &Case, at: Timestamp) -> Result<ChildRecord, StoreError> {
        let id = case.child;
        let row: Option<(Vec<u8>, i32, Vec<u8>, i32)> = child_versions::table
            .filter(child_versions::id.eq(id.0))
            .filter(child_versions::changed_at.le(at.raw()))
            .order((child_versions::identity_version.desc(), child_versions::whereabouts_version.desc()))
            .select((
                child_versions::identity_sealed,
                child_versions::identity_version,
                child_versions::whereabouts_sealed,
                child_versions::whereabouts_version,
            ))
            .first(self.conn)
            .optional()?;
        let (identity, identity_version, whereabouts, whereabouts_version) =
            row.ok_or(StoreError::NotFound)?;
        let (identity_version, whereabouts_version) =
            (Version(identity_version), Version(whereabouts_version));
        let mut key =
            |section, version| Ok::<_, StoreError>(self.data_key(id.0, section)?.of_version(version));
        Ok(ChildRecord {
            id,
            identity: key(Sealed::Identity, identity_version)?.read(id.0, &identity)?,
            identity_version,
            whereabouts: key(Sealed::Whereabouts, whereabouts_version)?.read(id.0, &whereabouts)?,
            whereabouts_version,
        })
    }
}
