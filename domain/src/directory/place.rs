//! Where agencies and services are and how to call them: areas, addresses, telephones. A confidential location has no
//! address anywhere.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    Check, Violation,
    text::{Country, Line},
};

/// A subdivision of a country, ISO 3166-2, for example `EE-37`. Areas are compared as they are written: this node knows
/// of no area inside another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Area(String);

impl Area {
    /// Reads a country code, a hyphen and one to three capital letters or digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (country, rest) = text.split_once('-')?;
        let fits = matches!(rest.len(), 1..=3)
            && rest.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
        (Country::parse(country).is_some() && fits).then(|| Self(text.to_owned()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country's code.
    pub fn country(&self) -> &str {
        self.0.split_once('-').map_or("", |(it, _)| it)
    }

    /// Whether it is an area of this country.
    pub fn is_of(&self, country: Country) -> bool {
        self.country() == country.as_str()
    }
}

impl<'de> Deserialize<'de> for Area {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an area"))
    }
}

/// A telephone number as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads 2 to 40 digits, spaces and signs of which the first is a digit, perhaps after a plus.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('+').unwrap_or(text);
        let signs = |it: u8| it.is_ascii_digit() || b" ()./-".contains(&it);
        let fits = matches!(rest.len(), 2..=39)
            && rest.starts_with(|it: char| it.is_ascii_digit())
            && rest.bytes().all(signs);
        fits.then(|| Self(text.to_owned()))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a telephone number"))
    }
}

/// A public address in the country of its agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Street and number.
    pub street: Line<200>,
    /// The postal code.
    pub postal_code: Line<20>,
    /// Town or village.
    pub locality: Line<100>,
}

/// Refuses an address where the location is confidential.
pub(super) fn check_address(check: &mut Check, address: Option<&Address>, confidential: bool) {
    check.require(address.is_none() || !confidential, || {
        Violation::plain(
            "confidential_location_has_no_address",
            "/address",
            "the location is confidential: no address may stand in the directory",
        )
    });
}

/// Refuses areas of another country.
pub(super) fn check_areas(check: &mut Check, areas: &[Area], country: Country) {
    for (place, _) in areas.iter().enumerate().filter(|(_, it)| !it.is_of(country)) {
        check.require(false, || Violation {
            pointer: format!("/areas/{place}").into(),
            ..Violation::plain("area_of_another_country", "", "the area lies in another country")
        });
    }
}

#[cfg(feature = "openapi")]
mod contract {
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{RefOr, schema::Schema},
    };

    impl PartialSchema for super::Area {
        fn schema() -> RefOr<Schema> {
            crate::schema::text(
                "A subdivision of a country, ISO 3166-2.",
                None,
                "^[A-Z]{2}-[A-Z0-9]{1,3}$",
                6,
                "EE-37",
            )
        }
    }
    impl ToSchema for super::Area {}

    impl PartialSchema for super::Phone {
        fn schema() -> RefOr<Schema> {
            crate::schema::text(
                "A telephone number.",
                None,
                r"^\+?[0-9][0-9 ()./-]{1,38}$",
                40,
                "+372 000 0000",
            )
        }
    }
    impl ToSchema for super::Phone {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_and_telephones_have_their_form() {
        for good in ["EE-37", "LV-RIX", "EE-784", "FI-1"] {
            assert!(Area::parse(good).is_some(), "{good}");
        }
        for bad in ["", "EE", "EE-", "ee-37", "EE-3700", "EE37", "EE-3a", "EE-37 ", "E-37", "EE-3-7"] {
            assert_eq!(Area::parse(bad), None, "{bad}");
        }
        for good in ["116111", "+372 000 0001", "(00)"] {
            assert_eq!(Phone::parse(good).is_some(), !good.starts_with('('), "{good}");
        }
        for bad in ["", "+", "1", "call me", "+372 Mik", "++372 1", &"1".repeat(41)] {
            assert_eq!(Phone::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_area_belongs_to_its_country() {
        let area = Area::parse("EE-37").expect("an area");
        assert!(area.is_of(Country::parse("EE").expect("a country")));
        assert!(!area.is_of(Country::parse("LV").expect("a country")));
    }
}
