//! The directory: countries with the profile of a day, agencies, services and professionals.

mod agencies;
mod matching;
mod services;

pub use agencies::AgencyFilter;
pub(crate) use agencies::AgencyRow;
pub use matching::{Candidates, MOST_CANDIDATES};
pub(crate) use services::ServiceRow;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _,
};
use domain::{
    AgencyId, Day, ProfessionalId,
    directory::{CountryEntry, Professional, Profile},
    text::Country,
};
use time::Date;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, rows,
    schema::{countries, professionals},
    store::Tx,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = professionals)]
struct ProfessionalRow {
    id: Uuid,
    agency_id: Uuid,
    role: String,
    unit: Option<String>,
    suspended: bool,
}

impl TryFrom<ProfessionalRow> for Professional {
    type Error = StoreError;
    fn try_from(row: ProfessionalRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProfessionalId(row.id),
            agency: AgencyId(row.agency_id),
            role: rows::code("professionals", &row.role)?,
            unit: row.unit,
            suspended: row.suspended,
        })
    }
}

impl Tx<'_> {
    /// The countries with the profile that is valid on the day of the request, by code.
    pub fn countries(&mut self) -> Result<Vec<CountryEntry>, StoreError> {
        let today = self.cx.now.date();
        let rows: Vec<(String, Date, String, serde_json::Value)> = countries::table
            .filter(countries::valid_from.le(today))
            .distinct_on(countries::code)
            .order((countries::code, countries::valid_from.desc()))
            .load(self.conn)?;
        rows.into_iter().map(country_entry).collect()
    }

    /// A country with the profile that is valid on the day of the request.
    pub fn country(&mut self, code: Country) -> Result<CountryEntry, StoreError> {
        let row: Option<(String, Date, String, serde_json::Value)> = countries::table
            .filter(countries::code.eq(code.as_str()).and(countries::valid_from.le(self.cx.now.date())))
            .order(countries::valid_from.desc())
            .first(self.conn)
            .optional()?;
        country_entry(row.ok_or(StoreError::NotFound)?)
    }

    /// The profile of the caller's own country.
    pub fn profile(&mut self) -> Result<Profile, StoreError> {
        Ok(self.country(self.cx.caller.country)?.profile)
    }

    /// A page of the professionals of the caller's own agency.
    pub fn professionals(&mut self, page: PageRequest) -> Result<Page<Professional>, StoreError> {
        let rows: Vec<ProfessionalRow> = professionals::table
            .filter(professionals::agency_id.eq(self.cx.caller.agency.0))
            .filter(professionals::id.lt(page.before()))
            .order(professionals::id.desc())
            .limit(page.fetch())
            .select(ProfessionalRow::as_select())
            .load(self.conn)?;
        page.page(rows, |it| it.id, Professional::try_from).transposed()
    }

    /// A professional of the caller's own agency.
    pub fn professional(&mut self, id: ProfessionalId) -> Result<Professional, StoreError> {
        let row = professionals::table
            .filter(professionals::id.eq(id.0).and(professionals::agency_id.eq(self.cx.caller.agency.0)))
            .select(ProfessionalRow::as_select())
            .first(self.conn)
            .optional()?;
        row.ok_or(StoreError::NotFound)?.try_into()
    }
}

fn country_entry(row: (String, Date, String, serde_json::Value)) -> Result<CountryEntry, StoreError> {
    let (code, valid_from, name, profile) = row;
    Ok(CountryEntry {
        code: rows::country("countries", &code)?,
        name,
        valid_from: Day(valid_from),
        profile: serde_json::from_value(profile)
            .map_err(|_| StoreError::corrupt("countries", "a profile that this build does not read"))?,
    })
}
