//! The links of the contract: they name what is there, lead to everything, and follow the state machine.

use std::collections::BTreeSet;

use domain::{
    CodeList as _,
    cases::lifecycle::{Condition as Standing, LifecycleAct},
    identification::{Condition, IdentificationAct, Step},
    referrals::{Actor, Guard, ReferralAct, TRANSITIONS, Transition},
    transnational,
    vocabulary::TransnationalRequestStatus,
};
use serde_json::Value;

use crate::support::{Operation, operations, resolved};

/// One link of the document.
struct Link {
    from: Operation,
    status: &'static str,
    name: &'static str,
    answer: &'static Value,
    value: &'static Value,
}

fn links() -> Vec<Link> {
    let mut all = Vec::new();
    for from in operations() {
        for (status, answer) in from.value["responses"].as_object().expect("answers") {
            for (name, value) in answer["links"].as_object().into_iter().flatten() {
                all.push(Link { from, status, name, answer, value });
            }
        }
    }
    all
}

impl Link {
    fn to(&self) -> Operation {
        Operation::named(self.value["operationId"].as_str().expect("an operationId"))
    }

    fn takes(&self, parameter: &str) -> bool {
        self.value["parameters"].get(parameter).is_some()
    }

    /// Whether a value is a constant, or an expression that names what the source documents.
    fn documents(&self, value: &Value) -> bool {
        let text = value.as_str().expect("a text");
        let Some(expression) = text.strip_prefix('$') else { return true };
        if let Some(pointer) = expression.strip_prefix("response.body#") {
            let content = self.answer["content"].as_object().expect("a body");
            return content.values().any(|it| member(&it["schema"], pointer).is_some());
        }
        if let Some(header) = expression.strip_prefix("response.header.") {
            return self.answer["headers"].get(header).is_some();
        }
        let asked = expression.strip_prefix("request.").expect("an expression");
        has_parameter(self.from, asked)
    }
}

/// The schema of the member at a pointer.
fn member(schema: &'static Value, pointer: &str) -> Option<&'static Value> {
    let Some(rest) = pointer.strip_prefix('/') else { return Some(schema) };
    let (step, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let schema = resolved(schema);
    let inner =
        if step.parse::<usize>().is_ok() { schema.get("items") } else { schema["properties"].get(step) };
    member(inner?, rest)
}

fn has_parameter(operation: Operation, name: &str) -> bool {
    let named = |it: &Value| {
        format!("{}.{}", it["in"].as_str().unwrap_or_default(), it["name"].as_str().unwrap_or_default())
    };
    operation.parameters().into_iter().any(|it| named(it) == name)
}

#[test]
fn every_link_names_what_is_there() {
    let all = links();
    assert!(all.len() > 60, "{} links", all.len());
    for link in all {
        let (to, at) = (link.to(), format!("{} {} {}", link.from.id, link.status, link.name));
        for (name, value) in link.value["parameters"].as_object().into_iter().flatten() {
            assert!(has_parameter(to, name), "{at}: {} takes no {name}", to.id);
            assert!(link.documents(value), "{at}: {value} is not documented");
        }
        for (name, value) in link.value["requestBody"].as_object().into_iter().flatten() {
            let (_, schema) = to.body().expect("a body");
            assert!(member(schema, &format!("/{name}")).is_some(), "{at}: {} takes no {name}", to.id);
            assert!(link.documents(value), "{at}: {value} is not documented");
        }
        for it in to.parameters().iter().filter(|it| it["in"] == "path") {
            let name = format!("path.{}", it["name"].as_str().expect("a name"));
            assert!(link.takes(&name), "{at} lacks {name}");
        }
    }
}

#[test]
fn whatever_has_an_id_is_reached_by_a_link() {
    let reached: BTreeSet<&str> = links().iter().map(|it| it.to().id).collect();
    let with_id = operations().into_iter().filter(|it| it.path.contains('{'));
    let missed: Vec<&str> = with_id.map(|it| it.id).filter(|it| !reached.contains(it)).collect();
    assert!(missed.is_empty(), "no link leads to {missed:?}");
}

/// The rows of an act of one side, or of both.
fn rows(act: ReferralAct) -> Vec<&'static Transition> {
    TRANSITIONS.iter().filter(|it| it.act == act && it.actor != Actor::Mechanism).collect()
}

/// Whether an act, in every status to which another leads, can be done.
fn follows(act: ReferralAct, before: ReferralAct) -> bool {
    let reached = |it: &Transition| it.to.map_or_else(|| it.from.to_vec(), |to| vec![to]);
    let reached: Vec<_> = rows(before).into_iter().flat_map(reached).collect();
    let holds = |guard| match guard {
        Guard::None | Guard::MayRefuse => true,
        Guard::ViewMissing => before != ReferralAct::RecordChildView,
        Guard::RerouteProposed => before == ReferralAct::ProposeReroute,
        Guard::FeedbackOwed => [ReferralAct::Complete, ReferralAct::Interrupt].contains(&before),
    };
    rows(act).into_iter().any(|row| holds(row.guard) && reached.iter().all(|it| row.from.contains(it)))
}

/// Whether an act on an identification, in every status to which another leads, can be done.
fn decides(act: IdentificationAct, before: IdentificationAct) -> bool {
    let reached = |it: &Step| it.to.map_or_else(|| it.from.to_vec(), |to| vec![to]);
    let reached: Vec<_> = before.rows().flat_map(reached).collect();
    let proposed = before == IdentificationAct::ProposeNegative;
    let holds = |condition| match condition {
        Condition::None | Condition::FormalStatus => true,
        Condition::Proposed => proposed,
        Condition::NotProposed => !proposed,
        Condition::NoFormalStatus | Condition::Owed | Condition::NotNoted => false,
    };
    act.rows().any(|row| holds(row.condition) && reached.iter().all(|it| row.from.contains(it)))
}

#[test]
fn links_between_acts_on_an_identification_are_its_state_machine() {
    let all = links();
    let mut count = 0;
    for before in IdentificationAct::ALL.iter().copied() {
        for act in IdentificationAct::ALL.iter().copied() {
            let (Some(from), Some(to)) = (before.operation(), act.operation()) else { continue };
            let found = all.iter().any(|it| it.from.id == from && it.to().id == to);
            assert_eq!(found, decides(act, before), "{from} to {to}");
            count += usize::from(found);
        }
    }
    assert!(count > 15, "{count} links");
}

#[test]
fn links_between_acts_are_the_state_machine() {
    let all = links();
    let one_sided = |act: ReferralAct| rows(act).first().is_some_and(|it| it.actor != Actor::Either);
    let mut count = 0;
    for before in ReferralAct::ALL.iter().copied().filter(|it| one_sided(*it)) {
        for act in ReferralAct::ALL.iter().copied() {
            let (Some(from), Some(to)) = (before.operation(), act.operation()) else { continue };
            let found = all.iter().find(|it| it.from.id == from && it.to().id == to);
            assert_eq!(found.is_some(), follows(act, before), "{from} to {to}");
            if let Some(link) = found {
                count += 1;
                // Each side has an ETag of its own.
                let same = rows(act)[0].actor == rows(before)[0].actor;
                assert_eq!(link.takes("header.If-Match"), same, "{from} to {to}");
            }
        }
    }
    assert!(count > 30, "{count} links");
}

/// Whether an act on the life of a case, in every status to which another leads, can be done.
fn lives(act: LifecycleAct, before: LifecycleAct) -> bool {
    use LifecycleAct as A;
    let reached: Vec<_> =
        before.rows().flat_map(|it| if it.to.is_empty() { it.from } else { it.to }).copied().collect();
    let missing =
        [A::ReportMissing, A::RecordPoliceNotified, A::RecordAlert, A::RecordLongTerm].contains(&before);
    let holds = |condition| match condition {
        Standing::None | Standing::ChildThere | Standing::NothingSent => true,
        Standing::ChildMissing => missing,
        Standing::PoliceNotTold => before == A::ReportMissing,
        Standing::PoliceTold => missing,
        Standing::NotLongTerm => [A::RecordPoliceNotified, A::RecordAlert].contains(&before),
        Standing::LongTerm => before == A::RecordLongTerm,
        Standing::InterviewOwed => before == A::RecordFound,
        Standing::ToAnotherCountry => before == A::ProposeHandover,
        Standing::Inside => false,
    };
    act.rows().any(|row| holds(row.condition) && reached.iter().all(|it| row.from.contains(it)))
}

#[test]
fn links_between_acts_on_the_life_of_a_case_are_its_state_machine() {
    let all = links();
    let mut count = 0;
    for before in LifecycleAct::ALL.iter().copied() {
        for act in LifecycleAct::ALL.iter().copied() {
            let (from, to) = (before.operation(), act.operation());
            let found = all.iter().any(|it| it.from.id == from && it.to().id == to);
            assert_eq!(found, lives(act, before), "{from} to {to}");
            count += usize::from(found);
        }
    }
    assert!(count > 30, "{count} links");
}

/// The rows of an act on a request that one side alone does.
fn asked(act: transnational::RequestAct) -> Vec<&'static transnational::Transition> {
    let rows: Vec<_> = transnational::TRANSITIONS.iter().filter(|it| it.act == act).collect();
    let one = rows.iter().all(|it| it.side == rows[0].side);
    if one { rows } else { Vec::new() }
}

/// Whether an act on a request for a move of a child, in every status to which another leads, can be done.
fn goes_on(act: transnational::RequestAct, before: transnational::RequestAct) -> bool {
    use TransnationalRequestStatus as S;
    use transnational::{Guard as G, RequestAct as A};
    let reached = asked(before).into_iter().flat_map(|it| if it.to.is_empty() { it.from } else { it.to });
    let reached: Vec<_> = reached.copied().collect();
    let holds = |guard| match guard {
        G::None | G::MovesChild => true,
        G::PlanWaits => before == A::ProposePlan,
        G::PlanKnown => [A::ProposePlan, A::ConfirmPlan].contains(&before),
        G::PlanAgreed => before == A::ConfirmPlan,
        G::NoCase => [A::ApproveSend, A::SendDirect].contains(&before),
        _ => false,
    };
    asked(act).into_iter().any(|row| {
        let there = |it: &S| match (row.side, it) {
            (transnational::Side::Requested, S::Sent) => S::Delivered,
            _ => *it,
        };
        holds(row.guard) && reached.iter().all(|it| row.from.contains(&there(it)))
    })
}

#[test]
fn links_between_acts_on_a_request_abroad_are_its_state_machine() {
    use transnational::RequestAct as A;
    let all = links();
    let doers = || A::ALL.iter().copied().filter(|it| !asked(*it).is_empty());
    let mut pairs = std::collections::BTreeMap::new();
    for (before, act) in doers().flat_map(|before| doers().map(move |act| (before, act))) {
        let (Some(from), Some(to)) = (before.operation(), act.operation()) else { continue };
        // One operation does two acts, by the state.
        *pairs.entry((from, to)).or_insert(false) |= goes_on(act, before);
    }
    for ((from, to), wanted) in &pairs {
        let found = all.iter().any(|it| it.from.id == *from && it.to().id == *to);
        assert_eq!(found, *wanted, "{from} to {to}");
    }
    let count = pairs.values().filter(|it| **it).count();
    assert!(count > 30, "{count} links");
    for (from, to) in [
        ("submitTransnationalRequest", "approveTransnationalRequest"),
        ("approveTransnationalRequest", "acknowledgeTransnationalRequest"),
        ("assessTransnationalRequest", "acceptTransnationalRequest"),
        ("closeTransnationalRequest", "acknowledgeTransnationalNotice"),
    ] {
        assert!(all.iter().any(|it| it.from.id == from && it.to().id == to), "{from} to {to}");
    }
}
