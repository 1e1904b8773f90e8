//! The case file as it was known at an instant equals what was known then, over random histories.

use diesel::connection::SimpleConnection as _;
use domain::{
    EntryId, Timestamp,
    cases::{
        Case, ChildRecord, IdentityUpdate, Whereabouts,
        file::{Contact, Content, Entry, Filing, Note},
    },
    identification::{Grounds, Presume},
    vocabulary::{ContactDecision, ContactRelation, DataClass},
};
use persistence::{EntryFilter, PageRequest, StoreError};
use time::Duration;

use crate::{
    given::{House, now, words},
    story::setting,
};

/// What is known of a case.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    case: Case,
    child: ChildRecord,
    contacts: Vec<Entry<Contact>>,
    notes: Vec<Entry<Note>>,
}

const ALL: PageRequest = PageRequest { after: None, limit: 200 };

fn filter(as_of: Option<Timestamp>) -> EntryFilter {
    EntryFilter { classes: vec![DataClass::D3FamilyContacts, DataClass::D14RiskSafety], as_of }
}

/// A generator that is the same each time for a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn contact(n: u64) -> Contact {
    Contact {
        relation: ContactRelation::Parent,
        name: None,
        birth_date: None,
        country: None,
        languages: Vec::new(),
        reached_by: Some(words(&n.to_string())),
        address: None,
        lives_with_child: None,
        is_child: None,
        legal_responsibility: None,
        suspected: None,
        may_be_informed: None,
        decision: ContactDecision::NotDecided,
        wish: None,
        checked_on: None,
        remarks: None,
    }
}

impl House {
    fn known(&self, case: &Case, at: Option<Timestamp>) -> Result<Known, StoreError> {
        self.read(&self.child_protection, |tx| {
            let (case, child) = match at {
                None => {
                    let case = tx.case(case.id)?.0;
                    let child = tx.child(&case)?;
                    (case, child)
                }
                Some(at) => {
                    let case = tx.case_as_of(case.id, at)?.0;
                    let child = tx.child_as_of(&case, at)?;
                    (case, child)
                }
            };
            let contacts = tx.entries(&case, &filter(at), ALL)?.items;
            let notes = tx.entries(&case, &filter(at), ALL)?.items;
            Ok(Known { case, child, contacts, notes })
        })
    }

    fn file<C: Content>(&self, case: &Case, content: &C, before: Option<&Entry<C>>, at: Timestamp) {
        let by = &self.child_protection;
        let save = self.change_at(by, at, |tx| {
            let country = tx.country(case.country)?;
            let filing = Filing { case, country: &country, by, now: tx.cx.now };
            let decided = match before {
                None => Entry::record(EntryId(tx.fresh_id()), content.clone(), &filing),
                Some(before) => before.amend(content.clone(), &filing),
            };
            tx.save_entry(case, &decided.expect("lawful"))
        });
        save.expect("saved");
    }

    /// One random change at an instant.
    fn changed(&self, case: &Case, dice: &mut Dice, at: Timestamp) {
        let known = self.known(case, None).expect("known");
        let n = dice.roll(1_000_000);
        let by = &self.child_protection;
        match dice.roll(6) {
            0 => {
                let update =
                    IdentityUpdate { call_name: Some(Some(words(&n.to_string()))), ..Default::default() };
                let decided = known.child.update_identity(update, &known.case, at).expect("lawful");
                self.change_at(by, at, |tx| tx.save_identity(&decided)).expect("saved");
            }
            1 => {
                let moved = Whereabouts { address: Some(words(&n.to_string())), ..Whereabouts::default() };
                let decided = known.child.update_whereabouts(moved, &known.case, at).expect("lawful");
                self.change_at(by, at, |tx| tx.save_whereabouts(&decided)).expect("saved");
            }
            2 => {
                let act =
                    Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some(words("reasons")) };
                let presumed = self.change_at(by, at, |tx| {
                    let country = tx.country(case.country)?;
                    let identity = known.child.identity.clone();
                    let around = setting(tx, &country, &identity, &[], by);
                    let Ok(decided) = known.case.presume(&act, None, &around) else { return Ok(()) };
                    tx.save_identified(&decided)
                });
                presumed.expect("saved");
            }
            3 => self.file(case, &contact(n), None, at),
            4 if !known.contacts.is_empty() => {
                let which = usize::try_from(n).expect("small") % known.contacts.len();
                self.file(case, &contact(n), Some(&known.contacts[which]), at);
            }
            _ => {
                let note =
                    Note { category: DataClass::D14RiskSafety, text: words(&n.to_string()), corrects: None };
                self.file(case, &note, None, at);
            }
        }
    }
}

#[test]
fn what_was_known_at_an_instant_is_what_is_read_of_it_later() {
    for seed in 1..=6 {
        let house = House::new();
        let (case, _) = house.given_case();
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ seed);
        let mut at = now();
        let mut snapshots = vec![(at, house.known(&case, None).expect("known"))];
        for _ in 0..25 {
            // Sometimes two changes have one instant: what is known of it is what came last.
            at = at.plus(Duration::microseconds(i64::try_from(dice.roll(4) * 7).expect("small")));
            house.changed(&case, &mut dice, at);
            let known = house.known(&case, None).expect("known");
            match snapshots.last_mut() {
                Some((last, before)) if *last == at => *before = known,
                _ => snapshots.push((at, known)),
            }
        }
        assert!(snapshots.len() > 12, "{}", snapshots.len());
        for (n, (at, known)) in snapshots.iter().enumerate() {
            assert_eq!(
                &house.known(&case, Some(*at)).expect("known then"),
                known,
                "seed {seed}, snapshot {n}"
            );
            let just_before = at.plus(Duration::microseconds(-1));
            let earlier = house.known(&case, Some(just_before));
            match n.checked_sub(1) {
                Some(before) => assert_eq!(earlier.expect("known before"), snapshots[before].1),
                None => assert!(matches!(earlier, Err(StoreError::NotFound)), "{earlier:?}"),
            }
        }
    }
}

#[test]
fn what_was_known_cannot_be_changed_or_removed() {
    let house = House::new();
    let (case, _) = house.given_case();
    house.file(&case, &contact(1), None, now());
    let mut conn = house.db.connection();
    for table in ["case_versions", "child_versions", "case_entries"] {
        for statement in [
            format!("UPDATE {table} SET version = 9"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
        ] {
            let statement =
                statement.replace("child_versions SET version", "child_versions SET identity_version");
            assert!(conn.batch_execute(&statement).is_err(), "{statement}");
        }
    }
}

#[test]
fn the_versions_of_a_table_have_its_columns_in_its_order() {
    let house = House::new();
    let columns = |table: &str| {
        let query = format!(
            "SELECT column_name || ' ' || udt_name AS word FROM information_schema.columns \
             WHERE table_name = '{table}' ORDER BY ordinal_position"
        );
        crate::given::ask(&mut house.db.connection(), &query)
    };
    assert_eq!(columns("cases"), columns("case_versions"));
    assert_eq!(columns("children"), columns("child_versions"));
}

#[test]
fn a_note_is_written_once_and_a_version_of_a_contact_is_made_by_one() {
    let house = House::new();
    let (case, _) = house.given_case();
    house.file(&case, &contact(1), None, now());
    let known = house.known(&case, None).expect("known");
    let by = &house.child_protection;
    let amended = |n| {
        house.change(by, |tx| {
            let country = tx.country(case.country)?;
            let filing = Filing { case: &case, country: &country, by, now: tx.cx.now };
            tx.save_entry(&case, &known.contacts[0].amend(contact(n), &filing).expect("lawful"))
        })
    };
    amended(2).expect("the first");
    assert!(matches!(amended(3), Err(StoreError::Stale)), "the second was decided on what is no more");
}
