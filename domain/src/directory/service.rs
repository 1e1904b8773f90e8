//! Services: what an agency offers, for whom, where, and how many places are free.

use serde_json::json;
use time::Duration;

use super::{
    Address, Agency, Area,
    place::{check_address, check_areas},
};
use crate::{
    AgencyId, Check, Decided, Refused, ServiceId, Timestamp, Version, Violation,
    access::Caller,
    events::{EventType, Fact, SubjectKind},
    text::{Country, Language},
    vocabulary::{ServiceCode, Sex, SpecialNeed, Urgency},
};

/// For how long a count of free places says something. Project proposal: no source sets it; three days bridge a
/// weekend.
pub const CAPACITY_FRESH_FOR: Duration = Duration::hours(72);

/// The most services that one agency has in the directory: a page of them.
pub const MOST_SERVICES: usize = 200;

/// A service that an agency offers. One at a confidential location has no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Who offers it.
    pub agency: AgencyId,
    /// The country in which it is offered.
    pub country: Country,
    /// What it is.
    pub service: ServiceCode,
    /// What is said of it.
    pub entry: ServiceEntry,
    /// When the free places were counted.
    pub capacity_as_of: Option<Timestamp>,
    /// Its version.
    pub version: Version,
}

/// What an agency says of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEntry {
    /// Its name.
    pub name: String,
    /// What it does, in words.
    pub description: Option<String>,
    /// The youngest age in whole years that it takes.
    pub min_age: u8,
    /// The oldest age in whole years that it takes.
    pub max_age: u8,
    /// The sexes that it takes.
    pub sexes: Vec<Sex>,
    /// The languages in which it is given.
    pub languages: Vec<Language>,
    /// The special needs that it can meet; none named: nothing is said of them.
    pub needs: Vec<SpecialNeed>,
    /// The urgencies that it accepts; none named: all.
    pub urgencies: Vec<Urgency>,
    /// The areas that it serves; none named: those of its agency.
    pub areas: Vec<Area>,
    /// Whether its location is confidential, even where its agency's is not.
    pub confidential_location: bool,
    /// Its public address, where it is not its agency's.
    pub address: Option<Address>,
    /// Free places, if it counts them.
    pub capacity: Option<u16>,
    /// Whether it is offered at present.
    pub active: bool,
}

/// What an agency changes of a service: absent leaves, `None` clears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceUpdate {
    /// Its name.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<Option<String>>,
    /// The youngest age.
    pub min_age: Option<u8>,
    /// The oldest age.
    pub max_age: Option<u8>,
    /// The sexes that it takes.
    pub sexes: Option<Vec<Sex>>,
    /// The languages in which it is given.
    pub languages: Option<Vec<Language>>,
    /// The special needs that it can meet.
    pub needs: Option<Vec<SpecialNeed>>,
    /// The urgencies that it accepts.
    pub urgencies: Option<Vec<Urgency>>,
    /// The areas that it serves.
    pub areas: Option<Vec<Area>>,
    /// Whether its location is confidential.
    pub confidential_location: Option<bool>,
    /// Its public address.
    pub address: Option<Option<Address>>,
    /// Free places: whoever says how many has counted them now.
    pub capacity: Option<Option<u16>>,
    /// Whether it is offered at present.
    pub active: Option<bool>,
}

impl Service {
    /// Adds a service to those that an agency has.
    pub fn offer(
        (id, service): (ServiceId, ServiceCode),
        entry: ServiceEntry,
        (agency, others): (&Agency, &[Self]),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        agency.written_by(by)?;
        let mut check = Check::default();
        check.require(others.len() < MOST_SERVICES, || {
            Violation::plain("too_many_services", "", "an agency has at most 200 services in the directory")
        });
        entry.check(&mut check, agency);
        let warnings = check.done()?;
        let capacity_as_of = entry.capacity.map(|_| now);
        let version = Version::FIRST;
        let value =
            Self { id, agency: agency.id, country: agency.country, service, entry, capacity_as_of, version };
        let facts = vec![value.fact(&["offered"])];
        Ok(Decided::new(value, facts, warnings))
    }

    /// Changes what is said of it. Whoever makes its location confidential takes the address out with it.
    pub fn update(
        &self,
        update: ServiceUpdate,
        agency: &Agency,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        agency.written_by(by)?;
        let counted = update.capacity;
        let entry = self.entry.updated(update);
        let mut check = Check::default();
        entry.check(&mut check, agency);
        let warnings = check.done()?;
        let capacity_as_of = match counted {
            Some(places) => places.map(|_| now),
            None => self.capacity_as_of,
        };
        let mut changed = entry.changed_from(&self.entry);
        if counted.is_some() && !changed.contains(&"capacity") {
            changed.push("capacity");
        }
        let value = Self { entry, capacity_as_of, version: self.version.next(), ..self.clone() };
        let facts = vec![value.fact(&changed)];
        Ok(Decided::new(value, facts, warnings))
    }

    /// The same without its address, where it has one: its agency's location has become confidential.
    pub fn hidden(&self) -> Option<Decided<Self>> {
        self.entry.address.as_ref()?;
        let entry = ServiceEntry { address: None, ..self.entry.clone() };
        let value = Self { entry, version: self.version.next(), ..self.clone() };
        let facts = vec![value.fact(&["address"])];
        Some(Decided::new(value, facts, Vec::new()))
    }

    /// The areas that it serves: its own, else its agency's; none named: the whole country.
    pub fn areas_of<'a>(&'a self, agency: &'a Agency) -> &'a [Area] {
        if self.entry.areas.is_empty() { &agency.areas } else { &self.entry.areas }
    }

    /// Whether its count of free places is too old to rely on.
    pub fn capacity_is_stale(&self, now: Timestamp) -> bool {
        self.capacity_as_of.is_some_and(|it| now > it.plus(CAPACITY_FRESH_FOR))
    }

    fn fact(&self, changed: &[&'static str]) -> Fact {
        Fact {
            event: EventType::ServiceChanged,
            subject: SubjectKind::Service,
            subject_id: self.id.0,
            version: self.version.0,
            case: None,
            audience: vec![self.agency],
            payload: json!({ "service": self.service, "changed": changed }),
        }
    }
}

impl ServiceEntry {
    fn check(&self, check: &mut Check, agency: &Agency) {
        check.require(self.min_age <= self.max_age, || {
            Violation::plain("ages_reversed", "/maxAge", "the oldest age is below the youngest")
        });
        let confidential = self.confidential_location || agency.confidential_location;
        check_address(check, self.address.as_ref(), confidential);
        check_areas(check, &self.areas, agency.country);
    }

    fn updated(&self, update: ServiceUpdate) -> Self {
        let old = self.clone();
        let confidential = update.confidential_location.unwrap_or(old.confidential_location);
        let kept = old.address.filter(|_| !confidential);
        Self {
            name: update.name.unwrap_or(old.name),
            description: update.description.unwrap_or(old.description),
            min_age: update.min_age.unwrap_or(old.min_age),
            max_age: update.max_age.unwrap_or(old.max_age),
            sexes: update.sexes.unwrap_or(old.sexes),
            languages: update.languages.unwrap_or(old.languages),
            needs: update.needs.unwrap_or(old.needs),
            urgencies: update.urgencies.unwrap_or(old.urgencies),
            areas: update.areas.unwrap_or(old.areas),
            confidential_location: confidential,
            address: update.address.unwrap_or(kept),
            capacity: update.capacity.unwrap_or(old.capacity),
            active: update.active.unwrap_or(old.active),
        }
    }

    fn changed_from(&self, old: &Self) -> Vec<&'static str> {
        let all = [
            ("name", self.name != old.name),
            ("description", self.description != old.description),
            ("ages", (self.min_age, self.max_age) != (old.min_age, old.max_age)),
            ("sexes", self.sexes != old.sexes),
            ("languages", self.languages != old.languages),
            ("needs", self.needs != old.needs),
            ("urgencies", self.urgencies != old.urgencies),
            ("areas", self.areas != old.areas),
            ("confidential_location", self.confidential_location != old.confidential_location),
            ("address", self.address != old.address),
            ("capacity", self.capacity != old.capacity),
            ("active", self.active != old.active),
        ];
        all.iter().filter(|(_, it)| *it).map(|(name, _)| *name).collect()
    }
}
