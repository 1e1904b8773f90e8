//! Addresses, hours and duty desks, as agencies write and others read them.

use domain::{
    directory::{Address, Hours, Phone, Shift, TimeOfDay, Weekday},
    text::Line,
};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{Schema, SchemaType, Type},
    },
};

/// A public address in the country of its agency.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Address)]
#[serde(rename_all = "camelCase")]
pub struct AddressView {
    /// Street and number.
    pub street: Line<200>,
    /// The postal code.
    pub postal_code: Line<20>,
    /// Town or village.
    pub locality: Line<100>,
}

impl From<AddressView> for Address {
    fn from(it: AddressView) -> Self {
        Self { street: it.street, postal_code: it.postal_code, locality: it.locality }
    }
}

impl From<Address> for AddressView {
    fn from(it: Address) -> Self {
        Self { street: it.street, postal_code: it.postal_code, locality: it.locality }
    }
}

impl AddressView {
    /// The address in a merge patch: the whole of it, or `null` to take it out.
    pub fn or_null() -> RefOr<Schema> {
        let RefOr::T(Schema::Object(mut it)) = Self::schema() else { return Self::schema() };
        it.schema_type = SchemaType::from_iter([Type::Object, Type::Null]);
        it.description = Some("The public address, the whole of it; `null` takes it out.".to_owned());
        RefOr::T(Schema::Object(it))
    }
}

/// Weekly hours in local time. Those that end at or before the time at which they begin end on the next day: `22:00` to
/// `06:00` is a night, `00:00` to `00:00` a whole day.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Hours)]
pub struct HoursView {
    /// The day on which they begin.
    pub weekday: Weekday,
    /// When they begin.
    pub from: TimeOfDay,
    /// When they end; this minute is no longer part of them.
    pub to: TimeOfDay,
}

impl From<HoursView> for Hours {
    fn from(it: HoursView) -> Self {
        Self { weekday: it.weekday, from: it.from, to: it.to }
    }
}

impl From<Hours> for HoursView {
    fn from(it: Hours) -> Self {
        Self { weekday: it.weekday, from: it.from, to: it.to }
    }
}

/// A weekly shift of a duty desk, in local time: when, which telephone, which function.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Shift)]
pub struct ShiftView {
    /// The day on which it begins.
    pub weekday: Weekday,
    /// When it begins.
    pub from: TimeOfDay,
    /// When it ends; at or before `from` on the next day.
    pub to: TimeOfDay,
    /// The telephone that is answered.
    pub phone: Phone,
    /// The function on duty, in words; never a named person.
    pub function: Line<100>,
}

impl From<ShiftView> for Shift {
    fn from(it: ShiftView) -> Self {
        let hours = Hours { weekday: it.weekday, from: it.from, to: it.to };
        Self { hours, phone: it.phone, function: it.function }
    }
}

impl From<Shift> for ShiftView {
    fn from(it: Shift) -> Self {
        let Hours { weekday, from, to } = it.hours;
        Self { weekday, from, to, phone: it.phone, function: it.function }
    }
}
