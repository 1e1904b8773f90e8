//! Reading JSON strictly: one value, every member once, bounded nesting, no NUL.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{failure::Failure, problems};

const DEEPEST: u8 = 32;
/// Up to here a double holds every whole number.
const EXACT: f64 = 9_007_199_254_740_991.0;
const DUPLICATE: &str = "\u{1}duplicate member";
const TOO_DEEP: &str = "\u{1}nesting too deep";

/// The value of a body, or what is wrong with it, by line and column and without its contents.
pub fn read(body: &[u8]) -> Result<Value, Failure> {
    let mut from = serde_json::Deserializer::from_slice(body);
    let value = Strict { depth: 0 }.deserialize(&mut from).and_then(|value| from.end().map(|()| value));
    value.map_err(|error| {
        let place = format!("at line {} column {}", error.line(), error.column());
        let kind = match error.to_string() {
            text if text.starts_with(DUPLICATE) => &problems::DUPLICATE_MEMBER,
            text if text.starts_with(TOO_DEEP) || text.starts_with("recursion limit") => {
                &problems::NESTING_TOO_DEEP
            }
            _ => &problems::INVALID_JSON,
        };
        Failure::new(kind).because(place)
    })
}

#[derive(Clone, Copy)]
struct Strict {
    depth: u8,
}

impl Strict {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= DEEPEST { Err(E::custom(TOO_DEEP)) } else { Ok(Self { depth: self.depth + 1 }) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// A whole number is an integer however it is written: so says the contract's schema language.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        if value.fract() == 0.0 && value.abs() <= EXACT {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole and within what a double holds exactly"
            )]
            return Ok((value as i64).into());
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut all = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if all.contains_key(&name) {
                return Err(de::Error::custom(DUPLICATE));
            }
            all.insert(name, members.next_value_seed(inner)?);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_an_integer_however_it_is_written() {
        let value = |body: &str| read(body.as_bytes()).ok();
        for whole in ["165", "165.0", "1.65e2", "1650e-1"] {
            assert_eq!(value(whole), Some(Value::from(165)), "{whole}");
        }
        assert_eq!(value("-0.0"), Some(Value::from(0)));
        assert_eq!(value("0.5"), Some(Value::from(0.5)));
        assert_eq!(value("1e300"), Some(Value::from(1e300)));
    }

    #[test]
    fn what_is_not_one_clean_value_is_named() {
        let code = |body: &[u8]| read(body).err().map(|it| it.kind.code);
        let bad: [&[u8]; 12] = [
            b"",
            b"{",
            b"{\"a\":1,}",
            b"{} {}",
            b"\xEF\xBB\xBF{}",
            b"\xFF\xFE{\0}\0",
            b"{\"a\":NaN}",
            b"{'a':1}",
            b"{\"a\":\"\\ud800\"}",
            b"{\"a\":007}",
            b"{\"a\":\xC0\xAF}",
            b"// {}",
        ];
        for body in bad {
            assert_eq!(code(body), Some("invalid-json"), "{:?}", String::from_utf8_lossy(body));
        }
        assert_eq!(code(br#"{"a":1,"a":2}"#), Some("duplicate-member"));
        assert_eq!(code(br#"{"name":1,"n\u0061me":2}"#), Some("duplicate-member"));
        for depth in [33, 200, 30_000] {
            let deep = "[".repeat(depth) + &"]".repeat(depth);
            assert_eq!(code(deep.as_bytes()), Some("nesting-too-deep"), "{depth}");
        }
        let fits = "[".repeat(32) + &"]".repeat(32);
        assert_eq!(code(fits.as_bytes()), None);
    }
}
