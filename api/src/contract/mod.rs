//! The contract: collected from the routes, completed by rules that hold for every operation, and then enforced — what
//! it says of parameters and bodies is what is checked.

mod checks;
mod complete;
mod components;
mod document;
mod links;
mod schemas;

use std::{collections::HashMap, sync::OnceLock};

use actix_web::{
    HttpRequest,
    dev::ResourceDef,
    http::{Method, header},
    web::Data,
};
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
    document: Value,
    json: String,
    operations: HashMap<(Method, String), OperationContract>,
    paths: Vec<(ResourceDef, Vec<String>)>,
    /// The methods of paths without a parameter.
    fixed: HashMap<String, Vec<String>>,
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
        place.get_or_init(|| Self::new(document::document(edition)))
    }

    /// The contract of the node that got a request.
    pub fn of_node(request: &HttpRequest) -> &'static Self {
        let node = request.app_data::<Data<Node>>();
        Self::get(node.map_or(Edition::Production, |it| it.edition()))
    }

    /// The document.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The document as JSON text.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What the contract says of the operation that a request was routed to.
    pub fn of(request: &HttpRequest) -> Result<&'static OperationContract, Failure> {
        let pattern = request.match_pattern().unwrap_or_default();
        let contract = Self::of_node(request);
        // A fixed path beside one with a parameter, which would take what the fixed one does not.
        if let Some(allowed) = contract.fixed.get(request.path())
            && !allowed.iter().any(|it| it == request.method().as_str())
        {
            let failure = Failure::new(&problems::METHOD_NOT_ALLOWED);
            return Err(failure.header(header::ALLOW, allowed.join(", ")));
        }
        let found = contract.operations.get(&(request.method().clone(), pattern));
        found.ok_or_else(|| Failure::new(&problems::NOT_FOUND))
    }

    /// The methods of the path, for `Allow`.
    pub fn methods_of(&self, path: &str) -> Vec<String> {
        let found = self.paths.iter().find(|(pattern, _)| pattern.is_match(path));
        found.map(|(_, methods)| methods.clone()).unwrap_or_default()
    }

    fn new(document: Value) -> Self {
        let json = serde_json::to_string(&document).unwrap_or_default();
        let mut operations = HashMap::new();
        let (mut paths, mut fixed) = (Vec::new(), HashMap::new());
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let mut methods = Vec::new();
            for (name, operation) in item.as_object().into_iter().flatten() {
                let Ok(method) = Method::from_bytes(name.to_uppercase().as_bytes()) else { continue };
                methods.push(method.to_string());
                if method == Method::GET {
                    methods.push("HEAD".to_owned());
                }
                operations.insert((method, path.clone()), OperationContract::new(operation, &document));
            }
            methods.push("OPTIONS".to_owned());
            if !path.contains('{') {
                fixed.insert(path.clone(), methods.clone());
            }
            paths.push((ResourceDef::new(path.as_str()), methods));
        }
        // Fixed paths before those with a parameter, as the router has them.
        paths.sort_by_key(|(pattern, _)| pattern.pattern().is_some_and(|it| it.contains('{')));
        Self { document, json, operations, paths, fixed }
    }
}
