//! Finding children in a register that was written apart from how they are found (`tests/matching/register.py`).
//!
//! Five thousand children here; `make proof-matching` does the same with a hundred thousand in release mode.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use domain::{
    BirthDate, CaseId, ChildId, CodeList as _, Decided,
    cases::{Case, ChildRecord, Identity, Name},
    matching::{Distinct, Hit, MatchAct, MatchStatus, MatchVerdict, check_taken_once},
    vocabulary::Sex,
};
use persistence::Tx;
use serde_json::Value;

use crate::given::{House, ask_one, now, words};

/// How many children one transaction stores.
const AT_ONCE: usize = 250;

fn number(variable: &str) -> Option<usize> {
    env::var(variable).ok().map(|it| it.parse().expect("a number"))
}

fn register(children: usize, questions: usize) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/matching/register.py");
    let mut python = Command::new("python3")
        .arg(script)
        .args([
            "--children",
            &children.to_string(),
            "--questions",
            &questions.to_string(),
            "--seed",
            "20261125",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let lines = BufReader::new(python.stdout.take().expect("its output")).lines();
    let all = lines.map(|it| serde_json::from_str(&it.expect("a line")).expect("JSON")).collect();
    assert!(python.wait().expect("ends").success());
    all
}

fn identity(line: &Value) -> Identity {
    let text = |name: &str| line[name].as_str().expect("a text").to_owned();
    Identity {
        name: Some(Name { given: Some(text("given")), family: Some(text("family")) }),
        birth_date: BirthDate::parse(&text("born")),
        sex: Sex::parse(&text("sex")),
        ..Identity::default()
    }
}

fn new_case(tx: &Tx<'_>, of: &Case, identity: Identity) -> Decided<(Case, ChildRecord)> {
    let child = ChildRecord {
        id: ChildId(tx.fresh_id()),
        identity,
        identity_version: domain::Version::FIRST,
        whereabouts: domain::cases::Whereabouts::default(),
        whereabouts_version: domain::Version::FIRST,
    };
    let case = Case {
        id: CaseId(tx.fresh_id()),
        reference: tx.fresh_reference().expect("a reference"),
        child: child.id,
        screening: None,
        external_ids: Vec::new(),
        ..of.clone()
    };
    Decided::new((case, child), Vec::new(), Vec::new())
}

impl House {
    /// Stores a child with a case like another one's; returns the case.
    fn store_child(&self, of: &Case, identity: &Identity) -> Case {
        let work = |tx: &mut Tx<'_>| {
            let decided = new_case(tx, of, identity.clone());
            tx.add_case(&decided)?;
            Ok(decided.value.0)
        };
        self.change(&self.police, work).expect("stored")
    }
}

/// What was seen of the questions that were altered in one way.
#[derive(Default)]
struct Seen {
    asked: usize,
    candidate: usize,
    hit: usize,
}

struct Report {
    ways: BTreeMap<String, Seen>,
    candidates: Vec<usize>,
    hits: Vec<usize>,
    times: Vec<Duration>,
    loaded: Duration,
    /// Thousandths of a per cent of the children that the most common token covers.
    widest: String,
    rows: String,
}

fn at<T: Copy + Ord>(all: &mut [T], share: f64) -> T {
    all.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list"
    )]
    let place = ((all.len() as f64 * share) as usize).min(all.len() - 1);
    all[place]
}

fn percent(part: usize, whole: usize) -> f64 {
    let of = |it: usize| f64::from(u32::try_from(it).expect("few"));
    100.0 * of(part) / of(whole.max(1))
}

fn measure(children: usize, questions: usize) -> Report {
    let house = House::new();
    let (case, _) = house.given_case();
    let lines = register(children, questions);
    let (known, asked) = lines.split_at(children);
    let start = Instant::now();
    let mut ids: Vec<ChildId> = Vec::with_capacity(children);
    for some in known.chunks(AT_ONCE) {
        let store = |tx: &mut Tx<'_>| {
            let mut ids = Vec::with_capacity(some.len());
            for line in some {
                let decided = new_case(tx, &case, identity(line));
                tx.add_case(&decided)?;
                ids.push(decided.value.1.id);
            }
            Ok(ids)
        };
        ids.extend(house.change(&house.police, store).expect("stored"));
    }
    let loaded = start.elapsed();
    let mut conn = house.db.connection();
    let _ = ask_one(&mut conn, "SELECT set_config('x.y', 'z', false) AS word");
    diesel::connection::SimpleConnection::batch_execute(&mut conn, "VACUUM ANALYZE").expect("analysed");
    let widest = ask_one(
        &mut conn,
        "SELECT max(n)::text AS word FROM (SELECT count(*) AS n FROM child_tokens GROUP BY kind, token) t",
    );
    let rows = ask_one(&mut conn, "SELECT count(*)::text AS word FROM child_tokens");
    let mut report = Report {
        ways: BTreeMap::new(),
        candidates: Vec::new(),
        hits: Vec::new(),
        times: Vec::new(),
        loaded,
        widest,
        rows,
    };
    for line in asked {
        let wanted = identity(line);
        let start = Instant::now();
        let hits = house.read(&house.police, |tx| tx.hits(&wanted)).expect("asked");
        report.times.push(start.elapsed());
        let candidates = house.read(&house.police, |tx| tx.candidates_like(&wanted)).expect("asked");
        report.candidates.push(candidates.len());
        let way = line["altered"].as_str().expect("how").to_owned();
        let seen = report.ways.entry(way).or_default();
        seen.asked += 1;
        let Some(of) = line["of"].as_u64().and_then(|it| usize::try_from(it).ok()) else {
            report.hits.push(hits.len());
            continue;
        };
        seen.candidate += usize::from(candidates.iter().any(|it| it.0 == ids[of]));
        let hit = hits.iter().any(|it| it.case.child == ids[of]);
        seen.hit += usize::from(hit);
        report.hits.push(hits.len() - usize::from(hit));
    }
    report
}

#[test]
fn a_register_is_searched_with_few_candidates_and_little_is_missed() {
    let children = number("TRM_MATCHING_CHILDREN").unwrap_or(5_000);
    let questions = number("TRM_MATCHING_QUESTIONS").unwrap_or(2_000);
    let mut it = measure(children, questions);
    let of_known = |all: &BTreeMap<String, Seen>, altered: bool| {
        let ways = all.iter().filter(|(way, _)| *way != "unknown" && (!altered || *way != "none"));
        ways.fold((0, 0, 0), |sum, (_, seen)| (sum.0 + seen.asked, sum.1 + seen.candidate, sum.2 + seen.hit))
    };
    let (asked, candidate, hit) = of_known(&it.ways, false);
    let altered = of_known(&it.ways, true);
    let (median, p99) = (at(&mut it.candidates, 0.5), at(&mut it.candidates, 0.99));
    let most = it.candidates.last().copied().unwrap_or_default();
    let (p50, p95) = (at(&mut it.times, 0.5), at(&mut it.times, 0.95));
    let others = it.hits.iter().sum::<usize>();
    let widest = percent(it.widest.parse().expect("a number"), children);
    let mut text = String::new();
    let mut row = |name: &str, value: String, goal: &str| {
        writeln!(text, "| {name} | {value} | {goal} |").expect("a row");
    };
    row("children, tokens", format!("{children}, {}", it.rows), "");
    row("questions about known children, of them altered", format!("{asked}, {}", altered.0), "");
    row("candidate recall", format!("{:.2} %", percent(candidate, asked)), "≥ 98 %");
    row("candidate recall of altered questions", format!("{:.2} %", percent(altered.1, altered.0)), "≥ 98 %");
    row("hit recall", format!("{:.2} %", percent(hit, asked)), "");
    row("hit recall of altered questions", format!("{:.2} %", percent(altered.2, altered.0)), "");
    row("candidates: median, p99, most", format!("{median}, {p99}, {most}"), "≤ 5, ≤ 200, ≤ 200");
    row("hits of other children, per 100 questions", format!("{:.2}", percent(others, questions)), "");
    row("share of children under the most common token", format!("{widest:.3} %"), "≤ 0.5 %");
    row("search: median, p95", format!("{:.1} ms, {:.1} ms", ms(p50), ms(p95)), "p95 ≤ 50 ms");
    row("loaded in", format!("{:.0} s", it.loaded.as_secs_f64()), "");
    for (way, seen) in it.ways.iter().filter(|(way, _)| *way != "unknown") {
        let value =
            format!("{:.2} %, {:.2} %", percent(seen.candidate, seen.asked), percent(seen.hit, seen.asked));
        row(&format!("`{way}` ({}): candidate, hit", seen.asked), value, "");
    }
    println!("{text}");
    if let Ok(file) = env::var("TRM_MATCHING_REPORT") {
        fs::write(file, &text).expect("the report");
    }
    assert!(percent(candidate, asked) >= 98.0, "{text}");
    assert!(percent(altered.1, altered.0) >= 97.0, "{text}");
    assert!(percent(hit, asked) >= 97.0, "{text}");
    assert!(median <= 5 && p99 <= 200, "{text}");
    assert!(widest <= 0.5, "{text}");
    // The goal is 50 ms on a machine of our own; here others build at the same time, without optimisation.
    assert!(ms(p95) <= 500.0, "{text}");
}

fn ms(it: Duration) -> f64 {
    it.as_secs_f64() * 1_000.0
}

fn mari(born: &str) -> Identity {
    Identity {
        name: Some(Name { given: Some("Mari".to_owned()), family: Some("Väljamõeldud".to_owned()) }),
        birth_date: BirthDate::parse(born),
        ..Identity::default()
    }
}

fn hits(house: &House, asked: &Identity) -> Vec<Hit> {
    house.read(&house.police, |tx| tx.hits(asked)).expect("asked")
}

#[test]
fn what_is_found_follows_the_identity_and_the_epoch() {
    let house = House::new();
    let (case, _) = house.given_case();
    let case = house.store_child(&case, &mari("2012-05-17"));
    assert_eq!(hits(&house, &mari("2012-05-17")).len(), 1);
    let child = house.read(&house.police, |tx| tx.child(&case)).expect("the child");
    let update = domain::cases::IdentityUpdate {
        birth_date: Some(BirthDate::parse("2009-01-30")),
        ..domain::cases::IdentityUpdate::default()
    };
    let changed = child.update_identity(update, &case, now()).expect("changed");
    house.change(&house.police, |tx| tx.save_identity(&changed)).expect("saved");
    assert!(hits(&house, &mari("2012-05-17")).is_empty(), "old tokens are gone");
    assert_eq!(hits(&house, &mari("2009-01-30")).len(), 1);

    let mut conn = house.db.connection();
    let execute = |conn: &mut _, it: &str| {
        diesel::connection::SimpleConnection::batch_execute(conn, it).expect("changed");
    };
    let before =
        ask_one(&mut conn, "SELECT string_agg(t::text, ',' ORDER BY t::text) AS word FROM child_tokens t");
    execute(&mut conn, "DELETE FROM child_tokens; DELETE FROM child_indexes");
    assert!(hits(&house, &mari("2009-01-30")).is_empty());
    assert_eq!(house.store.index_children(now()).expect("indexed"), 2);
    assert_eq!(house.store.index_children(now()).expect("indexed"), 0, "once is enough");
    let after =
        ask_one(&mut conn, "SELECT string_agg(t::text, ',' ORDER BY t::text) AS word FROM child_tokens t");
    assert_eq!(before, after);
    assert_eq!(hits(&house, &mari("2009-01-30")).len(), 1);
    assert!(!before.contains("Mari") && !before.contains("2009"), "tokens tell nothing");
}

#[test]
fn a_match_reads_back_on_both_sides_and_two_answers_at_once_are_one() {
    let house = House::new();
    let (case, _) = house.given_case();
    let one = house.store_child(&case, &mari("2012-05-17"));
    let other = house.store_child(&case, &mari("2012-05-17"));
    let hidden = |tx: &mut Tx<'_>| {
        let mut hits = tx.doubles(&mari("2012-05-17"))?;
        for it in &mut hits {
            it.relation = None;
        }
        let (country, by) = (tx.country(one.country)?, tx.cx.caller.clone());
        let beside = domain::matching::Beside {
            hits: &hits,
            asked_before: &[],
            country: &country,
            by: &by,
            now: now(),
        };
        let decided = check_taken_once(&one, &Distinct::default(), &beside, || tx.fresh_id()).expect("asked");
        tx.add_matches(&one, &decided)?;
        Ok(decided.value)
    };
    let stored = house.change(&house.police, hidden).expect("stored");
    let lead = &house.child_protection;
    let read = |case: &Case, id| house.read(lead, |tx| tx.case_match(case, id)).expect("a match");
    let (pair, beside) = read(&one, stored[0].own.id);
    assert_eq!((&pair, beside.case.id), (&stored[0], other.id));
    assert_eq!(house.read(lead, |tx| tx.matched_with(one.id)).expect("asked"), [other.id]);
    assert!(house.read(lead, |tx| tx.case_match(&other, pair.own.id)).is_err(), "under its own case only");

    let undecided = |by| house.read(by, |tx| tx.undecided_matches(&one)).expect("counted");
    assert_eq!((undecided(lead), undecided(&house.police)), (1, 0), "who does not lead knows of none");
    let act = MatchAct { verdict: MatchVerdict::Confirmed, reason: Some(words("scar")) };
    let decided = pair.answer(act, (&one, &other), lead, now()).expect("answered");
    house.change(lead, |tx| tx.save_match(&one, &decided)).expect("saved");
    let again = house.change(lead, |tx| tx.save_match(&one, &decided));
    assert!(matches!(again, Err(persistence::StoreError::Stale)), "{again:?}");
    let (read_back, _) = read(&one, pair.own.id);
    assert_eq!(read_back, decided.value);
    let (turned, _) = read(&other, pair.other.id);
    assert_eq!(turned.own.status, MatchStatus::Confirmed);
    assert_eq!(turned.other.answer.and_then(|it| it.reason), None, "what one side wrote is not the other's");
    for (a, b) in [(&one, &other), (&other, &one)] {
        assert!(house.read(lead, |tx| tx.same_child(a, b)).expect("asked").confirmed_match);
    }
    assert_eq!(undecided(lead), 0);
    assert!(!house.read(lead, |tx| tx.are_one_child(one.id, case.id)).expect("asked"));
}

#[test]
fn of_two_at_once_who_take_in_the_same_child_the_second_sees_the_first() {
    let house = House::new();
    let (case, _) = house.given_case();
    for round in 0..20 {
        let born = format!("2012-05-{:02}", round + 1);
        let seen: Vec<usize> = std::thread::scope(|scope| {
            let take_in = || {
                let work = |tx: &mut Tx<'_>| {
                    let found = tx.doubles(&mari(&born))?;
                    let same = found.iter().filter(|it| it.likeness.score == 95).count();
                    let decided = new_case(tx, &case, mari(&born));
                    tx.add_case(&decided)?;
                    Ok(same)
                };
                house.change(&house.police, work).expect("taken in")
            };
            let both = [scope.spawn(take_in), scope.spawn(take_in)];
            both.into_iter().map(|it| it.join().expect("no panic")).collect()
        });
        assert_eq!(seen.iter().sum::<usize>(), 1, "round {round}: {seen:?}");
    }
}
