//! Who sees how much of what: every role, type of agency, relation and class.

use super::lines;
use crate::{
    CodeList,
    access::{
        Assurance, AssuranceLevel, Caller, Depth, Grant, Relation, reach, receiving_ceiling, sections,
        writable,
    },
    given::{caller, id},
    vocabulary::{AgencyType, DataClass, Purpose, Role},
};

/// D1 to D16 for each role: F full, S summary, C only with a recorded legal basis, O own entries, - none.
const ROLES: &str = "
                            1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
    case_manager            F F F F F F S - - -  S  S  F  F  F  O
    supervisor              F F F F F F S - - -  S  S  F  F  F  O
    guardian                F F F F F F S - - -  S  F  F  F  F  C
    lawyer                  F F F F F F S - - -  S  F  F  F  F  C
    investigator            F C C F F F C - F F  F  C  S  F  S  O
    prosecutor              F C C F F F C - F F  F  C  S  S  S  O
    barnahus_coordinator    F S S S S S S - S -  S  -  S  S  F  O
    mdt_member              F S S S S S S - - -  S  -  S  S  S  O
    forensic_interviewer    F S S S S S S - F -  S  -  S  S  S  O
    medical_examiner        F S S S S S F - - -  -  -  S  S  O  O
    therapist               F S S S - S S F - -  -  -  S  S  O  O
    shelter_worker          S F S - - S S - - -  S  -  S  F  O  O
    focal_point_officer     F C S S S F S - - -  C  S  F  S  F  O
    identification_officer  F S S F F F C - - -  C  S  S  S  S  O
    screener                F S S F F F S - - -  S  S  S  S  F  O
    duty_officer            F F S S S F S - - -  S  -  S  F  F  O
    reporter                - - - - - - - - - -  -  -  -  -  -  -
    statistician            - - - - - - - - - -  -  -  -  -  -  -
    sysadmin                - - - - - - - - - -  -  -  -  -  -  -
    dpo                     - - - - - - - - - -  -  -  -  -  -  F
    auditor                 - - - - - - - - - -  -  -  -  -  -  F
";

/// The classes that an agency of a type can be shown at all, whatever the role.
const AGENCY_TYPES: &str = "
    police                  1 2 3 4 5 6 7 9 10 11 12 13 14 15 16
    border_guard            1 2 3 4 5 6 7 9 10 11 12 13 14 15 16
    prosecution             1 2 3 4 5 6 7 9 10 11 12 13 14 15 16
    court_criminal          1 2 3 4 5 6 7 9 10 11 12 13 14 15 16
    juvenile_justice        1 2 3 4 5 6 7 9 10 11 12 13 14 15 16
    court_family            1 2 3 4 5 6 7 11 12 13 14 15 16
    guardianship_authority  1 2 3 4 5 6 7 11 12 13 14 15 16
    guardian_person         1 2 3 4 5 6 7 11 12 13 14 15 16
    legal_aid               1 2 3 4 5 6 7 11 12 13 14 15 16
    child_protection        1 2 3 4 5 6 7 11 12 13 14 15 16
    municipal_social        1 2 3 4 5 6 7 11 12 13 14 15 16
    barnahus                1 2 3 4 5 6 7 8 9 11 13 14 15 16
    health_physical         1 2 3 4 5 6 7 13 14 15 16
    forensic_medicine       1 2 3 4 5 6 7 13 14 15 16
    health_mental           1 2 3 4 6 7 8 13 14 15 16
    ngo_mandated            1 2 3 4 5 6 12 13 14 15 16
    ngo_support             1 2 3 6 7 13 14 15 16
    shelter                 1 2 3 6 7 13 14 15 16
    crossborder_focal_point 1 3 4 5 6 7 11 12 13 14 15 16
    central_authority       1 3 4 5 6 7 11 12 13 14 15 16
    international_org       1 3 6 13 14 15 16
    immigration             1 6 12 13 15 16
    asylum_authority        1 6 12 13 15 16
    helpline                15
    education               15
    labour_inspectorate     15
    consular                15
    platform_contact        15
    compensation_authority  15
    nat_coordinator         15
    dpo                     16
    auditor                 16
    independent_rapporteur
    sysadmin
";

/// How much of D1 to D16 a purpose carries at most: F all, S a summary, - nothing.
const PURPOSES: &str = "
                          1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
    identification        F F F F F F F - - F  F  F  F  F  F  F
    protection            F F F F F F F F F -  F  F  F  F  F  F
    assistance            F F F F F F F F F -  F  F  F  F  F  F
    health                F F F S F F F F - -  S  -  F  F  F  F
    guardianship          F F F F F F F - - -  F  F  F  F  F  F
    transfer              F F F F F F F - - -  F  F  F  F  F  F
    data_subject_request  F F F F F F F - - -  F  F  F  F  F  F
    investigation         F F F F F F F - F F  F  F  F  F  F  F
    prosecution           F F F F F F F - F F  F  F  F  F  F  F
    court                 F F F F F F F - F -  F  F  F  F  F  F
    residence             F - S S S F S - - -  -  F  S  S  F  F
    missing_child         F F F F F F S - - F  F  S  S  F  F  F
    audit                 - - - - - - - - - -  -  -  -  -  -  F
    statistics            - - - - - - - - - -  -  -  -  -  -  -
    operations            - - - - - - - - - -  -  -  -  -  -  -
";

/// Classes that only a token for this one child shows, of somebody who was recognised for sure just now.
const FOR_STRONG_TOKENS: [usize; 4] = [2, 8, 9, 10];

/// The letters of every code of a list, in its order; a class is found by its number.
fn letters<C: CodeList>(table: &'static str) -> Vec<Vec<char>> {
    let row = |code: &C| {
        let row = lines(table).find(|it| it[0] == code.code()).expect("a row for every code");
        row.iter().map(|it| it.chars().next().expect("a letter")).collect()
    };
    C::ALL.iter().map(row).collect()
}

fn open_to(agency_type: AgencyType) -> Vec<usize> {
    let row = lines(AGENCY_TYPES).find(|it| it[0] == agency_type.code()).expect("a row for every type");
    row[1..].iter().map(|it| it.parse().expect("a class")).collect()
}

/// The number of a class, as its code has it.
fn number(class: DataClass) -> usize {
    let (number, _) = class.code()[1..].split_once('_').expect("d1_identity and so on");
    number.parse().expect("a number")
}

/// What decides on a cell, as the tables name it.
#[derive(Clone, Copy)]
struct Cell {
    agency_type: AgencyType,
    role: char,
    purpose: (Purpose, char),
    class: usize,
    open: bool,
    /// In a case of others.
    guest: bool,
    /// Disclosed, and ordered.
    given: (bool, bool),
    /// Bound to the case, and of somebody who was recognised just now.
    token: (bool, bool),
}

/// How much and why nothing, said once more in other words than the policy does.
fn expected(it: Cell) -> (Depth, &'static str) {
    let refused = [
        (it.role == '-', "role"),
        (!it.open, "agency_type"),
        (it.agency_type == AgencyType::Immigration && it.class == 13, "firewall"),
        (it.purpose.1 == '-', "purpose"),
        (!it.given.0, "not_disclosed"),
        ((it.role == 'C' || told_for_care(it)) && !it.given.1 && !looks_for_a_child(it), "legal_basis"),
        (FOR_STRONG_TOKENS.contains(&it.class) && !it.token.0, "case_bound_token"),
        (FOR_STRONG_TOKENS.contains(&it.class) && !it.token.1, "step_up"),
    ];
    if let Some((_, why)) = refused.into_iter().find(|it| it.0) {
        return (Depth::None, why);
    }
    let heard = it.agency_type == AgencyType::AsylumAuthority && it.class == 13;
    let its_file = it.agency_type == AgencyType::AsylumAuthority && it.class == 12;
    let depth = match (it.role, it.purpose.1) {
        ('O', _) => Depth::Own,
        ('S', 'F') if its_file => Depth::Full,
        ('S', _) | (_, 'S') => Depth::Summary,
        _ if heard => Depth::Summary,
        _ if it.agency_type == AgencyType::AsylumAuthority && it.class == 15 => Depth::Summary,
        _ => Depth::Full,
    };
    (depth, "")
}

/// Criminal justice reads it in a case of others by an order only, in whatever role.
fn told_for_care(it: Cell) -> bool {
    let criminal = ["police", "border_guard", "prosecution", "court_criminal", "juvenile_justice"];
    it.guest && criminal.contains(&it.agency_type.code()) && [2, 3, 7, 12].contains(&it.class)
}

fn looks_for_a_child(it: Cell) -> bool {
    let searches = ["police", "border_guard"].contains(&it.agency_type.code());
    it.class == 2 && searches && it.purpose.0 == Purpose::MissingChild
}

/// How an agency can stand to a case, with what the tables call disclosed and ordered in it; the last was given one class,
/// each in its turn.
fn relations(turn: usize) -> [(Relation, Option<Vec<usize>>, bool); 6] {
    let all = || DataClass::ALL.to_vec();
    let one = DataClass::ALL[turn % DataClass::ALL.len()];
    [
        (Relation::Lead, None, false),
        (Relation::Opener, None, false),
        (Relation::from(Vec::new()), Some(Vec::new()), false),
        (Relation::Granted(Grant { read: all(), write: Vec::new(), ordered: all() }), None, true),
        (Relation::Granted(Grant { ordered: all(), ..Grant::default() }), Some(Vec::new()), true),
        (Relation::from(vec![one]), Some(vec![number(one)]), false),
    ]
}

#[test]
fn what_two_grants_give_adds_up_and_makes_no_case_ones_own() {
    let [name, place, health] = [DataClass::D1Identity, DataClass::D2Whereabouts, DataClass::D7Health];
    let mut grant = Grant { read: vec![place, name], write: Vec::new(), ordered: vec![place] };
    grant.extend(Grant { read: vec![health, name], write: vec![health], ordered: Vec::new() });
    assert_eq!(grant, Grant { read: vec![name, place, health], write: vec![health], ordered: vec![place] });
    assert!(!Relation::Granted(grant).own() && Relation::Lead.own() && Relation::Opener.own());
}

/// What a token can be: bound to the case or not, of somebody who was recognised just now or not.
const TOKENS: [(bool, bool); 4] = [(true, true), (false, true), (true, false), (false, false)];

/// 34 types of agency × 22 (21 roles and nobody) × 15 purposes × 6 relations × 16 classes, with each token in its turn.
#[test]
fn what_a_caller_sees_is_what_the_tables_say() {
    let (roles, purposes) = (letters::<Role>(ROLES), letters::<Purpose>(PURPOSES));
    let nobody = vec!['-'; 17];
    let mut compared = 0;
    for agency_type in AgencyType::ALL {
        let open = open_to(*agency_type);
        for (turn, (role, purpose)) in pairs().enumerate() {
            let mut by = caller(id(1), *agency_type);
            (by.role, by.purpose) = (role, purpose);
            let of_role = role.map_or(&nobody, |it| &roles[it as usize]);
            let of_purpose = &purposes[purpose as usize];
            for (place, (relation, only, ordered)) in relations(turn).into_iter().enumerate() {
                let (bound, fresh) = TOKENS[(turn + place) % TOKENS.len()];
                let seconds_ago = Some(if fresh { 15 * 60 } else { 15 * 60 + 1 });
                by.case = bound.then(|| id(100));
                by.assurance = Assurance { level: AssuranceLevel::High, seconds_ago };
                for (class, section) in (1..).zip(sections(&by, &relation)) {
                    let wanted = expected(Cell {
                        agency_type: *agency_type,
                        role: of_role[class],
                        purpose: (purpose, of_purpose[class]),
                        class,
                        open: open.contains(&class),
                        guest: place > 1,
                        // That a referral exists is never hidden from those who take part by it.
                        given: (only.as_ref().is_none_or(|it| it.contains(&class)) || class == 15, ordered),
                        token: (bound, fresh),
                    });
                    let seen = (section.depth, section.reason);
                    assert!(seen == wanted, "{by:?} {relation:?} {}: {seen:?} {wanted:?}", section.class);
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 34 * 22 * 15 * 6 * 16);
}

fn pairs() -> impl Iterator<Item = (Option<Role>, Purpose)> {
    let roles = Role::ALL.iter().copied().map(Some).chain([None]);
    roles.flat_map(|role| Purpose::ALL.iter().map(move |it| (role, *it)))
}

#[test]
fn a_class_has_its_number_in_its_code_and_its_place_in_the_list() {
    for class in DataClass::ALL {
        assert_eq!(number(*class), *class as usize + 1);
    }
}

/// The strongest token shows what the function reaches; a weaker one lacks the classes that need it, and nothing else.
#[test]
fn a_token_takes_away_and_gives_nothing() {
    let weak = Assurance { level: AssuranceLevel::Substantial, seconds_ago: Some(0) };
    let forgotten = Assurance { level: AssuranceLevel::High, seconds_ago: None };
    for agency_type in AgencyType::ALL {
        for (turn, (role, purpose)) in pairs().enumerate() {
            let mut strong = caller(id(1), *agency_type);
            (strong.role, strong.purpose, strong.case) = (role, purpose, Some(id(100)));
            let [.., (relation, ..)] = relations(turn);
            let relation = if turn % 2 == 0 { Relation::Lead } else { relation };
            let most = sections(&strong, &relation);
            let by = match turn % 3 {
                0 => Caller { case: None, ..strong.clone() },
                1 => Caller { assurance: weak, ..strong.clone() },
                _ => Caller { assurance: forgotten, ..strong.clone() },
            };
            assert_eq!(reach(&by, &relation), most);
            for (class, (least, most)) in (1..).zip(sections(&by, &relation).into_iter().zip(most)) {
                if FOR_STRONG_TOKENS.contains(&class) && most.depth > Depth::None {
                    assert_eq!(least.depth, Depth::None, "{by:?} {class}");
                } else {
                    assert_eq!(least, most);
                }
            }
        }
    }
}

#[test]
fn a_class_is_written_by_whoever_has_the_case_or_was_given_it_to_write() {
    let by = caller(id(1), AgencyType::ChildProtection);
    let class = DataClass::D3FamilyContacts;
    let given =
        |write: Vec<DataClass>| Relation::Granted(Grant { read: vec![class], write, ..Grant::default() });
    assert!(writable(&by, &given(vec![class]), class) && writable(&by, &Relation::Opener, class));
    assert!(!writable(&by, &given(Vec::new()), class));
    assert!(!writable(&by, &given(vec![class]), DataClass::D4ExploitationNarrative));
    let unread = Relation::Granted(Grant { write: vec![class], ..Grant::default() });
    assert!(!writable(&by, &unread, class), "nobody writes what it does not read");
    let reader = Caller { role: Some(Role::MdtMember), ..by };
    assert!(!writable(&reader, &given(vec![class]), class), "a summary is not written on");
}

#[test]
fn a_referral_carries_no_more_than_its_receiver_may_be_shown() {
    for agency_type in AgencyType::ALL {
        // A school learns who the child is and what is dangerous, for that is what it is asked to look after.
        let school = *agency_type == AgencyType::Education;
        let wanted: Vec<_> = if school { vec![1, 14, 15] } else { open_to(*agency_type) };
        // Therapy notes, recordings, intelligence and the access log never travel.
        let wanted: Vec<_> = wanted.into_iter().filter(|it| ![8, 9, 10, 16].contains(it)).collect();
        let given: Vec<_> = receiving_ceiling(*agency_type).into_iter().map(number).collect();
        assert_eq!(given, wanted, "{agency_type}");
    }
}
