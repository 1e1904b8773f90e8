//! Who may take a need: the services of a country with their agencies, and the version of the directory that they are
//! of.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _,
    OptionalExtension as _, PgAnyJsonExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    SelectableHelper as _, define_sql_function,
    sql_types::{Text, Timestamp as Local, Timestamptz},
};
use domain::{
    CodeList as _, Timestamp,
    directory::{Agency, LocalTime, Moment, Service, TimeOfDay, Weekday},
    text::Country,
    vocabulary::{ServiceCode, Urgency},
};

use super::{AgencyRow, ServiceRow};
use crate::{
    StoreError, rows,
    schema::{agencies, countries, directory_versions, services},
    store::Tx,
};

/// The most services that are compared with one need; no country is known to have as many of one kind.
pub const MOST_CANDIDATES: i64 = 1000;

define_sql_function! {
    /// The local time of a zone at an instant.
    fn timezone(zone: Text, at: Timestamptz) -> Local;
}
define_sql_function! {
    /// A local time as text.
    fn to_char(at: Local, form: Text) -> Text;
}

/// The services of a country that may take a need.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// How often the directory of the country had changed when they were read.
    pub directory_version: i64,
    /// What is offered, with who offers it.
    pub offered: Vec<(Agency, Service)>,
}

impl Tx<'_> {
    /// What the active agencies of a country offer of these services, and the version of the directory: one statement,
    /// so that both are of one moment. A country without a directory is not found.
    pub fn candidates(&mut self, country: Country, wanted: &[ServiceCode]) -> Result<Candidates, StoreError> {
        let offers = services::table.inner_join(agencies::table.on(agencies::id.eq(services::agency_id)));
        let rows: Vec<(i64, Option<(ServiceRow, AgencyRow)>)> = directory_versions::table
            .left_join(
                offers.on(services::country
                    .eq(directory_versions::country)
                    .and(services::service.eq_any(rows::texts(wanted)))
                    .and(services::active)
                    .and(agencies::active)),
            )
            .filter(directory_versions::country.eq(country.as_str()))
            .order(services::id)
            .limit(MOST_CANDIDATES)
            .select((directory_versions::version, Option::<(ServiceRow, AgencyRow)>::as_select()))
            .load(self.conn)?;
        let directory_version = rows.first().map(|(version, _)| *version).ok_or(StoreError::NotFound)?;
        let read = |(service, agency): (ServiceRow, AgencyRow)| Ok((agency.try_into()?, service.try_into()?));
        let offered =
            rows.into_iter().filter_map(|(_, it)| it).map(read).collect::<Result<_, StoreError>>()?;
        Ok(Candidates { directory_version, offered })
    }

    /// The moment of the request in a country; its local time where the urgency asks for it.
    pub fn moment(&mut self, country: Country, urgency: Urgency) -> Result<Moment, StoreError> {
        let now = self.cx.now;
        let local = if urgency == Urgency::Immediate { Some(self.local_time(country, now)?) } else { None };
        Ok(Moment { now, local })
    }

    /// The local time of a country; the database knows the time zones.
    pub fn local_time(&mut self, country: Country, now: Timestamp) -> Result<LocalTime, StoreError> {
        let zone = countries::profile.retrieve_as_text("timeZone");
        let found: Option<Option<String>> = countries::table
            .filter(countries::code.eq(country.as_str()).and(countries::valid_from.le(now.date())))
            .order(countries::valid_from.desc())
            .select(to_char(timezone(zone, now.raw()), "ID HH24:MI").nullable())
            .first(self.conn)
            .optional()?;
        let text = found.ok_or(StoreError::NotFound)?.unwrap_or_default();
        let corrupt = || StoreError::corrupt("countries", "a profile without a time zone");
        let (day, time) = text.split_once(' ').ok_or_else(corrupt)?;
        let day = day.parse::<usize>().ok().and_then(|it| Weekday::ALL.get(it.checked_sub(1)?));
        Ok(LocalTime {
            weekday: *day.ok_or_else(corrupt)?,
            time: TimeOfDay::parse(time).ok_or_else(corrupt)?,
        })
    }
}
