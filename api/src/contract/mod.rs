//! The contract: collected from the routes, completed by rules that hold for every operation, and then enforced — what
//! it says of parameters and bodies is what is checked.

mod categories;
mod checks;
mod complete;
mod components;
mod document;
mod hideaways;
mod links;
mod schemas;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use actix_web::{HttpRequest, dev::ResourceDef, http::Method, web::Data};
use serde_json::Value;

pub use checks::OperationContract;
pub use document::yaml;

use crate::{failure::Failure, node::Node, problems};

/// The version of the contract; `API-Version` on every answer.
pub const VERSION: &str = "1.0.0";

/// Which contract a node serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// That of a production node: `openapi.yaml`.
    Production,
    /// The same with the test clock of a sandbox node.
    Sandbox,
}

/// The contract of an edition.
pub struct Contract {
    json: Box<str>,
    operations: HashMap<(Method, String), OperationContract>,
    paths: Vec<(ResourceDef, Vec<String>)>,
    /// Fixed paths that one with a parameter would match as well, as `/v1/cases/search` and `/v1/cases/{id}`.
    shadowed: Vec<(String, Vec<String>)>,
}

/// The document as text, made on a thread of its own: the many times of its size that this takes go back with the thread.
fn text(edition: Edition) -> Box<str> {
    let made =
        std::thread::spawn(move || serde_json::to_string(&document::document(edition)).unwrap_or_default());
    made.join().unwrap_or_default().into_boxed_str()
}

impl Contract {
    /// The contract of an edition, made once.
    pub fn get(edition: Edition) -> &'static Self {
        static PRODUCTION: OnceLock<Contract> = OnceLock::new();
        static SANDBOX: OnceLock<Contract> = OnceLock::new();
        let place = match edition {
            Edition::Production => &PRODUCTION,
            Edition::Sandbox => &SANDBOX,
        };
        place.get_or_init(|| Self::new(text(edition)))
    }

    /// The contract of the node that got a request.
    pub fn of_node(request: &HttpRequest) -> &'static Self {
        let node = request.app_data::<Data<Node>>();
        Self::get(node.map_or(Edition::Production, |it| it.edition()))
    }

    /// The document, read anew: as a tree it takes many times the memory of its text, and is rarely asked for.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.json).unwrap_or_default()
    }

    /// The document as JSON text.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What the contract says of the operation that a request was routed to.
    pub fn of(request: &HttpRequest) -> Result<&'static OperationContract, Failure> {
        let pattern = request.match_pattern().unwrap_or_default();
        let found = Self::of_node(request).operations.get(&(request.method().clone(), pattern));
        found.ok_or_else(|| Failure::new(&problems::NOT_FOUND))
    }

    /// The methods of the path, for `Allow`.
    pub fn methods_of(&self, path: &str) -> Vec<String> {
        let found = self.paths.iter().find(|(pattern, _)| pattern.is_match(path));
        found.map(|(_, methods)| methods.clone()).unwrap_or_default()
    }

    /// Whether a method is served, where the router would take a fixed path for one with a parameter.
    pub fn misses(&self, path: &str, method: &Method) -> bool {
        let found = self.shadowed.iter().find(|(fixed, _)| fixed == path);
        found.is_some_and(|(_, methods)| !methods.iter().any(|it| it == method.as_str()))
    }

    fn new(json: Box<str>) -> Self {
        let document: Value = serde_json::from_str(&json).unwrap_or_default();
        let checked = Arc::new(schemas::checked(&document));
        let mut operations = HashMap::new();
        let mut paths = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let mut methods = Vec::new();
            for (name, operation) in item.as_object().into_iter().flatten() {
                let Ok(method) = Method::from_bytes(name.to_uppercase().as_bytes()) else { continue };
                methods.push(method.to_string());
                if method == Method::GET {
                    methods.push("HEAD".to_owned());
                }
                operations
                    .insert((method, path.clone()), OperationContract::new(operation, &document, &checked));
            }
            methods.push("OPTIONS".to_owned());
            paths.push((ResourceDef::new(path.as_str()), methods));
        }
        // Fixed paths before those with a parameter, as the router has them.
        let open = |pattern: &ResourceDef| pattern.pattern().is_some_and(|it| it.contains('{'));
        paths.sort_by_key(|(pattern, _)| open(pattern));
        let fixed = paths.iter().filter(|(pattern, _)| !open(pattern));
        let shadowed = fixed.filter_map(|(pattern, methods)| {
            let path = pattern.pattern()?;
            let hidden = paths.iter().any(|(other, _)| open(other) && other.is_match(path));
            hidden.then(|| (path.to_owned(), methods.clone()))
        });
        let shadowed = shadowed.collect();
        Self { json, operations, paths, shadowed }
    }
}
