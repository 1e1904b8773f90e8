//! The working days of a country: what does not count in a time limit, with its source.

use actix_web::{get, web::Path};
use domain::{
    Day,
    deadlines::working_time::{Calendar, Holiday},
    rules::Verification,
    text::Country,
};
use persistence::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    v1::common::path_id,
};

/// The calendar of a country in a year. Saturdays, Sundays and the listed days are no working days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountryCalendar)]
#[serde(rename_all = "camelCase")]
pub struct CalendarView {
    /// The country.
    pub country: Country,
    /// The year.
    #[schema(minimum = 1900, maximum = 2199)]
    pub year: u16,
    /// The time zone in which days begin and end; IANA name.
    #[schema(max_length = 60, example = "Europe/Tallinn")]
    pub time_zone: String,
    /// Which holidays it has, and which it leaves out.
    #[schema(max_length = 1000)]
    pub scope: &'static str,
    /// The public holidays, in order.
    #[schema(max_items = 60)]
    pub holidays: Vec<HolidayView>,
}

/// A public holiday.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicHoliday)]
pub struct HolidayView {
    /// The day.
    pub day: Day,
    /// Its English name.
    #[schema(max_length = 200)]
    pub name: &'static str,
    /// The law that makes it one.
    #[schema(max_length = 300)]
    pub source: &'static str,
    /// How well that has been checked.
    pub verification: Verification,
}

impl From<Holiday> for HolidayView {
    fn from(it: Holiday) -> Self {
        Self { day: it.day, name: it.name, source: it.source, verification: it.verification }
    }
}

/// Which year.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalendarQuery {
    /// The year.
    #[param(minimum = 1900, maximum = 2199, example = 2027)]
    pub year: u16,
}

/// The working days of a country
///
/// The public holidays of a year, each with the law that makes it one and how well that has been checked: what
/// `computedFrom` of a deadline skips.
#[utoipa::path(
    operation_id = "getCountryCalendar", tag = "directory",
    params(("code" = Country, Path, description = "The country."), CalendarQuery),
    responses((status = 200, description = "The calendar.", body = CalendarView))
)]
#[get("/v1/countries/{code}/calendar")]
pub async fn get_country_calendar(
    call: Call,
    code: Path<String>,
    query: Query<CalendarQuery>,
) -> Result<Answer, Failure> {
    let code = path_id(&code, Country::parse)?;
    let year = query.0.year;
    call.read(None, move |tx| {
        let time_zone = tx.country(code)?.profile.time_zone;
        let calendar = Calendar::of(code).ok_or(StoreError::NotFound)?;
        let holidays: Vec<_> = calendar.holidays(year.into()).into_iter().map(HolidayView::from).collect();
        let days: Vec<_> = holidays.iter().map(|it| it.day.to_string()).collect();
        let tag = Tag::of(tx.keys(), &format!("calendar/{code}/{year}/{time_zone}/{}", days.join(",")));
        Ok(Shown::new(CalendarView { country: code, year, time_zone, scope: calendar.scope, holidays }, tag))
    })
    .await
}
