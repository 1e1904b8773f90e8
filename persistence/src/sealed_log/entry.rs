//! A row of a log as bytes that are the same for ever: JSON as RFC 8785 writes it.
//!
//! The members are `log` and the columns that hold something, sorted by name: a column that is added later, and empty in
//! old rows, changes no old leaf. Whatever has several spellings is a text (instants in UTC, ids, the transaction), and
//! every number is an integer below 2^53.

use serde_json::Value;

/// The two logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogName {
    /// Reads and refusals.
    AccessLog,
    /// Facts: what was changed.
    Events,
}

impl LogName {
    /// Both.
    pub const ALL: [Self; 2] = [Self::AccessLog, Self::Events];

    /// The name of the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessLog => "access_log",
            Self::Events => "events",
        }
    }

    /// The log of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// The canonical text of a row, as the database gives its columns; nothing where they are no object.
pub fn canonical(log: LogName, row: Value) -> Option<String> {
    let Value::Object(mut columns) = row else { return None };
    columns.retain(|_, it| !it.is_null());
    columns.insert("log".to_owned(), log.name().into());
    let mut text = String::new();
    write(&Value::Object(columns), &mut text);
    Some(text)
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(all) => {
            // RFC 8785 sorts by UTF-16 units; names of columns and of the members of facts are ASCII.
            let mut members: Vec<_> = all.iter().collect();
            members.sort_unstable_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (n, (name, it)) in members.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(&Value::from(name.as_str()), out);
                out.push(':');
                write(it, out);
            }
            out.push('}');
        }
        Value::Array(all) => {
            out.push('[');
            for (n, it) in all.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(it, out);
            }
            out.push(']');
        }
        // serde_json escapes exactly what RFC 8785 asks for.
        one => out.push_str(&one.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_has_one_spelling() {
        let row = json!({
            "seq": 7, "xid": "712", "code": null, "sections": ["d1_identity"], "operation": "a\"\n\u{1}ü",
            "payload": { "b": null, "a": [1, true] },
        });
        let wanted = r#"{"log":"events","operation":"a\"\n\u0001ü","payload":{"a":[1,true],"b":null},"sections":["d1_identity"],"seq":7,"xid":"712"}"#;
        assert_eq!(canonical(LogName::Events, row).as_deref(), Some(wanted));
        assert_eq!(canonical(LogName::Events, json!([])), None);
    }

    #[test]
    fn a_column_that_is_empty_is_as_if_it_were_not_there() {
        let (before, after) = (json!({ "seq": 1 }), json!({ "seq": 1, "later": null }));
        assert_eq!(canonical(LogName::AccessLog, before), canonical(LogName::AccessLog, after));
    }
}
