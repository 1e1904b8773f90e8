//! Countries, languages and free text as they may be stored.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A country, ISO 3166-1 alpha-2, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads two capital letters.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 2] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether the letters stand for a country or territory today.
    pub fn is_assigned(&self) -> bool {
        ASSIGNED.split(' ').any(|it| it == self.as_str())
    }
}

/// The codes of ISO 3166-1 alpha-2 that are assigned, as of 2026.
const ASSIGNED: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
     BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH \
     ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT \
     HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS \
     LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI \
     NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG \
     SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
     UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a country code"))
    }
}

/// A language tag, BCP 47, for example `et`, `uk` or `sr-Latn`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// Reads a tag of two or three letters with optional subtags.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let primary = parts
            .next()
            .is_some_and(|it| matches!(it.len(), 2 | 3) && it.bytes().all(|b| b.is_ascii_lowercase()));
        let rest = parts.all(|it| matches!(it.len(), 2..=8) && it.bytes().all(|b| b.is_ascii_alphanumeric()));
        (primary && rest && text.len() <= 35).then(|| Self(text.to_owned()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether whoever speaks this language understands the other: the same one, whatever its script or region.
    pub fn understands(&self, other: &Self) -> bool {
        let primary = |it: &'_ Self| it.0.split('-').next().map(str::to_owned);
        primary(self) == primary(other)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a language tag"))
    }
}

macro_rules! texts {
    ($($(#[doc = $about:literal])+ $name:ident, $lines:literal, $pattern:expr;)+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name<const MAX: usize>(String);

        impl<const MAX: usize> $name<MAX> {
            /// Reads and trims a text; refuses what is too long or unfit.
            pub fn parse(text: &str) -> Option<Self> {
                let trimmed = text.trim();
                (unfit(trimmed, $lines).is_none() && trimmed.chars().count() <= MAX).then(|| Self(trimmed.to_owned()))
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> Self { text.0 }
        }

        impl<'de, const MAX: usize> Deserialize<'de> for $name<MAX> {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::parse(&text).ok_or_else(|| D::Error::custom("not a text that can be stored"))
            }
        }

        #[cfg(feature = "openapi")]
        impl<const MAX: usize> utoipa::PartialSchema for $name<MAX> {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                crate::schema::words(concat!($($about),+).trim(), $pattern, MAX)
            }
        }

        #[cfg(feature = "openapi")]
        impl<const MAX: usize> utoipa::ToSchema for $name<MAX> {
            fn name() -> std::borrow::Cow<'static, str> { format!("{}{MAX}", stringify!($name)).into() }
        }
    )+};
}

/// One line without control or invisible characters.
pub const LINE_PATTERN: &str = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u200B\\u2060\\uFEFF\\u202A-\\u202E\\u2066-\\u2069\\uE000-\\uF8FF\\uFDD0-\\uFDEF]*[^\\s\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u200B\\u2060\\uFEFF\\u202A-\\u202E\\u2066-\\u2069\\uE000-\\uF8FF\\uFDD0-\\uFDEF][^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u200B\\u2060\\uFEFF\\u202A-\\u202E\\u2066-\\u2069\\uE000-\\uF8FF\\uFDD0-\\uFDEF]*$";

/// The same, or nothing.
pub const LINE_OR_NONE_PATTERN: &str = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u200B\\u2060\\uFEFF\\u202A-\\u202E\\u2066-\\u2069\\uE000-\\uF8FF\\uFDD0-\\uFDEF]*$";

/// Lines without control characters.
pub const TEXT_PATTERN: &str = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\uE000-\\uF8FF\\uFDD0-\\uFDEF]*[^\\s\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\uE000-\\uF8FF\\uFDD0-\\uFDEF][^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\uE000-\\uF8FF\\uFDD0-\\uFDEF]*$";

/// The same, or nothing.
pub const TEXT_OR_NONE_PATTERN: &str =
    "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\uE000-\\uF8FF\\uFDD0-\\uFDEF]*$";

texts! {
    /// One line of text: something else than spaces, no control or invisible characters; trimmed.
    Line, false, LINE_PATTERN;
    /// Text of one or more lines: something else than spaces, no control characters but line ends and tabs; trimmed.
    Text, true, TEXT_PATTERN;
}

/// Why a text cannot be stored as it is, if so: control characters, text direction overrides, nothing but spaces.
pub fn unfit(text: &str, several_lines: bool) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("is empty");
    }
    text.chars().find_map(|it| unfit_character(it, several_lines))
}

/// What others wrote, without the characters that a line cannot have, and no longer than `most` characters.
pub fn fitting(text: &str, most: usize) -> String {
    text.chars().filter(|it| unfit_character(*it, false).is_none()).take(most).collect()
}

fn unfit_character(it: char, several_lines: bool) -> Option<&'static str> {
    match it {
        '\n' | '\r' | '\t' if several_lines => None,
        it if it.is_control() => Some("contains a control character"),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' if !several_lines => {
            Some("contains a text direction override")
        }
        '\u{200B}' | '\u{2060}' | '\u{AD}' | '\u{FEFF}' if !several_lines => {
            Some("contains an invisible character")
        }
        '\u{FDD0}'..='\u{FDEF}' | '\u{E000}'..='\u{F8FF}' => Some("contains a character without meaning"),
        _ => None,
    }
}

#[cfg(feature = "openapi")]
mod contract {
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{RefOr, schema::Schema},
    };

    impl PartialSchema for super::Country {
        fn schema() -> RefOr<Schema> {
            crate::schema::text("A country, ISO 3166-1 alpha-2.", None, "^[A-Z]{2}$", 2, "EE")
        }
    }
    impl ToSchema for super::Country {}

    impl PartialSchema for super::Language {
        fn schema() -> RefOr<Schema> {
            crate::schema::text("A language, BCP 47.", None, "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", 35, "et")
        }
    }
    impl ToSchema for super::Language {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfit_text_is_named_without_being_repeated() {
        assert_eq!(unfit("Mari-Liis O'Neil", false), None);
        assert_eq!(unfit("two\nlines", true), None);
        for bad in ["", "  ", "a\u{0}b", "a\nb", "a\u{202E}b", "a\u{200B}b", "\u{FDD0}"] {
            assert!(unfit(bad, false).is_some(), "{bad:?}");
        }
        assert!(unfit("a\u{0}b", true).is_some());
    }

    #[test]
    fn countries_and_languages_have_one_spelling() {
        assert!(Country::parse("EE").is_some());
        for bad in ["ee", "EST", "E", "E1", ""] {
            assert!(Country::parse(bad).is_none(), "{bad}");
        }
        for (code, assigned) in [("EE", true), ("ZW", true), ("AD", true), ("XX", false), ("AA", false)] {
            assert_eq!(Country::parse(code).map(|it| it.is_assigned()), Some(assigned), "{code}");
        }
        assert!(Language::parse("sr-Latn").is_some());
        for bad in ["", "e", "EN", "en_GB", "en-", "en-x"] {
            assert!(Language::parse(bad).is_none(), "{bad}");
        }
    }
}
