//! Erasing on a real database: nothing hangs on it, nothing opens, nobody else loses anything, and neither a restored backup
//! nor a crash between ledger and commit brings it back.

use std::{collections::BTreeSet, fs, path::PathBuf};

use diesel::{Connection as _, PgConnection, connection::SimpleConnection as _};
use domain::{
    Timestamp,
    cases::{
        Case,
        erasure::{ErasureReason, Ground, TwoPeople},
    },
    identification::Concern,
    text::Country,
    vocabulary::ReferralStatus,
};
use persistence::{
    Store, StoreError,
    erasure::{Destroyed, ErasureError, Ledger, tables_deleted},
    testing::{SERVER_VARIABLE, rows_shown},
};

use crate::given::{CANARY, House, Operator, ask, ask_one, later, now};

const GROUND: Ground = Ground { reason: ErasureReason::RetentionEnded, evidence_released: true };

fn people() -> TwoPeople {
    TwoPeople::new("Mari Maasikas", "Juta Tamm").expect("two")
}

/// A folder of one test, for its ledger.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("trm-erasures-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn path(&self) -> PathBuf {
        self.0.join("ledger")
    }

    fn ledger(&self) -> Ledger {
        Ledger::open(&self.path()).expect("a ledger")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl House {
    /// A case with something of everything, which has ended.
    fn given_ended(&self, concern: Option<&Concern>) -> Case {
        let screening = self.given_screening(&self.police, concern);
        let (case, _) = self.take_in(&screening).expect("a case");
        let case = self.presumed(&case);
        self.given_episode(&case);
        for status in [ReferralStatus::Completed, ReferralStatus::Rerouted, ReferralStatus::Sent] {
            self.given_referral(&case, status);
        }
        self.store.take_deadline_steps(later(600)).expect("escalated");
        let latvia = Country::parse("LV").expect("a country");
        let _ = self.change(&self.child_protection, |tx| tx.pseudonym(&case, latvia)).expect("a pseudonym");
        self.db.end_case(&case.id.to_string());
        self.case(case.id)
    }

    fn erase(&self, case: &Case, folder: &Folder) -> Result<Destroyed, ErasureError> {
        let mut ledger = folder.ledger();
        self.store.erase(&case.reference, (GROUND, &people()), now(), &mut |it| ledger.append(it))
    }

    fn is_gone(&self, case: &Case) -> bool {
        let of_lead = self.read(&self.child_protection, |tx| tx.case(case.id));
        let of_opener = self.read(&self.police, |tx| tx.case_as_of(case.id, later(1)));
        matches!((of_lead, of_opener), (Err(StoreError::NotFound), Err(StoreError::NotFound)))
    }
}

/// What is stored of a case but for what remembers erased ones.
fn remains(house: &House, ids: &[String]) -> BTreeSet<String> {
    let remembers = ["access_log", "erased_subjects", "erasures", "events", "idempotency_keys"];
    let holding = house.db.tables_that_hold(ids);
    holding.into_keys().filter(|it| !remembers.contains(&it.as_str())).collect()
}

#[test]
fn no_row_and_no_key_of_the_child_is_left_and_others_keep_all() {
    let (house, folder) = (House::new(), Folder::new());
    let concern = house.given_concern(&house.police);
    let (case, other) = (house.given_ended(Some(&concern)), house.given_ended(None));
    let (ids, of_other) =
        (house.db.ids_of_case(&case.id.to_string()), house.db.ids_of_case(&other.id.to_string()));
    assert!(ids.contains(&concern.id.to_string()) && ids.len() > 15, "{ids:?}");
    let mut conn = house.db.connection();
    let kept = "SELECT count(*)::text AS word FROM data_keys";
    let (keys, before) = (ask_one(&mut conn, kept), house.db.tables_that_hold(&of_other));
    let checked = house.store.check_erasure(&case.reference, GROUND, now()).expect("it may be");
    assert!(!house.is_gone(&case), "looking destroys nothing");
    let destroyed = house.erase(&case, &folder).expect("erased");
    assert_eq!(checked.rows, destroyed.rows, "as was said before");
    assert!(
        destroyed.rows.contains(&("child_pseudonyms", 1)),
        "whoever names it again names a new child: {destroyed:?}"
    );

    assert!(house.is_gone(&case));
    assert_eq!(remains(&house, &ids), BTreeSet::new());
    assert_eq!(house.db.tables_that_hold(&of_other), before);
    let child = house.read(&house.child_protection, |tx| tx.child(&other));
    assert!(child.is_ok() && house.read(&house.police, |tx| tx.concern(concern.id)).is_err());
    let gone = destroyed.rows.iter().find(|it| it.0 == "data_keys").expect("keys").1;
    let left = keys.parse::<usize>().expect("a number") - gone;
    assert_eq!(ask_one(&mut conn, kept), left.to_string());
    assert_eq!(gone, 6, "of the child, its screening and the concern");
    let again = house.erase(&case, &folder);
    assert!(matches!(again, Err(ErasureError::Store(StoreError::NotFound))), "{again:?}");
    assert_eq!(Ledger::read(&folder.path()).expect("reads"), house.store.erasures().expect("reads"));
    let said = fs::read_to_string(folder.path()).expect("text");
    assert!(!said.contains("Mari") && !said.contains(CANARY) && !said.contains(case.reference.as_str()));
    let counted = "SELECT country || opened_year || status || identification_status || exploitation_types::text AS word FROM erased_cases";
    assert_eq!(ask(&mut conn, counted), ["EE2026closedpresumed_victim{criminal_activity,forced_begging}"]);
}

/// What two children have in common stays until the last of them goes.
#[test]
fn a_concern_about_two_children_goes_with_the_second() {
    let (house, folder) = (House::new(), Folder::new());
    let concern = house.given_concern(&house.police);
    let (one, two) = (house.given_ended(Some(&concern)), house.given_ended(Some(&concern)));
    assert_eq!(house.erase(&one, &folder).expect("erased").concerns_left, 1);
    assert_eq!(house.read(&house.police, |tx| tx.concern(concern.id)).expect("it stays"), concern);
    assert!(house.is_gone(&one) && !house.is_gone(&two));
    // Somebody has screened a third child and not decided yet.
    let third = house.given_screening(&house.police, Some(&concern));
    assert_eq!(house.erase(&two, &folder).expect("erased").concerns_left, 1);
    assert!(house.read(&house.police, |tx| tx.screening(third.id)).is_ok());
}

/// Each lock without the other.
#[test]
fn facts_stay_in_the_log_and_are_told_to_nobody() {
    for house in [House::new(), House::without_the_second_lock()] {
        let folder = Folder::new();
        let case = house.given_ended(None);
        house.position_all();
        let facts = |it: &House| it.read(&it.police, |tx| tx.feed(0, 200)).expect("a feed").len();
        let before = facts(&house);
        assert!(before > 5, "{before}");
        let logged = house.db.facts().len();
        house.erase(&case, &folder).expect("erased");
        house.position_all();
        assert_eq!(facts(&house), 0);
        assert_eq!(house.db.facts().len(), logged + 1);
    }
    let (house, folder) = (House::new(), Folder::new());
    let case = house.given_ended(None);
    let shown = |it: &House| it.read(&it.police, |tx| rows_shown(tx, "events")).expect("rows").len();
    assert!(shown(&house) > 5);
    house.erase(&case, &folder).expect("erased");
    assert_eq!(shown(&house), 0, "by the second lock alone");
}

/// A backup of a database, on the same server.
struct Backup {
    server: PgConnection,
    name: String,
    url: String,
}

impl Backup {
    fn of(house: &House) -> Self {
        let url = std::env::var(SERVER_VARIABLE).expect("a server");
        let mut server = PgConnection::establish(&url).expect("the server");
        let (address, options) = house.db.url.split_once('?').unwrap_or((&house.db.url, ""));
        let (host, database) = address.rsplit_once('/').expect("a database");
        let name = format!("backup_{}", uuid::Uuid::new_v4().simple());
        Operator::of(&house.db).end_sessions();
        server.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {database}")).expect("a copy");
        let url = format!("{host}/{name}{}{options}", if options.is_empty() { "" } else { "?" });
        Self { server, name, url }
    }

    fn restored(&self) -> Store {
        House::store_on(&self.url)
    }
}

impl Drop for Backup {
    fn drop(&mut self) {
        let _ = self.server.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

#[test]
fn a_backup_brings_nothing_back_once_the_ledger_was_replayed() {
    let (house, folder) = (House::new(), Folder::new());
    let concern = house.given_concern(&house.police);
    let (case, other) = (house.given_ended(Some(&concern)), house.given_ended(None));
    let backup = Backup::of(&house);
    house.erase(&case, &folder).expect("erased");
    let restored = backup.restored();
    let told = Ledger::read(&folder.path()).expect("reads");
    assert_eq!((told.len(), restored.erasures().expect("reads")), (1, Vec::new()));
    let by = |at: Timestamp| crate::given::context(&house.child_protection, at, uuid::Uuid::nil());
    let read = |it: &Case| restored.read::<_, StoreError>(&by(now()), |tx| tx.case(it.id).map(|it| it.0));
    assert!(read(&case).is_ok(), "the backup has it");
    assert!(restored.erase_again(&told[0], later(9)).expect("replayed") > 40);
    assert!(matches!(read(&case), Err(StoreError::NotFound)));
    assert_eq!(read(&other).expect("it stays"), other);
    assert_eq!(restored.erasures().expect("reads"), told);
    assert_eq!(restored.erase_again(&told[0], later(10)).expect("once more"), 0);
    let mut conn = PgConnection::establish(&backup.url).expect("connects");
    let counted = "SELECT (SELECT count(*) FROM erased_cases) || '/' || \
                   (SELECT count(*) FROM events WHERE event = 'case.erased') AS word";
    assert_eq!(ask_one(&mut conn, counted), "1/1", "counted and told once");
}

#[test]
fn a_crash_after_the_ledger_leaves_what_a_replay_finishes() {
    let (house, folder) = (House::new(), Folder::new());
    let case = house.given_ended(None);
    let mut ledger = folder.ledger();
    let crash = house.store.erase(&case.reference, (GROUND, &people()), now(), &mut |it| {
        ledger.append(it)?;
        Operator::of(&house.db).end_sessions();
        Ok(())
    });
    assert!(matches!(crash, Err(ErasureError::Store(StoreError::Unavailable))), "{crash:?}");
    assert!(!house.is_gone(&case) && house.store.erasures().expect("reads").is_empty());
    // Whoever asks again instead of replaying has two lines; both hold.
    let again = house.store.erase(&case.reference, (GROUND, &people()), now(), &mut |it| ledger.append(it));
    assert!(again.is_ok() && house.is_gone(&case));
    for it in Ledger::read(&folder.path()).expect("reads") {
        assert_eq!(house.store.erase_again(&it, later(1)).expect("replayed"), 0);
    }
    assert_eq!(house.store.erasures().expect("reads").len(), 2);
}

#[test]
fn where_the_ledger_cannot_be_written_nothing_is_erased() {
    let (house, folder) = (House::new(), Folder::new());
    let case = house.given_ended(None);
    let before = house.db.contents();
    let full = |_: &persistence::erasure::Erasure| Err(std::io::Error::other("the disk is full").into());
    let failed = house.store.erase(&case.reference, (GROUND, &people()), now(), &mut { full });
    assert!(matches!(failed, Err(ErasureError::Ledger(_))), "{failed:?}");
    assert_eq!(house.db.contents(), before);
    assert!(!folder.path().exists());
}

/// The first lock of an erasure is that nobody who serves can delete; the second, that what grows loses nothing unrecorded.
#[test]
fn what_grows_loses_a_row_only_when_its_case_is_recorded_as_erased() {
    let house = House::new();
    let case = house.given_ended(None);
    let mut conn = house.db.connection();
    for statement in [
        format!("DELETE FROM case_versions WHERE id = '{}'", case.id),
        format!("DELETE FROM child_versions WHERE id = '{}'", case.child),
        "UPDATE case_versions SET status = 'closed'".to_owned(),
        "TRUNCATE case_entries".to_owned(),
        "DELETE FROM events".to_owned(),
        "DELETE FROM erasures".to_owned(),
        "TRUNCATE erased_subjects CASCADE".to_owned(),
    ] {
        let refused = conn.batch_execute(&statement);
        if statement.starts_with("DELETE FROM erasures") {
            // A trigger for each statement speaks up even where there is no row.
            assert!(refused.is_err());
            continue;
        }
        let refused = refused.expect_err(&statement).to_string();
        assert!(refused.contains("only grows"), "{statement}: {refused}");
    }
}

/// A table that a later migration brings and that names cases, children or what belongs to them is decided: it is deleted
/// from, or it remembers.
#[test]
fn every_table_that_names_what_can_be_erased_is_deleted_from() {
    let house = House::new();
    let mut conn = house.db.connection();
    let naming = ask(
        &mut conn,
        "SELECT DISTINCT c.table_name AS word FROM information_schema.columns c WHERE c.table_schema = 'public' \
         AND c.column_name ~ '^(other_|into_)?(case|child|concern|screening|referral|deadline|document|subject)_id$' \
         UNION SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid::regclass::text IN \
         ('cases', 'children', 'concerns', 'screenings', 'referrals', 'deadlines', 'identification_acts')",
    );
    let deleted: BTreeSet<_> = tables_deleted().map(str::to_owned).collect();
    let remembers = ["access_log", "events", "idempotency_keys"].map(str::to_owned);
    let undecided: Vec<_> =
        naming.iter().filter(|it| !deleted.contains(*it) && !remembers.contains(it)).collect();
    assert_eq!(undecided, [""; 0], "tables that an erasure does not know");
    assert!(naming.len() > 22, "{naming:?}");
}
