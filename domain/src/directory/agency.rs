//! Agencies: written by themselves, read by all.

use serde_json::json;

use super::{
    Address, Area, Hours, LocalTime, Phone, Shift,
    place::{check_address, check_areas},
    schedule::{cover_the_week, overlapping},
};
use crate::{
    AgencyId, Check, Decided, Refused, Version, Violation,
    access::{Caller, Scope, scope_ceiling},
    events::{EventType, Fact, SubjectKind},
    text::Country,
    vocabulary::{AgencyType, Role},
};

/// An organisation that takes part in the mechanism. A confidential one has no address anywhere in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Its country.
    pub country: Country,
    /// A short code, unique in the country.
    pub code: String,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    /// Its name.
    pub name: String,
    /// The telephone of its duty desk, if it has one.
    pub duty_phone: Option<Phone>,
    /// Whether its location is confidential.
    pub confidential_location: bool,
    /// Its public address; none where the location is confidential.
    pub address: Option<Address>,
    /// The areas of its country that it serves; none named: the whole country.
    pub areas: Vec<Area>,
    /// When it is open.
    pub opening_hours: Vec<Hours>,
    /// Who of its duty desk is on duty when.
    pub duty_roster: Vec<Shift>,
    /// The roles that its professionals may act in.
    pub roles: Vec<Role>,
    /// Whether it takes part at present.
    pub active: bool,
    /// Its version.
    pub version: Version,
}

/// What an agency changes of its entry: absent leaves, `None` clears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyUpdate {
    /// Its name.
    pub name: Option<String>,
    /// The telephone of its duty desk.
    pub duty_phone: Option<Option<Phone>>,
    /// Whether its location is confidential.
    pub confidential_location: Option<bool>,
    /// Its public address.
    pub address: Option<Option<Address>>,
    /// The areas that it serves.
    pub areas: Option<Vec<Area>>,
    /// When it is open.
    pub opening_hours: Option<Vec<Hours>>,
    /// Who is on duty when.
    pub duty_roster: Option<Vec<Shift>>,
}

impl Agency {
    /// Whether agencies of its type take referrals at all.
    pub fn takes_referrals(&self) -> bool {
        scope_ceiling(self.agency_type).has(Scope::ReferralsWrite)
    }

    /// Whether the roster of its duty desk leaves no minute of the week out.
    pub fn around_the_clock(&self) -> bool {
        cover_the_week(self.duty_roster.iter().map(|it| it.hours))
    }

    /// Whether its duty desk answers: by its roster; without one the duty telephone is answered in opening hours.
    pub fn on_duty(&self, at: LocalTime) -> bool {
        if self.duty_roster.is_empty() {
            self.duty_phone.is_some() && self.opening_hours.iter().any(|it| it.include(at))
        } else {
            self.duty_roster.iter().any(|it| it.hours.include(at))
        }
    }

    /// Refuses whoever is not of this agency: an entry of the directory is written by its own agency.
    pub fn written_by(&self, by: &Caller) -> Result<(), Refused> {
        if self.id == by.agency {
            Ok(())
        } else {
            Err(Refused::not_yours("an entry of the directory is written by its own agency"))
        }
    }

    /// Changes its entry. Whoever makes the location confidential takes the address out with it.
    pub fn update(&self, update: AgencyUpdate, by: &Caller) -> Result<Decided<Self>, Refused> {
        self.written_by(by)?;
        let confidential = update.confidential_location.unwrap_or(self.confidential_location);
        let kept = self.address.clone().filter(|_| !confidential);
        let value = Self {
            name: update.name.unwrap_or_else(|| self.name.clone()),
            duty_phone: update.duty_phone.unwrap_or_else(|| self.duty_phone.clone()),
            confidential_location: confidential,
            address: update.address.unwrap_or(kept),
            areas: update.areas.unwrap_or_else(|| self.areas.clone()),
            opening_hours: update.opening_hours.unwrap_or_else(|| self.opening_hours.clone()),
            duty_roster: update.duty_roster.unwrap_or_else(|| self.duty_roster.clone()),
            version: self.version.next(),
            ..self.clone()
        };
        let mut check = Check::default();
        check_address(&mut check, value.address.as_ref(), confidential);
        check_areas(&mut check, &value.areas, value.country);
        for place in overlapping(&value.opening_hours) {
            check.require(false, || Violation {
                pointer: format!("/openingHours/{place}").into(),
                ..Violation::plain("hours_overlap", "", "the hours overlap others")
            });
        }
        let warnings = check.done()?;
        let fact = value.changed_from(self);
        Ok(Decided::new(value, vec![fact], warnings))
    }

    fn changed_from(&self, old: &Self) -> Fact {
        let all = [
            ("name", self.name != old.name),
            ("duty_phone", self.duty_phone != old.duty_phone),
            ("confidential_location", self.confidential_location != old.confidential_location),
            ("address", self.address != old.address),
            ("areas", self.areas != old.areas),
            ("opening_hours", self.opening_hours != old.opening_hours),
            ("duty_roster", self.duty_roster != old.duty_roster),
        ];
        let changed: Vec<_> = all.iter().filter(|(_, it)| *it).map(|(name, _)| *name).collect();
        Fact {
            event: EventType::AgencyChanged,
            subject: SubjectKind::Agency,
            subject_id: self.id.0,
            version: self.version.0,
            case: None,
            audience: vec![self.id],
            payload: json!({ "changed": changed }),
        }
    }
}
