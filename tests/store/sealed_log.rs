//! The seal on both logs, on a real database: no gap and no double whatever happens to the sealer, and what is changed in
//! the rows, the tree or the whole database is found.

use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufReader, Cursor},
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use data_encoding::HEXLOWER;
use diesel::connection::SimpleConnection as _;
use persistence::sealed_log::{
    CheckpointKey, Finding, Known, Report, Seals, SealsError, Standing, export, verify,
};

use crate::given::{House, ask, ask_one, later, now};

/// An Ed25519 private key, PKCS#8, with these secret bytes.
fn key_of(secret: u8) -> CheckpointKey {
    let head = HEXLOWER.decode(b"302e020100300506032b657004220420").expect("hexadecimal");
    CheckpointKey::new("node.test", &[head, vec![secret; 32]].concat()).expect("a key")
}

fn key() -> CheckpointKey {
    key_of(7)
}

/// A folder of one test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(env::temp_dir().join(format!("trm-seals-{}", uuid::Uuid::new_v4())))
    }

    fn seals(&self) -> Seals {
        Seals::open(&self.0).expect("a folder")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Rows in both logs, by raw SQL, each log in a transaction of its own.
fn write(house: &House, lines: u32, facts: u32) {
    let by = &house.police;
    let mut conn = house.db.connection();
    let statements = [
        format!(
            "INSERT INTO access_log (at, operation, outcome, sections, country, client, agency_id, purpose, request_id) \
             SELECT now(), 'getCase', 'read', '{{}}', 'EE', '{}', '{}', 'protection', gen_random_uuid() \
             FROM generate_series(1, {lines})",
            by.client, by.agency
        ),
        format!(
            "INSERT INTO events (id, at, event, subject, subject_id, version, country, audience, client, agency_id, \
                                 purpose, request_id, payload) \
             SELECT gen_random_uuid(), now(), 'concern.received', 'concern', gen_random_uuid(), 1, 'EE', '{{}}', '{}', \
                    '{}', 'protection', gen_random_uuid(), '{{\"n\": 1}}' FROM generate_series(1, {facts})",
            by.client, by.agency
        ),
    ];
    for it in statements {
        conn.batch_execute(&it).expect("rows");
    }
}

/// Seals all there is; transactions of other tests on the same server hold it back.
fn seal_all(house: &House) {
    for _ in 0..10_000 {
        house.store.seal_logs(&key(), now()).expect("sealed");
        if house.db.rows_without_leaf() == 0 {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("rows are not sealed");
}

fn bundle(house: &House) -> String {
    let mut out = Vec::new();
    export(&house.store, &mut out, later(5)).expect("a bundle");
    String::from_utf8(out).expect("text")
}

fn report(house: &House, seals: &Seals) -> Report {
    let mut known = Known::from_seals(seals).expect("seals");
    verify(&mut BufReader::new(Cursor::new(bundle(house))), &mut known).expect("it can be read")
}

/// The places of the leaves are 0, 1, 2 … and each row has one.
fn whole(house: &House) -> u64 {
    let mut conn = house.db.connection();
    let places = ask(&mut conn, "SELECT index::text AS word FROM log_leaves ORDER BY index");
    let rows = places.len();
    assert_eq!(places, (0..rows).map(|it| it.to_string()).collect::<Vec<_>>(), "a gap or a double");
    let size = ask_one(&mut conn, "SELECT max(size)::text AS word FROM log_checkpoints");
    assert_eq!(size, rows.to_string(), "all is signed");
    u64::try_from(rows).expect("small")
}

#[test]
fn what_was_committed_is_sealed_in_order_and_verified_without_the_database() {
    let (house, folder) = (House::new(), Folder::new());
    let seals = folder.seals();
    for (lines, facts) in [(0, 0), (3, 2), (700, 1), (1, 600)] {
        write(&house, lines, facts);
        seal_all(&house);
        house.store.add_to_seals(&seals).expect("kept");
    }
    write(&house, 2, 2);
    assert_eq!(whole(&house), 1307);
    let report = report(&house, &seals);
    assert_eq!(report.findings, []);
    assert_eq!((report.leaves, report.compared, report.unsealed), (1307, 1307, 4));
    assert!(report.trusted && report.checkpoints >= 4);
    let nodes =
        ask(&mut house.db.connection(), "SELECT level || '/' || index AS word FROM log_nodes ORDER BY 1");
    assert_eq!(nodes, ["8/0", "8/1", "8/2", "8/3", "8/4"]);
    assert_eq!(house.store.compare_with_seals(&seals, key().verifier()).expect("compared"), Standing::Agrees);
}

#[test]
fn a_row_waits_until_nothing_older_can_be_committed() {
    let house = House::new();
    let mut slow = house.db.connection();
    let by = &house.police;
    let insert = format!(
        "BEGIN; INSERT INTO access_log (at, operation, outcome, sections, country, client, agency_id, purpose, request_id) \
         VALUES (now(), 'getCase', 'read', '{{}}', 'EE', '{}', '{}', 'protection', gen_random_uuid())",
        by.client, by.agency
    );
    slow.batch_execute(&insert).expect("a row that is not committed");
    write(&house, 1, 1);
    house.store.seal_logs(&key(), now()).expect("sealed");
    assert_eq!(house.db.rows_without_leaf(), 2, "what is younger waits");
    assert!(house.store.oldest_unsealed().expect("asked").is_some(), "and an operator can see it");
    slow.batch_execute("COMMIT").expect("committed");
    seal_all(&house);
    assert_eq!(whole(&house), 3);
    let first = ask_one(
        &mut house.db.connection(),
        "SELECT (l.seq = (SELECT min(seq) FROM access_log))::text AS word FROM log_leaves l \
         WHERE l.log = 'access_log' ORDER BY index LIMIT 1",
    );
    assert_eq!(first, "true");
    assert_eq!(house.store.oldest_unsealed().expect("asked"), None);
}

#[test]
fn two_sealers_and_a_server_that_ends_their_sessions_leave_no_gap_and_no_double() {
    let (house, folder) = (House::new(), Folder::new());
    let stores = [house.another_instance(), house.another_instance()];
    let seals = folder.seals();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for store in &stores {
            let (done, seals) = (&done, &seals);
            scope.spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    // Interrupted work is undone as a whole and done again.
                    let _ = store.seal_logs(&key(), now());
                    let _ = store.add_to_seals(seals);
                }
            });
        }
        for n in 0..20 {
            write(&house, 40 + n, 30);
            thread::sleep(Duration::from_millis(u64::from(n % 7)));
            house.db.cut_connections();
        }
        done.store(true, Ordering::SeqCst);
    });
    seal_all(&house);
    house.store.add_to_seals(&seals).expect("kept");
    assert_eq!(whole(&house), (0..20).map(|n| 70 + n).sum::<u64>());
    let report = report(&house, &seals);
    assert_eq!((report.findings.as_slice(), report.compared), ([].as_slice(), report.leaves));
}

#[test]
fn what_a_crash_left_half_written_outside_is_written_again() {
    let (house, folder) = (House::new(), Folder::new());
    let seals = folder.seals();
    write(&house, 20, 20);
    seal_all(&house);
    house.store.add_to_seals(&seals).expect("kept");
    write(&house, 10, 10);
    seal_all(&house);
    house.store.add_to_seals(&seals).expect("kept");
    let whole =
        (fs::read(seals.leaves()).expect("leaves"), fs::read(seals.checkpoints()).expect("checkpoints"));
    let first = whole.1.iter().position(|it| *it == b'\n').expect("a line") + 1;
    for (leaves, checkpoints) in [
        (0, 0),
        (1, 0),
        (31, 5),
        (650, first),
        (900, first),
        (1290, first + 40),
        (1600, first),
        (33, whole.1.len()),
    ] {
        fs::write(seals.leaves(), &whole.0[..leaves.min(whole.0.len())]).expect("written");
        fs::write(seals.checkpoints(), &whole.1[..checkpoints]).expect("written");
        house.store.add_to_seals(&seals).expect("kept");
        if checkpoints == whole.1.len() {
            continue;
        }
        let now =
            (fs::read(seals.leaves()).expect("leaves"), fs::read(seals.checkpoints()).expect("checkpoints"));
        assert_eq!(now.0, whole.0, "{leaves} and {checkpoints} bytes");
        assert!(now.1.ends_with(&whole.1[first..]), "{leaves} and {checkpoints} bytes");
        let report = report(&house, &seals);
        assert_eq!((report.findings.as_slice(), report.compared), ([].as_slice(), 60));
    }
}

/// What an administrator of the database can do: without the triggers, in one transaction.
fn tamper(house: &House, statements: &str) {
    let all = format!("BEGIN; SET LOCAL session_replication_role = replica; {statements}; COMMIT");
    house.db.connection().batch_execute(&all).expect(statements);
}

#[test]
fn the_logs_and_their_seal_only_grow() {
    let house = House::new();
    write(&house, 300, 1);
    seal_all(&house);
    for table in ["access_log", "events", "log_leaves", "log_nodes", "log_checkpoints"] {
        for statement in [format!("DELETE FROM {table}"), format!("TRUNCATE {table} CASCADE")] {
            let refused = house.db.connection().batch_execute(&statement).expect_err(&statement);
            assert!(refused.to_string().contains("only grows"), "{statement}: {refused}");
        }
    }
    let changed = house.db.connection().batch_execute("UPDATE log_leaves SET hash = hash");
    assert!(changed.expect_err("refused").to_string().contains("only grows"));
}

#[test]
fn what_is_changed_behind_the_seal_is_found_and_located() {
    let row =
        |index: u32| format!("(SELECT seq FROM log_leaves WHERE index = {index} AND log = 'access_log')");
    let table: Vec<(String, Finding)> = vec![
        (
            format!("UPDATE access_log SET operation = 'getMe' WHERE seq = {}", row(3)),
            Finding::Changed { index: 3 },
        ),
        (
            format!("UPDATE access_log SET xid = '1' WHERE seq = {}", row(4)),
            Finding::Changed { index: 4 },
        ),
        (format!("DELETE FROM access_log WHERE seq = {}", row(5)), Finding::Removed { index: 5 }),
        (
            "UPDATE log_leaves SET hash = sha256('x') WHERE index = 6".to_owned(),
            Finding::Rewritten { index: 6 },
        ),
        (
            "UPDATE log_leaves SET index = -index WHERE index = 7; UPDATE log_leaves SET index = index - 1 WHERE index > 7"
                .to_owned(),
            Finding::Rewritten { index: 7 },
        ),
        ("DELETE FROM log_leaves WHERE index >= 15".to_owned(), Finding::CutOff { index: 15 }),
        (
            "DELETE FROM log_checkpoints WHERE size > 0".to_owned(),
            Finding::Unsigned { index: 0 },
        ),
        (
            "UPDATE log_checkpoints SET size = size - 1 WHERE size > 0".to_owned(),
            Finding::OtherTree { size: 20 },
        ),
    ];
    for (statement, finding) in table {
        let (house, folder) = (House::new(), Folder::new());
        write(&house, 12, 8);
        seal_all(&house);
        let seals = folder.seals();
        house.store.add_to_seals(&seals).expect("kept");
        // Constraints are in the way of some of it: an administrator takes them away as well.
        tamper(
            &house,
            &format!(
                "ALTER TABLE log_leaves DROP CONSTRAINT log_leaves_index; ALTER TABLE log_leaves DROP CONSTRAINT log_leaves_pkey; {statement}"
            ),
        );
        if statement.contains("-index") {
            tamper(&house, "DELETE FROM log_leaves WHERE index < 0");
        }
        let report = report(&house, &seals);
        assert!(report.findings.contains(&finding), "{statement}: {:?}", report.findings);
    }
    let (house, folder) = (House::new(), Folder::new());
    write(&house, 12, 8);
    seal_all(&house);
    let seals = folder.seals();
    house.store.add_to_seals(&seals).expect("kept");
    tamper(
        &house,
        "INSERT INTO access_log (seq, xid, at, operation, outcome, sections, country, client, agency_id, purpose, request_id) \
         OVERRIDING SYSTEM VALUE SELECT -5, xid, at, operation, outcome, sections, country, client, agency_id, purpose, \
         request_id FROM access_log ORDER BY seq LIMIT 1",
    );
    house.store.seal_logs(&key(), now()).expect("sealed");
    let mut known = Known::from_seals(&seals).expect("seals");
    let text = bundle(&house);
    let report = verify(&mut BufReader::new(Cursor::new(text)), &mut known).expect("read");
    assert!(!report.findings.is_empty(), "a row behind the seal");
}

#[test]
fn a_database_that_was_rolled_back_or_rewritten_does_not_agree_with_its_seals() {
    let (house, folder) = (House::new(), Folder::new());
    let seals = folder.seals();
    write(&house, 10, 10);
    seal_all(&house);
    house.store.add_to_seals(&seals).expect("kept");
    write(&house, 10, 10);
    seal_all(&house);
    house.store.add_to_seals(&seals).expect("kept");
    let standing = |of: &House| of.store.compare_with_seals(&seals, key().verifier()).expect("compared");
    assert_eq!(standing(&house), Standing::Agrees);

    let another = House::new();
    assert_eq!(standing(&another), Standing::Behind { sealed: 40, present: 0 });
    write(&another, 30, 30);
    seal_all(&another);
    assert_eq!(standing(&another), Standing::Differs { size: 40 });
    let refused = another.store.add_to_seals(&seals).expect_err("nothing is added");
    assert!(matches!(refused, SealsError::NotAsSealed(Standing::Differs { size: 40 })), "{refused}");

    tamper(
        &house,
        "DELETE FROM log_leaves WHERE index >= 20; DELETE FROM log_checkpoints WHERE size > 20; \
         DELETE FROM access_log WHERE seq > 10; DELETE FROM events WHERE seq > 10",
    );
    assert_eq!(standing(&house), Standing::Behind { sealed: 40, present: 20 });
    assert!(house.store.compare_with_seals(&seals, key_of(9).verifier()).is_err(), "sealed by another key");

    let aside = seals.put_aside(now()).expect("acknowledged");
    assert!(aside.join("leaves").exists() && aside.join("checkpoints.jsonl").exists());
    assert_eq!(standing(&house), Standing::Agrees);
    seal_all(&house);
    house.store.add_to_seals(&seals).expect("it goes on");
    // What is kept as evidence shows the fork to whoever compares.
    let then = fs::read_to_string(aside.join("checkpoints.jsonl")).expect("evidence");
    let note = then
        .lines()
        .last()
        .and_then(|it| serde_json::from_str::<serde_json::Value>(it).ok())
        .expect("a line");
    let mut known = Known::from_seals(&seals).expect("seals");
    known.notes.push(note["note"].as_str().expect("a note").to_owned());
    write(&house, 20, 20);
    seal_all(&house);
    let found = verify(&mut BufReader::new(Cursor::new(bundle(&house))), &mut known).expect("read");
    assert!(found.findings.contains(&Finding::Fork { size: 40 }), "{:?}", found.findings);
}

#[test]
fn no_word_that_a_test_stores_is_in_the_bundle() {
    let house = House::new();
    let concern = house.given_concern(&house.police);
    house.given_screening(&house.police, Some(&concern));
    let (case, _) = house.given_case();
    house.given_episode(&case);
    seal_all(&house);
    let text = bundle(&house);
    assert!(text.lines().count() > 4, "{text}");
    assert!(!text.contains(crate::given::CANARY));
    let members: BTreeSet<&str> = ["Mari", "Mykola", "Street"].into();
    assert!(members.iter().all(|it| !text.contains(it)));
}
