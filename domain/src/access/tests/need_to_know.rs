//! Who sees how much of what: every role, type of agency, relation and class.

use super::lines;
use crate::{
    CodeList,
    access::{Depth, Relation, receiving_ceiling, sections, withheld},
    given::{caller, id},
    vocabulary::{AgencyType, DataClass, Role},
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

fn letter(role: Role, class: usize) -> &'static str {
    let row = lines(ROLES).find(|it| it[0] == role.code()).expect("a row for every role");
    row[class]
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

/// How much and why not more, as the tables have it.
fn expected(letter: &str, open: bool, disclosed: bool) -> (Depth, &'static str) {
    match letter {
        "-" => (Depth::None, "role"),
        _ if !open => (Depth::None, "agency_type"),
        _ if !disclosed => (Depth::None, "not_disclosed"),
        "C" => (Depth::None, "legal_basis"),
        "F" => (Depth::Full, ""),
        "S" => (Depth::Summary, ""),
        "O" => (Depth::Own, ""),
        other => panic!("{other}"),
    }
}

#[test]
fn what_a_caller_sees_is_what_the_tables_say() {
    let mut compared = 0;
    let mut relations = vec![(Relation::Lead, None), (Relation::Opener, None)];
    relations.push((Relation::Granted(Vec::new()), Some(Vec::new())));
    relations.push((Relation::Granted(DataClass::ALL.to_vec()), None));
    for class in DataClass::ALL {
        relations.push((Relation::Granted(vec![*class]), Some(vec![number(*class)])));
    }
    for agency_type in AgencyType::ALL {
        let open = open_to(*agency_type);
        for role in Role::ALL.iter().copied().map(Some).chain([None]) {
            let mut by = caller(id(1), *agency_type);
            by.role = role;
            let letters: Vec<_> =
                (1..=16).map(|class| role.map_or("-", |role| letter(role, class))).collect();
            for (relation, only) in &relations {
                let seen = sections(&by, relation);
                assert_eq!(seen.len(), 16, "every class is shown or explained");
                for section in &seen {
                    let class = number(section.class);
                    // That a referral exists is never hidden from those who take part by it.
                    let disclosed = only.as_ref().is_none_or(|it| it.contains(&class)) || class == 15;
                    let wanted = expected(letters[class - 1], open.contains(&class), disclosed);
                    assert_eq!(
                        (section.depth, section.reason),
                        wanted,
                        "{agency_type} {role:?} {relation:?} {}",
                        section.class
                    );
                    compared += 1;
                }
                let hidden = withheld(&seen).count();
                assert_eq!(hidden, seen.iter().filter(|it| !it.reason.is_empty()).count());
            }
        }
    }
    assert_eq!(compared, 34 * 22 * 20 * 16);
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
