//! Links: what can be called next with what an answer says. Most follow from the paths, the acts on a referral from
//! its state machine; a table holds what leads from one room to another.

mod acts;
mod requests;

use domain::{CodeList as _, referrals::ReferralAct};
use serde_json::{Map, Value, json};

use super::{checks::resolved, complete::METHODS};

const ETAG: &str = "$response.header.ETag";

/// Operation and status, the operation that follows, and by name what it takes from the answer. What begins with
/// `body.` is a member of the request body.
type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// From one room to another.
const ACROSS: &[Row] = &[
    ("getMe", "200", "getAgency", &[("path.id", "$response.body#/agencyId")]),
    ("getMe", "200", "getProfessional", &[("path.id", "$response.body#/professionalId")]),
    ("listProblems", "200", "getProblem", &[("path.code", "not-found")]),
    ("createConcern", "201", "createScreening", &[("body.concernId", "$response.body#/id")]),
    ("createScreening", "201", "createCase", &[("body.screeningId", "$response.body#/id")]),
    (
        "getCaseIdentification",
        "200",
        "recordEntitlement",
        &[("path.id", "$request.path.id"), ("path.entitlement", "guardian_check"), ("header.If-Match", ETAG)],
    ),
    (
        "putDocumentContent",
        "200",
        "getDocumentContent",
        &[("path.id", "$request.path.id"), ("path.documentId", "$request.path.documentId")],
    ),
    ("createCase", "201", "createReferral", &[("body.caseId", "$response.body#/id")]),
    ("createCase", "201", "createTransnationalRequest", &[("body.caseId", "$response.body#/id")]),
    ("getCase", "200", "createReferral", &[("body.caseId", "$response.body#/id")]),
    ("getCase", "200", "listReferrals", &[("query.caseId", "$response.body#/id")]),
    ("createReferral", "201", "getCase", &[("path.id", "$response.body#/caseId")]),
    ("createReferral", "201", "listAgencyServices", &[("path.id", "$response.body#/toAgencyId")]),
    ("searchCases", "200", "getCase", &[("path.id", "$response.body#/matches/0/case/id")]),
    ("searchCases", "200", "listCaseMatches", &[("path.id", "$response.body#/matches/0/case/id")]),
    (
        "closeTransnationalRequest",
        "200",
        "acknowledgeTransnationalNotice",
        &[("path.id", "$response.body#/id"), ("body.seq", "$response.body#/noticesUnacknowledged/0/seq")],
    ),
    (
        "giveTransnationalNotice",
        "200",
        "acknowledgeTransnationalNotice",
        &[("path.id", "$response.body#/id"), ("body.seq", "$response.body#/noticesUnacknowledged/0/seq")],
    ),
    (
        "suspendTransnationalRequest",
        "200",
        "liftTransnationalSuspension",
        &[("path.id", "$response.body#/id"), ("header.If-Match", ETAG)],
    ),
    ("getDeadline", "200", "getReferral", &[("path.id", "$response.body#/subjectId")]),
];

/// Puts the links on the answers.
pub fn add(document: &mut Value) {
    let operations = operations(document);
    let mut links: Vec<Link> = operations.iter().flat_map(|it| by_path(it, &operations)).collect();
    links.extend(acts::of_referrals());
    links.extend(acts::of_identification());
    links.extend(acts::of_cases());
    links.extend(requests::of_requests());
    links.extend(across());
    for link in links {
        link.put(document, &operations);
    }
}

/// What links need to know of an operation.
struct Operation {
    id: String,
    method: &'static str,
    path: String,
    query: Vec<String>,
    kind: Kind,
}

/// What an operation is to links, as its headers and answers say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Single,
    List,
    Creation,
    Act,
    Other,
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let each = |(path, item): (&String, &Value)| -> Vec<Operation> {
        let there = METHODS.into_iter().filter_map(|it| item.get(it).map(|operation| (it, operation)));
        there.map(|(method, operation)| read(path, method, operation, document)).collect()
    };
    paths.flat_map(each).collect()
}

fn read(path: &str, method: &'static str, operation: &Value, document: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters: Vec<Value> = parameters.map(|it| resolved(it, document)).collect();
    let named = |place: &str| -> Vec<String> {
        let there = parameters.iter().filter(|it| it["in"] == place);
        there.filter_map(|it| it["name"].as_str().map(str::to_owned)).collect()
    };
    let documents = |header: &str| operation["responses"]["200"]["headers"].get(header).is_some();
    let kind = match method {
        "get" if documents("ETag") => Kind::Single,
        "get" if documents("Link") => Kind::List,
        _ if operation["responses"].get("201").is_some() => Kind::Creation,
        _ if named("header").iter().any(|it| it == "If-Match") => Kind::Act,
        _ => Kind::Other,
    };
    Operation {
        id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
        method,
        path: path.to_owned(),
        query: named("query"),
        kind,
    }
}

impl Operation {
    /// The path before its last parameter, that parameter, and what follows.
    fn item(&self) -> Option<(&str, &str, &str)> {
        let (collection, rest) = self.path.rsplit_once("/{")?;
        let (name, below) = rest.split_once('}')?;
        Some((collection, name, below))
    }
}

/// One link.
struct Link {
    from: String,
    status: &'static str,
    name: String,
    to: String,
    about: Option<String>,
    values: Vec<(String, String)>,
}

impl Link {
    fn new(from: &str, status: &'static str, to: &str, values: Vec<(String, String)>) -> Self {
        Self { from: from.to_owned(), status, name: to.to_owned(), to: to.to_owned(), about: None, values }
    }

    fn put(self, document: &mut Value, operations: &[Operation]) {
        let Some(from) = operations.iter().find(|it| it.id == self.from) else { return };
        let Some(answer) = document["paths"][&from.path][from.method]["responses"].get_mut(self.status)
        else {
            return;
        };
        let (mut parameters, mut body) = (Map::new(), Map::new());
        for (name, value) in self.values {
            match name.strip_prefix("body.") {
                Some(member) => body.insert(member.to_owned(), value.into()),
                None => parameters.insert(name, value.into()),
            };
        }
        let mut link = json!({ "operationId": self.to });
        let about = self.about.map_or(Value::Null, Value::from);
        for (key, value) in
            [("description", about), ("parameters", parameters.into()), ("requestBody", body.into())]
        {
            if value.as_object().map_or(!value.is_null(), |it| !it.is_empty()) {
                link[key] = value;
            }
        }
        answer["links"][self.name] = link;
    }
}

/// What leads to an operation because of where it lies: what makes, lists or reads the thing that it is about.
fn by_path(to: &Operation, all: &[Operation]) -> Vec<Link> {
    let at = |kind: Kind, path: &str| all.iter().find(|it| it.kind == kind && it.path == path);
    let mut links = Vec::new();
    if let Some((collection, name, below)) = to.item() {
        let member = if ["code", "name"].contains(&name) { name } else { "id" };
        let direct = to.kind != Kind::Act && below.matches('/').count() <= 1;
        let is_act = ReferralAct::ALL.iter().any(|it| it.operation() == Some(to.id.as_str()));
        let parents = parameters_of(collection);
        let of =
            |pointer: &str| with(&parents, &format!("path.{name}"), &format!("$response.body#/{pointer}"));
        if let Some(from) = at(Kind::Creation, collection).filter(|_| direct && !is_act) {
            links.push(Link::new(&from.id, "201", &to.id, of(member)));
        }
        if let Some(from) = at(Kind::List, collection).filter(|_| to.kind == Kind::Single && below.is_empty())
        {
            links.push(Link::new(&from.id, "200", &to.id, of(&format!("data/0/{member}"))));
        }
        let read = at(Kind::Single, &format!("{collection}/{{{name}}}"));
        if let Some(from) = read.filter(|_| direct && !below.is_empty()) {
            links.push(Link::new(&from.id, "200", &to.id, parameters_of(&to.path)));
        }
    }
    if let Some(from) = tag_source(to, all) {
        // What the act takes beside is nothing that the reading knows: then a row of the table says where it is from.
        if parameters_of(&from.path).len() == parameters_of(&to.path).len() {
            let values = with(&parameters_of(&from.path), "header.If-Match", ETAG);
            links.push(Link::new(&from.id, "200", &to.id, values));
        }
        links.push(Link::new(&to.id, "200", &from.id, parameters_of(&from.path)));
    }
    if to.kind == Kind::List {
        if let Some(from) = at(Kind::Creation, &to.path) {
            links.push(Link::new(&from.id, "201", &to.id, parameters_of(&to.path)));
        }
        links.push(next_page(to));
    }
    links
}

/// The reading whose `ETag` an act takes: the nearest one up the path.
fn tag_source<'a>(act: &Operation, all: &'a [Operation]) -> Option<&'a Operation> {
    let mut path = act.path.as_str();
    while act.kind == Kind::Act && !path.is_empty() {
        if let Some(found) = all.iter().find(|it| it.kind == Kind::Single && it.path == path) {
            return Some(found);
        }
        path = path.rsplit_once('/').map_or("", |(up, _)| up);
    }
    None
}

/// The same list with the same filters, from where this page ends.
fn next_page(list: &Operation) -> Link {
    let mut values = parameters_of(&list.path);
    for name in &list.query {
        let place = ["cursor", "after"].contains(&name.as_str());
        let value =
            if place { "$response.body#/nextCursor".to_owned() } else { format!("$request.query.{name}") };
        values.push((format!("query.{name}"), value));
    }
    let about = Some("The next page; without `nextCursor` there is none.".to_owned());
    Link { name: "nextPage".to_owned(), about, ..Link::new(&list.id, "200", &list.id, values) }
}

/// The parameters of a path, as the request had them.
fn parameters_of(path: &str) -> Vec<(String, String)> {
    let names = path.split('{').skip(1).filter_map(|it| it.split('}').next());
    names.map(|it| (format!("path.{it}"), format!("$request.path.{it}"))).collect()
}

fn with(values: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let mut all = values.to_vec();
    all.push((name.to_owned(), value.to_owned()));
    all
}

/// The links of the table.
fn across() -> Vec<Link> {
    let owned = |values: &[(&str, &str)]| -> Vec<(String, String)> {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    ACROSS.iter().map(|(from, status, to, values)| Link::new(from, status, to, owned(values))).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::document::document, *};

    #[test]
    fn every_row_is_in_the_contract() {
        let document = document(crate::contract::Edition::Production);
        let all = operations(&document);
        for (from, status, to, _) in ACROSS {
            let source = all.iter().find(|it| it.id == *from).expect("an operation");
            let answer = &document["paths"][&source.path][source.method]["responses"][*status];
            assert_eq!(answer["links"][*to]["operationId"], *to, "{from} {status}");
        }
    }
}
