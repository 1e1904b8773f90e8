//! How long a time limit is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The length of a time limit, on the wire an object with one member: `{"workingDays": 3}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Span {
    /// Minutes from the event, around the clock.
    Minutes(u32),
    /// Hours from the event, around the clock.
    Hours(u32),
    /// Days after the day of the event; 0 is the day of the event.
    CalendarDays(u16),
    /// Working days after the day of the event; 0 is the day of the event if people work on it, else the next.
    WorkingDays(u16),
    /// Months after the day of the event.
    Months(u16),
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Self::Minutes(n) => (n, "minute"),
            Self::Hours(n) => (n, "hour"),
            Self::CalendarDays(n) => (n.into(), "calendar day"),
            Self::WorkingDays(n) => (n.into(), "working day"),
            Self::Months(n) => (n.into(), "month"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

#[cfg(feature = "openapi")]
mod contract {
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{
            RefOr,
            schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
        },
    };

    /// What a request may say: ten years in any unit. The computation itself takes any length.
    const MEMBERS: [(&str, &str, u32); 5] = [
        ("minutes", "Minutes from the event, around the clock.", 5_270_400),
        ("hours", "Hours from the event, around the clock.", 87_840),
        ("calendarDays", "Days after the day of the event, whose end is meant; 0 is that day itself.", 3660),
        ("workingDays", "Working days after the day of the event; 0 is that day, if it is one.", 2600),
        ("months", "Months after the day of the event; the end moves to a working day.", 120),
    ];

    impl PartialSchema for super::Span {
        fn schema() -> RefOr<Schema> {
            let whole = ObjectBuilder::new()
                .schema_type(Type::Object)
                .description(Some("The length of a time limit: exactly one of these members."))
                .min_properties(Some(1))
                .max_properties(Some(1))
                .examples([serde_json::json!({ "workingDays": 3 })]);
            let whole = MEMBERS.iter().fold(whole, |whole, (name, about, most)| {
                let member = ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
                    .description(Some(*about))
                    .minimum(Some(0))
                    .maximum(Some(*most));
                whole.property(*name, member)
            });
            whole.into()
        }
    }
    impl ToSchema for super::Span {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_one_member_and_reads_as_english() {
        for (span, wire, words) in [
            (Span::Minutes(30), r#"{"minutes":30}"#, "30 minutes"),
            (Span::Hours(4), r#"{"hours":4}"#, "4 hours"),
            (Span::CalendarDays(0), r#"{"calendarDays":0}"#, "0 calendar days"),
            (Span::WorkingDays(1), r#"{"workingDays":1}"#, "1 working day"),
            (Span::Months(3), r#"{"months":3}"#, "3 months"),
        ] {
            assert_eq!(serde_json::to_string(&span).ok().as_deref(), Some(wire));
            assert_eq!(serde_json::from_str::<Span>(wire).ok(), Some(span));
            assert_eq!(span.to_string(), words);
        }
        for bad in [
            r#"{"days":1}"#,
            r#"{"hours":-1}"#,
            r#"{"months":65536}"#,
            r#"{"hours":1,"months":1}"#,
            "{}",
            "3",
        ] {
            assert!(serde_json::from_str::<Span>(bad).is_err(), "{bad}");
        }
    }

    #[cfg(feature = "openapi")]
    #[test]
    fn the_schema_has_every_member_with_limits() {
        let schema = serde_json::to_value(<Span as utoipa::PartialSchema>::schema()).expect("a schema");
        assert_eq!((&schema["minProperties"], &schema["maxProperties"]), (&1.into(), &1.into()));
        let members = schema["properties"].as_object().expect("members");
        assert_eq!(members.len(), 5);
        for (name, member) in members {
            let largest = serde_json::json!({ name: member["maximum"] });
            assert!(serde_json::from_value::<Span>(largest).is_ok(), "{name}");
            assert_eq!(member["minimum"], 0, "{name}");
        }
    }
}
