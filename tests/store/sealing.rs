//! Nothing that people wrote or that identifies a child can be read in the database.

use data_encoding::HEXLOWER;
use diesel::connection::SimpleConnection as _;
use domain::{cases::Whereabouts, vocabulary::ReferralStatus};
use persistence::StoreError;

use crate::{
    given::{CANARY, House, ask, later, words},
    story::BORN,
};

#[test]
fn no_table_holds_free_text_or_identity_in_the_clear() {
    let house = House::new();
    let concern = house.given_concern(&house.police);
    house.given_screening(&house.police, Some(&concern));
    let (case, _) = house.given_case();
    let case = house.presumed(&case);
    house.given_episode(&case);
    for status in [ReferralStatus::Completed, ReferralStatus::Declined, ReferralStatus::Cancelled] {
        house.given_referral(&case, status);
    }
    house.given_missing();
    house.position_all();
    let mut conn = house.db.connection();
    let tables = ask(&mut conn, "SELECT tablename AS word FROM pg_tables WHERE schemaname = 'public'");
    let mut rows = 0;
    for table in &tables {
        for row in ask(&mut conn, &format!("SELECT t::text AS word FROM {table} t")) {
            rows += 1;
            for secret in [CANARY, BORN] {
                let bytes = HEXLOWER.encode(secret.as_bytes());
                assert!(!row.contains(secret) && !row.contains(&bytes), "{table} shows {secret}: {row}");
            }
        }
    }
    for table in [
        "concerns",
        "screenings",
        "children",
        "cases",
        "exploitation_episodes",
        "referral_files",
        "case_acts",
    ] {
        assert!(tables.iter().any(|it| it == table), "{table} was looked at");
        assert!(!ask(&mut conn, &format!("SELECT t::text AS word FROM {table} t")).is_empty(), "{table}");
    }
    assert!(rows > 60, "{rows}");
}

#[test]
fn erasing_a_data_key_erases_the_section_and_no_other() {
    let house = House::new();
    let (case, child) = house.given_case();
    let (other, _) = house.given_case();
    let referral = house.given_referral(&case, ReferralStatus::Sent);
    let erased = format!("DELETE FROM data_keys WHERE subject_id = '{}' AND section = 'referral'", child.id);
    house.db.connection().batch_execute(&erased).expect("erased");
    assert!(house.read(&house.police, |tx| tx.referral(referral.id)).is_err());
    assert_eq!(house.read(&house.police, |tx| tx.child(&case)).expect("still there"), child);
    house.given_referral(&other, ReferralStatus::Sent);
    assert!(house.read_as(&house.police, later(1), |tx| tx.child(&other)).is_ok());
}

/// Whoever may write the table puts back where a child was, so that everybody goes there.
#[test]
fn yesterdays_address_does_not_open_beside_todays_version() {
    let house = House::new();
    let (case, child) = house.given_case();
    let moved = Whereabouts { address: Some(words("elsewhere")), ..Whereabouts::default() };
    let moving = |tx: &mut persistence::Tx<'_>| {
        let decided = child.update_whereabouts(moved.clone(), &case, tx.cx.now).expect("lawful");
        tx.save_whereabouts(&decided)
    };
    house.change(&house.police, moving).expect("saved");
    let read = || house.read(&house.police, |tx| tx.child(&case));
    assert_eq!(read().expect("as it is").whereabouts, moved);
    let put_back = |column: &str| {
        format!(
            "UPDATE children c SET {column} = v.{column} FROM child_versions v \
             WHERE v.id = c.id AND c.id = '{}' AND v.whereabouts_version = 1",
            child.id
        )
    };
    let mut conn = house.db.connection();
    // Each change of the row leaves a version, and there is one already; whoever owns the table can do without.
    conn.batch_execute("ALTER TABLE children DISABLE TRIGGER USER").expect("disabled");
    conn.batch_execute(&put_back("identity_sealed")).expect("the same as it was");
    assert!(read().is_ok());
    conn.batch_execute(&put_back("whereabouts_sealed")).expect("put back");
    assert!(matches!(read(), Err(StoreError::Corrupt { .. })));
}
