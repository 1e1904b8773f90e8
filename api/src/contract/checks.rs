//! Parameters and bodies against the contract: all violations, none of the values.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, OnceLock},
};

use domain::{access::Operation, text::fitting};
use jsonschema::{Validator, error::ValidationErrorKind as Kind};
use serde_json::{Value, json};

use super::schemas::{bare, reach};
use crate::{
    failure::{Failure, ViolationView},
    problems,
};

/// What the contract says of one operation.
pub struct OperationContract {
    /// The row of the operation, for everything under `/v1`.
    pub row: Option<&'static Operation>,
    /// Whether `Idempotency-Key` is required.
    pub needs_key: bool,
    /// Whether `If-Match` is required.
    pub needs_match: bool,
    media_type: String,
    query: Vec<Parameter>,
    body: Schema,
}

struct Parameter {
    name: String,
    required: bool,
    integer: bool,
    schema: Schema,
}

/// A schema of the document, compiled when it is first needed.
struct Schema {
    own: Value,
    /// The schemas that it may refer to.
    checked: Arc<Value>,
    compiled: OnceLock<Option<Validator>>,
}

impl Schema {
    fn new(schema: &Value, checked: &Arc<Value>) -> Self {
        Self { own: bare(schema), checked: Arc::clone(checked), compiled: OnceLock::new() }
    }

    fn compile(&self) -> Option<Validator> {
        let mut names = BTreeSet::new();
        reach(&self.own, &self.checked, &mut names);
        let schemas: serde_json::Map<String, Value> = names
            .into_iter()
            .map(|it| (it.clone(), self.checked["components"]["schemas"][&it].clone()))
            .collect();
        let whole = json!({ "allOf": [self.own], "components": { "schemas": schemas } });
        jsonschema::options().build(&whole).ok()
    }

    fn violations(&self, value: &Value, at: &str) -> Vec<ViolationView> {
        let validator = self.compiled.get_or_init(|| self.compile());
        let Some(validator) = validator else {
            return vec![violation(
                at.to_owned(),
                "unreadable_contract",
                "the contract cannot be read".to_owned(),
            )];
        };
        let mut all: Vec<_> = validator.iter_errors(value).flat_map(|it| explain(&it, at)).collect();
        all.sort_by(|a, b| (&a.pointer, &a.code).cmp(&(&b.pointer, &b.code)));
        all
    }
}

impl OperationContract {
    pub(super) fn new(operation: &Value, document: &Value, checked: &Arc<Value>) -> Self {
        let parameters: Vec<Value> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| resolved(it, document))
            .collect();
        let header = |name: &str| {
            parameters.iter().any(|it| it["in"] == "header" && it["name"] == name && it["required"] == true)
        };
        let query = parameters.iter().filter(|it| it["in"] == "query").map(|it| Parameter {
            name: it["name"].as_str().unwrap_or_default().to_owned(),
            required: it["required"] == true,
            integer: resolved(&it["schema"], document)["type"] == "integer",
            schema: Schema::new(&it["schema"], checked),
        });
        let content = operation["requestBody"]["content"].as_object().and_then(|it| it.iter().next());
        let (media_type, body) = content.map_or((String::new(), Value::Bool(true)), |(media, content)| {
            (media.clone(), content["schema"].clone())
        });
        Self {
            row: operation["operationId"].as_str().and_then(Operation::find),
            needs_key: header("Idempotency-Key"),
            needs_match: header("If-Match"),
            media_type,
            query: query.collect(),
            body: Schema::new(&body, checked),
        }
    }

    /// The media type of the request body.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Every way in which a body does not fit.
    pub fn check_body(&self, body: &Value) -> Vec<ViolationView> {
        self.body.violations(body, "")
    }

    /// Refuses parameters that are unknown, repeated, missing or out of form.
    pub fn check_query(&self, query: &str) -> Result<(), Failure> {
        let invalid = |violations| Failure::new(&problems::INVALID_PARAMETER).listing(violations);
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query).map_err(|_| Failure::new(&problems::INVALID_PARAMETER))?;
        let mut seen = HashSet::new();
        let mut violations = Vec::new();
        for (name, text) in &pairs {
            let Some(parameter) = self.query.iter().find(|it| it.name == *name) else {
                return Err(Failure::new(&problems::UNKNOWN_PARAMETER));
            };
            let at = format!("?{name}");
            if !seen.insert(name) {
                violations.push(violation(at, "repeated", "is given more than once".to_owned()));
                continue;
            }
            violations.extend(parameter.violations(text, &at));
        }
        for it in self.query.iter().filter(|it| it.required && !seen.contains(&it.name)) {
            violations.push(violation(format!("?{}", it.name), "required", "is missing".to_owned()));
        }
        if violations.is_empty() { Ok(()) } else { Err(invalid(violations)) }
    }
}

impl Parameter {
    fn violations(&self, text: &str, at: &str) -> Vec<ViolationView> {
        let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|it| it.is_ascii_digit()));
        let value = match (self.integer, text) {
            (true, _) if plain && !text.is_empty() => text.parse::<u64>().map_or(Value::Null, Value::from),
            (false, "true") => Value::Bool(true),
            (false, "false") => Value::Bool(false),
            _ => Value::from(text),
        };
        self.schema.violations(&value, at)
    }
}

/// A parameter, header or schema behind its reference.
pub(super) fn resolved(it: &Value, document: &Value) -> Value {
    let target = it["$ref"].as_str().and_then(|it| it.strip_prefix('#')).and_then(|it| document.pointer(it));
    target.unwrap_or(it).clone()
}

fn violation(pointer: String, code: &str, message: String) -> ViolationView {
    ViolationView { pointer, code: code.to_owned(), message, ..ViolationView::default() }
}

/// One violation, or one for each member that is unknown.
fn explain(error: &jsonschema::ValidationError<'_>, at: &str) -> Vec<ViolationView> {
    let pointer = format!("{at}{}", error.instance_path());
    let one = |code: &str, message: &str| vec![violation(pointer.clone(), code, message.to_owned())];
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                let escaped = fitting(name, 100).replace('~', "~0").replace('/', "~1");
                violation(format!("{pointer}/{escaped}"), "unknown_member", "is not a member".to_owned())
            })
            .collect(),
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![violation(format!("{pointer}/{name}"), "required", "is missing".to_owned())]
        }
        Kind::Type { .. } => one("wrong_type", "has the wrong type"),
        Kind::Enum { .. } => one("not_in_list", "is not a value of the list"),
        Kind::Constant { .. } => one("not_in_list", "is not the expected value"),
        Kind::Pattern { .. } | Kind::Format { .. } => one("wrong_form", "does not have the documented form"),
        Kind::MaxLength { limit } => one("too_long", &format!("is longer than {limit} characters")),
        Kind::MinLength { limit } => one("too_short", &format!("is shorter than {limit} characters")),
        Kind::MaxItems { limit } => one("too_many", &format!("has more than {limit} items")),
        Kind::MinItems { limit } => one("too_few", &format!("has fewer than {limit} items")),
        Kind::Maximum { limit } => one("too_large", &format!("is larger than {limit}")),
        Kind::Minimum { limit } => one("too_small", &format!("is smaller than {limit}")),
        Kind::UniqueItems => one("repeated", "lists something twice"),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            one("no_variant", "is none of the documented variants")
        }
        Kind::OneOfMultipleValid { .. } => {
            one("several_variants", "is more than one of the documented variants")
        }
        _ => one("invalid_value", "does not fit the contract"),
    }
}
