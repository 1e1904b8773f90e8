//! Canaries: a word of its own in every text that the contract takes about a child, and then everything that leaves the
//! node, or stays in it, is searched for them. They are found in the answers of those who may, and nowhere else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::{Mutex, Once},
};

use data_encoding::HEXLOWER;
use domain::{CodeList as _, access::scope_ceiling};
use log::{
    LevelFilter, Log, Metadata, Record,
    kv::{Error, Key, VisitSource},
};
use persistence::sha256;
use serde_json::{Value, json};

use crate::support::{
    Operation, Seen, Specimen, Specimens, TestNode, Who, barnahus, child_protection, client, demo,
    operations, police_manager, resolved, riga_police, supervisor,
};

/// Every canary begins with it.
const MARK: &str = "Qzkanari";

/// What is kept in the clear, by the end of its pointer: numbers of calling systems, by which they find their cases, and
/// names of units of agencies.
const IN_THE_CLEAR: [&str; 4] = ["/issuer", "/value", "xternalId", "/party/unit"];

/// The lines that the node has logged, whatever their level.
static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Capture;

struct Members<'a>(&'a mut String);

impl<'kvs> VisitSource<'kvs> for Members<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: log::kv::Value<'kvs>) -> Result<(), Error> {
        // Writing to a string cannot fail.
        let _ = write!(self.0, " {key}={value}");
        Ok(())
    }
}

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let mut line = format!("{} {} {}", record.level(), record.target(), record.args());
        let _ = record.key_values().visit(&mut Members(&mut line));
        LOGGED.lock().expect("the lines").push(line);
    }

    fn flush(&self) {}
}

fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Capture).expect("the only logger");
        log::set_max_level(LevelFilter::Debug);
    });
}

/// Pointers to every text in a value, and to those that its schema has beside them.
fn texts(schema: &'static Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolved(schema);
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(all) => {
            let each = all.iter().enumerate();
            each.for_each(|(n, it)| texts(&schema["items"], it, &format!("{at}/{n}"), found));
        }
        Value::Object(all) => {
            let absent = |it: &(&String, &'static Value)| !all.contains_key(it.0) && is_text(it.1);
            let named: Vec<_> =
                schema["properties"].as_object().into_iter().flatten().filter(absent).collect();
            found.extend(named.iter().map(|(name, _)| format!("{at}/{name}")));
            all.iter().for_each(|(name, it)| {
                texts(&schema["properties"][name], it, &format!("{at}/{name}"), found);
            });
        }
        _ => {}
    }
}

fn is_text(schema: &'static Value) -> bool {
    let schema = resolved(schema);
    let kind = &schema["type"];
    let text = kind == "string" || kind.as_array().is_some_and(|it| it.contains(&json!("string")));
    text && schema["enum"].is_null() && schema["format"].is_null()
}

/// Puts a text into a value, in place of the one that is there or beside the others.
fn put(value: &mut Value, place: &str, text: &str) {
    let (parent, name) = place.rsplit_once('/').expect("a pointer");
    let parent = value.pointer_mut(parent).expect("its parent");
    match name.parse::<usize>() {
        Ok(n) if parent.is_array() => parent[n] = json!(text),
        _ => parent[name] = json!(text),
    }
}

/// The canaries in a text.
fn canaries(text: &str) -> BTreeSet<String> {
    let after = |(at, _): (usize, &str)| {
        let rest = &text[at + MARK.len()..];
        let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        format!("{MARK}{word}")
    };
    text.match_indices(MARK).map(after).collect()
}

/// What was planted: for each canary the operation that took it, and where.
#[derive(Default)]
struct Planted(BTreeMap<String, String>);

impl Planted {
    fn next(&mut self, place: String) -> String {
        // Letters only: names are taken as they are.
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).expect("a letter"));
        let n = self.0.len();
        let word = format!("{MARK}{}{}{}", letter(n / 676), letter(n / 26), letter(n));
        self.0.insert(word.clone(), place);
        word
    }

    /// A request with a canary in every text of its body that may say anything.
    async fn plant(&mut self, node: &TestNode, it: &mut Specimen) {
        let Some(mut body) = it.body.clone().filter(Value::is_object) else { return };
        let plain = it.target.clone();
        it.target = format!("{plain}?validateOnly=true");
        let mut places = Vec::new();
        let schema = it.operation.body().expect("a body").1;
        texts(schema, &body, "", &mut places);
        for place in places {
            if IN_THE_CLEAR.iter().any(|it| place.ends_with(it)) {
                continue;
            }
            let mut tried = body.clone();
            let word = self.next(format!("{} {place} by {}", it.operation.id, it.who.client));
            put(&mut tried, &place, &word);
            if it.ask_with(node, Some(&tried)).send().await.status == 200 {
                body = tried;
            } else {
                // A code, an id or a day; its number is not used again, so that none stands for two places.
                self.0.insert(word, String::new());
            }
        }
        it.target = plain;
        it.body = Some(body);
    }

    /// A document whose bytes are a canary; where they are read.
    async fn given_document(&mut self, node: &TestNode, case: &str) -> String {
        let who = police_manager();
        let word = self.next(format!("putDocumentContent by {}", who.client));
        let mut body = Operation::named("createDocument").example();
        let digest = HEXLOWER.encode(&sha256(word.as_bytes()));
        (body["length"], body["sha256"]) = (json!(word.len()), json!(digest));
        let path = format!("/v1/cases/{case}/documents");
        let id = node.create(&who, path.clone(), &body).await.expect(201).id();
        let path = format!("{path}/{id}/content");
        let put = node.ask("PUT", path.clone()).by(&who).bytes("application/octet-stream", word);
        let _ = put.send().await.expect(200);
        path
    }

    fn taken(&self) -> Vec<String> {
        self.0.iter().filter(|(_, place)| !place.is_empty()).map(|(word, _)| word.clone()).collect()
    }

    fn place(&self, word: &str) -> &str {
        self.0.get(word).map_or("nowhere", String::as_str)
    }
}

/// Each canary in an answer with the class of the member that holds it, where the contract names one.
fn classed(
    schema: &'static Value,
    value: &Value,
    class: Option<&str>,
    found: &mut BTreeMap<String, BTreeSet<Option<String>>>,
) {
    let schema = resolved(schema);
    match value {
        Value::String(text) => {
            for word in canaries(text) {
                found.entry(word).or_default().insert(class.map(str::to_owned));
            }
        }
        Value::Array(all) => all.iter().for_each(|it| classed(&schema["items"], it, class, found)),
        Value::Object(all) => {
            for (name, it) in all {
                let property = &schema["properties"][name];
                let by = property["x-data-category-by"].as_str().and_then(|it| all.get(it)?.as_str());
                let own = property["x-data-category"].as_str().or(by.filter(|it| it.starts_with('d')));
                classed(property, it, own.or(class), found);
            }
        }
        _ => {}
    }
}

fn answered(operation: Operation, seen: &Seen) -> BTreeMap<String, BTreeSet<Option<String>>> {
    let mut found = BTreeMap::new();
    let text = String::from_utf8_lossy(&seen.body);
    if let Ok(value) = serde_json::from_slice::<Value>(&seen.body) {
        let schema = &operation.value["responses"]["200"]["content"]["application/json"]["schema"];
        classed(schema, &value, None, &mut found);
    }
    // Bytes of a document, and what a schema does not describe.
    for word in canaries(&format!("{text} {:?}", seen.headers)) {
        found.entry(word).or_default();
    }
    found
}

/// The readings of the contract, each of every case and referral of the world and of what was made in it.
async fn readings(node: &TestNode, world: &Specimens, made: &[String]) -> Vec<Specimen> {
    let mut all = Vec::new();
    for operation in operations().into_iter().filter(|it| it.ours() && it.method == "GET") {
        let it = world.of(node, operation).await;
        if operation.path.contains("/{id}") && operation.path.matches('{').count() == 1 {
            let (collection, _) = operation.path.split_once("/{id}").expect("a thing of its own");
            let ids = match collection {
                "/v1/cases" => world.cases(),
                "/v1/referrals" => world.referrals(),
                _ => Vec::new(),
            };
            let made = made.iter().filter_map(|it| it.strip_prefix(collection)?.strip_prefix('/'));
            let own = it.target.split(['/', '?']).find(|it| it.len() == 36).expect("an id");
            for id in ids.into_iter().chain(made.filter(|it| it.len() == 36)) {
                all.push(Specimen { target: it.target.replace(own, id), ..it.clone() });
            }
        }
        all.push(it);
    }
    all
}

/// Those who have nothing to do with the cases of the world.
fn strangers() -> Vec<Who> {
    let clients = ["tallinn-dentist", "riga-child-protection", "riga-barnahus"];
    let mut all: Vec<Who> = clients.into_iter().map(client).collect();
    all.push(riga_police().in_role("case_manager"));
    all
}

/// Each class with how much of it is read, as `/v1/me/access` has it.
async fn access(node: &TestNode, who: &Who, case: &str) -> BTreeMap<String, String> {
    let it = node.get(who, format!("/v1/me/access?caseId={case}")).await;
    let it = if it.status == 200 { it.json() } else { json!({}) };
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    it["classes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| (text(&it["dataClass"]), text(&it["read"])))
        .collect()
}

/// Sends what cannot be done, with canaries wherever a request has room; the answers.
async fn mishaps(node: &TestNode, it: &Specimen, word: &str) -> Vec<Seen> {
    let body = it.body.as_ref().map(ToString::to_string).unwrap_or_default();
    let media = it.operation.body().map_or("application/json", |it| it.0);
    let stranger = Specimen { who: client("tallinn-dentist"), ..it.clone() };
    let absent = Specimen { target: format!("/v1/cases/{word}/child"), ..it.clone() };
    let mut stale = it.clone();
    stale.tag = it.tag.as_ref().map(|_| format!("\"{word}\""));
    let mut wrong = it.body.clone().unwrap_or_default();
    if let Some(members) = wrong.as_object_mut() {
        for value in members.values_mut() {
            *value = json!({ "first": word });
        }
    }
    let asks = [
        it.headed(node).bytes(media, format!("{body}{word}")),
        it.headed(node).bytes("text/plain", word.to_owned()),
        it.ask_with(node, Some(&wrong)),
        stranger.ask(node),
        Specimen { operation: Operation::named("getCaseChild"), ..absent }.headed(node),
        stale.ask(node),
        it.anonymous(node).token(word).bytes(media, body.clone()),
        node.ask("GET", format!("/v1/cases?status={word}")).by(&it.who),
        it.ask(node).key(word),
        // Once more what was done: refused by the state, or by a rule.
        it.ask(node),
    ];
    let mut all = Vec::new();
    for ask in asks {
        all.push(ask.send().await);
    }
    all
}

#[actix_web::test]
async fn what_is_told_of_a_child_leaves_the_node_to_those_who_may_and_no_others() {
    capture();
    let (node, world) = TestNode::in_a_world().await;
    let (mut planted, mut made) = (Planted::default(), Vec::new());
    let (mut done, mut spoiled, mut statuses) = (0, 0, BTreeMap::<u16, usize>::new());
    for operation in operations().into_iter().filter(|it| it.ours() && it.stores()) {
        // What an agency says of itself is for everybody; the bytes of a document come below.
        if operation.path.starts_with("/v1/agencies") || operation.takes_bytes() {
            continue;
        }
        let mut it = world.of(&node, operation).await;
        planted.plant(&node, &mut it).await;
        let seen = it.ask(&node).send().await;
        let sent = canaries(&it.body.as_ref().map(ToString::to_string).unwrap_or_default());
        assert!([200, 201].contains(&seen.status), "{}: {}", operation.id, seen.told());
        done += usize::from(!sent.is_empty());
        made.extend(seen.header("location").map(str::to_owned));
        for seen in mishaps(&node, &it, &format!("{MARK}zzz")).await {
            *statuses.entry(seen.status).or_default() += 1;
            if seen.status >= 400 {
                let told = canaries(&format!("{} {:?}", String::from_utf8_lossy(&seen.body), seen.headers));
                assert!(told.is_empty(), "{}: {} {}", operation.id, seen.asked, seen.told());
                spoiled += 1;
            }
        }
    }
    let content = planted.given_document(&node, world.id("case")).await;
    let taken = planted.taken();
    assert!(done > 40 && taken.len() > 110, "{done} operations took {} canaries", taken.len());
    assert!(spoiled > 400, "{spoiled}");
    for status in [400, 401, 403, 404, 409, 412, 415, 422] {
        assert!(statuses.contains_key(&status), "{status} is not among {statuses:?}");
    }

    // Those who may.
    node.place_events();
    let mut all = readings(&node, &world, &made).await;
    let document = world.of(&node, Operation::named("getDocumentContent")).await;
    all.push(Specimen { target: content, ..document });
    let mut known: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for it in &all {
        for who in [it.who.clone(), child_protection(), supervisor(), police_manager(), barnahus()] {
            let seen = Specimen { who, ..it.clone() }.ask(&node).send().await;
            for (word, classes) in answered(it.operation, &seen) {
                assert_eq!(seen.status, 200, "{}", seen.told());
                known.entry(word).or_default().extend(classes);
            }
        }
    }
    assert!(known.len() > 100, "of {} canaries {} are read", taken.len(), known.len());

    // Those who have nothing to do with it.
    for it in &all {
        for who in strangers() {
            let seen = Specimen { who: who.clone(), ..it.clone() }.ask(&node).send().await;
            let told = answered(it.operation, &seen);
            let told: Vec<_> = told.keys().map(|it| planted.place(it)).collect();
            assert_eq!(told, [""; 0], "{} by {who:?}", seen.asked);
        }
    }

    // Everybody of an agency that has, in every role: no canary of a class that the caller does not read.
    let case = world.id("case");
    let (mut held, mut looked) = (0, 0);
    let of_case: Vec<_> =
        all.iter().filter(|it| it.target.contains(case) || !it.operation.path.contains('{')).collect();
    for agency in demo().agencies.iter().filter(|it| it.country.to_string() == "EE") {
        if scope_ceiling(agency.agency_type).iter().next().is_none() {
            continue;
        }
        for role in &agency.roles {
            let who = client(&agency.client.id).in_role(role.code());
            // As with the token that whereabouts are asked for with.
            let reads = access(&node, &who.clone().bound_to(case), case).await;
            for it in &of_case {
                let seen = Specimen { who: who.clone(), ..(*it).clone() }.ask(&node).send().await;
                looked += 1;
                for (word, _) in answered(it.operation, &seen) {
                    // An agency reads what it has written itself with an act or a link.
                    let place = planted.place(&word);
                    let own = place.ends_with(&format!(" by {}", who.client));
                    let classes = known.get(&word).cloned().unwrap_or_default();
                    let named: Vec<_> = classes.iter().flatten().collect();
                    // Oversight reads of its country who was let in, and why.
                    let oversees = ["dpo", "auditor"].contains(&role.code());
                    let may = |class: &&String| {
                        reads.get(*class).is_some_and(|it| it != "none")
                            || oversees && class.as_str() == "d16_access_log"
                    };
                    let told = format!("{}: {place} of {classes:?} for {who:?}", seen.asked);
                    assert!(own || named.is_empty() || named.iter().any(may), "{told}: {reads:?}");
                    held += 1;
                }
            }
        }
    }
    assert!(held > 300 && looked > 2000, "{held} canaries in {looked} answers");

    // What tells of the node itself.
    for path in ["/metrics", "/readyz", "/livez", "/problems", "/openapi.json"] {
        let seen = node.ask("GET", path).send().await;
        assert!(canaries(&String::from_utf8_lossy(&seen.body)).is_empty(), "{path}");
    }
    let lines = LOGGED.lock().expect("the lines").clone();
    assert!(lines.iter().filter(|it| it.contains("trm::request")).count() > 3000, "{}", lines.len());
    let told: Vec<_> = lines.iter().filter(|it| it.contains(MARK)).collect();
    assert!(told.is_empty(), "{:?}", told.first());

    // What stays: rows, and the files of tables and indexes.
    let holding = node.database.tables_that_hold(&[MARK.to_owned()]);
    assert_eq!(holding, BTreeMap::new());
    let files = node.database.files();
    assert!(files.iter().map(|it| it.1.len()).sum::<usize>() > 1_000_000);
    let holds = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|it| it == word.as_bytes());
    assert!(files.iter().any(|it| holds(&it.1, "tallinn-dentist")), "what is in the clear is found");
    let told: Vec<_> = files.iter().filter(|it| holds(&it.1, MARK)).map(|it| &it.0).collect();
    assert!(told.is_empty(), "{told:?}");
}
