//! Who may add to the file of a case, and what.

use crate::{
    CodeList as _,
    access::{Caller, Depth, Grant, Operation, Relation, Scope, Scopes, depth_of_class},
    cases::file::{FILED, may_add},
    given::{caller, case, id},
    vocabulary::{AgencyType, CaseStatus, DataClass, Role},
};

/// A note is offered to whoever sees the class whole and may write it, with the scope, while work on the case goes on.
#[test]
fn who_may_add_to_a_file_sees_the_class_whole_and_writes_it() {
    let operation = Operation::find("createNote").expect("an operation");
    let given = |write: Vec<DataClass>| {
        Relation::Granted(Grant { read: DataClass::ALL.to_vec(), write, ..Grant::default() })
    };
    let (mut open, mut ended) = (case(), case());
    (open.status, ended.status) = (CaseStatus::Open, CaseStatus::Closed);
    let mut allowed = 0;
    for (agency_type, role) in [
        (AgencyType::HealthPhysical, Role::MedicalExaminer),
        (AgencyType::HealthPhysical, Role::CaseManager),
        (AgencyType::Shelter, Role::ShelterWorker),
        (AgencyType::ChildProtection, Role::CaseManager),
        (AgencyType::Police, Role::Investigator),
    ] {
        let by = Caller { role: Some(role), ..caller(id(4), agency_type) };
        let unscoped = Caller { scopes: Scopes::default().with(Scope::CasesRead), ..by.clone() };
        for class in DataClass::ALL.iter().copied() {
            for relation in [Relation::Lead, given(vec![class]), given(Vec::new())] {
                let whole = depth_of_class(&by, &relation, class) == Depth::Full;
                let written = relation != given(Vec::new());
                let may = may_add(operation, &open, &by, (&relation, class));
                assert_eq!(may, whole && written && FILED.contains(&class), "{role} {class} {relation:?}");
                assert!(!may_add(operation, &ended, &by, (&relation, class)), "{role} {class}");
                assert!(!may_add(operation, &open, &unscoped, (&relation, class)), "{role} {class}");
                allowed += usize::from(may);
            }
        }
    }
    assert!(allowed > 20, "{allowed}");
}
