//! Which class of a child's data each property holds (`x-data-category`): a property without one, and without a reason
//! for having none, does not get into the contract (GDPR Art. 25). `x-in-summary` marks what a summary keeps.

mod summaries;
mod table;

use domain::vocabulary::DataClass;
use serde_json::{Value, json};

use summaries::SUMMARIES;
use table::{FRAME, FRAME_SCHEMAS, SCHEMAS};

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// Data of one class.
    Class(DataClass),
    /// Data of the class that follows from another member of the same object.
    By(&'static str),
    /// What everybody sees who sees the object: ids, times, who acted, where it stands.
    Frame,
}

/// The properties of one schema.
struct Row {
    /// Its name.
    schema: &'static str,
    /// What its properties hold, unless they are excepted or belong to every frame.
    holds: DataClass,
    /// Those that hold something else.
    except: &'static [(&'static str, Held)],
}

/// What a property holds; nothing where nobody has said so.
fn held(schema: &str, property: &str) -> Option<Held> {
    if FRAME_SCHEMAS.iter().any(|(names, _)| names.contains(&schema)) {
        return Some(Held::Frame);
    }
    let row = SCHEMAS.iter().find(|it| it.schema == schema)?;
    if let Some((_, it)) = row.except.iter().find(|it| it.0 == property) {
        return Some(*it);
    }
    let frame = FRAME.iter().any(|(names, _)| names.contains(&property));
    Some(if frame { Held::Frame } else { Held::Class(row.holds) })
}

/// Marks the properties of every schema of the table.
pub fn mark(document: &mut Value) {
    for (name, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        for (property, it) in
            schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            match held(name, property) {
                Some(Held::Class(class)) => it["x-data-category"] = json!(class.to_string()),
                Some(Held::By(member)) => it["x-data-category-by"] = json!(member),
                Some(Held::Frame) | None => {}
            }
            if SUMMARIES.iter().any(|it| it.0 == name.as_str() && it.1.contains(&property.as_str())) {
                it["x-in-summary"] = json!(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::LazyLock};

    use domain::access::Operation;

    use super::*;
    use crate::contract::{Contract, Edition, complete::METHODS, schemas::reach};

    /// Where records of children are read.
    const ROOTS: [&str; 5] =
        ["/v1/cases", "/v1/referrals", "/v1/transnational-requests", "/v1/concerns", "/v1/screenings"];

    fn document() -> &'static Value {
        static DOCUMENT: LazyLock<Value> = LazyLock::new(|| Contract::get(Edition::Production).document());
        &DOCUMENT
    }

    /// The schemas of what is answered of children.
    fn answered() -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let paths = document()["paths"].as_object().into_iter().flatten();
        for (_, item) in paths.filter(|(path, _)| ROOTS.iter().any(|it| path.starts_with(it))) {
            for operation in METHODS.iter().filter_map(|it| item.get(*it)) {
                let row = operation["operationId"].as_str().and_then(Operation::find);
                if row.is_some_and(|it| it.logged) {
                    reach(&operation["responses"], document(), &mut found);
                }
            }
        }
        found
    }

    fn properties(schema: &str) -> Vec<&'static str> {
        let it = document()["components"]["schemas"][schema]["properties"].as_object();
        it.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    fn objects_within(it: &Value) -> usize {
        match it {
            Value::Array(all) => all.iter().map(objects_within).sum(),
            Value::Object(all) => {
                usize::from(all.get("properties").is_some_and(Value::is_object))
                    + all.values().map(objects_within).sum::<usize>()
            }
            _ => 0,
        }
    }

    #[test]
    fn whatever_is_answered_of_a_child_has_a_category_or_a_reason_for_none() {
        let mut missing = Vec::new();
        let mut marked = 0;
        for schema in answered() {
            let named = properties(&schema);
            let whole = &document()["components"]["schemas"][&schema];
            assert_eq!(
                objects_within(whole),
                usize::from(!named.is_empty()),
                "{schema} hides an object inside"
            );
            for property in named {
                match held(&schema, property) {
                    None => missing.push(format!("{schema}.{property}")),
                    Some(Held::Frame) => {}
                    Some(_) => marked += 1,
                }
            }
        }
        assert!(missing.is_empty(), "say in contract/categories what these hold: {missing:?}");
        assert!(marked > 250, "{marked} properties");
    }

    #[test]
    fn the_table_names_nothing_that_is_not_there() {
        let schemas = answered();
        let named = SCHEMAS.iter().map(|it| it.schema);
        let framed = FRAME_SCHEMAS.iter().flat_map(|it| it.0).copied();
        let mut seen = BTreeSet::new();
        for it in named.chain(framed) {
            assert!(schemas.contains(it), "{it} is not answered");
            assert!(seen.insert(it), "{it} is there twice");
        }
        for row in SCHEMAS {
            let all = properties(row.schema);
            for (property, held) in row.except {
                assert!(all.contains(property), "{}.{property} is not there", row.schema);
                let other = match held {
                    Held::By(member) => all.contains(member),
                    _ => *held != Held::Class(row.holds) || FRAME.iter().any(|it| it.0.contains(property)),
                };
                assert!(other, "{}.{property} says nothing new", row.schema);
            }
        }
        let every: BTreeSet<_> = SCHEMAS.iter().flat_map(|it| properties(it.schema)).collect();
        for name in FRAME.iter().flat_map(|it| it.0) {
            assert!(every.contains(name), "no schema of the table has {name}");
        }
    }

    #[test]
    fn whatever_can_be_a_summary_says_what_that_keeps() {
        let schemas = document()["components"]["schemas"].as_object().into_iter().flatten();
        for (name, schema) in schemas.filter(|it| it.1["properties"].get("summaryOnly").is_some()) {
            assert!(SUMMARIES.iter().any(|it| it.0 == name.as_str()), "{name} can be a summary: {schema}");
        }
        for (schema, kept) in SUMMARIES {
            for property in *kept {
                let held = held(schema, property);
                assert!(matches!(held, Some(Held::Class(_))), "{schema}.{property}: {held:?}");
                let it = &document()["components"]["schemas"][schema]["properties"][property];
                assert_eq!(it["x-in-summary"], true, "{schema}.{property} is not there");
            }
        }
    }

    #[test]
    fn a_new_schema_has_no_category_by_itself() {
        assert_eq!(held("Diary", "text"), None);
        assert_eq!(held("Child", "birthDate"), Some(Held::Class(DataClass::D1Identity)));
        assert_eq!(held("Note", "text"), Some(Held::By("category")));
        assert_eq!(held("ChildsView", "status"), Some(Held::Class(DataClass::D13BestInterestsViews)));
        assert_eq!(held("Case", "status"), Some(Held::Frame));
        let name = &document()["components"]["schemas"]["Child"]["properties"]["givenName"];
        assert_eq!(name["x-data-category"], "d1_identity");
    }
}
