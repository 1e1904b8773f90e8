//! What can be done after an act on a request between countries, on either side. An act is linked where it is possible in
//! every state to which the one before can have led; what either side may do at any time is not.

use domain::{
    CodeList as _,
    transnational::{Doer, Guard, RequestAct, Side, Transition},
    vocabulary::TransnationalRequestStatus as Status,
};

use super::{ETAG, Link};

/// What the two state machines allow after each act, and after the drafting.
pub(super) fn of_requests() -> Vec<Link> {
    let drafted = (Side::Requesting, Doer::Author);
    let mut all = acts_from(("createTransnationalRequest", "201"), drafted, &[Status::Draft], None);
    for act in RequestAct::ALL.iter().copied() {
        let (Some(operation), Some(row)) = (act.operation(), row_of(act)) else { continue };
        let rows = act.rows(row.side);
        let reached: Vec<_> =
            rows.flat_map(|it| if it.to.is_empty() { it.from } else { it.to }).copied().collect();
        all.extend(acts_from((operation, "200"), (row.side, row.doer), &reached, Some(act)));
    }
    all
}

/// The first row of an act of one side; none of what both do.
fn row_of(act: RequestAct) -> Option<&'static Transition> {
    let first = |side| act.rows(side).next();
    match (first(Side::Requesting), first(Side::Requested)) {
        (Some(row), None) | (None, Some(row)) => Some(row),
        _ => None,
    }
}

/// Whether what a row demands beside the state holds after an act; none is the drafting.
fn can_hold(guard: Guard, after: Option<RequestAct>) -> bool {
    use RequestAct as A;
    match guard {
        // What is asked in the example moves a child.
        Guard::None | Guard::MovesChild => true,
        Guard::PlanWaits => after == Some(A::ProposePlan),
        Guard::PlanKnown => matches!(after, Some(A::ProposePlan | A::ConfirmPlan)),
        Guard::PlanAgreed => after == Some(A::ConfirmPlan),
        Guard::NoCase => matches!(after, Some(A::ApproveSend | A::SendDirect)),
        Guard::MovesNoChild
        | Guard::ReachesNobody
        | Guard::NotTurning
        | Guard::NotNoted
        | Guard::SuspendedHere
        | Guard::NotSuspendedHere
        | Guard::NoticeWaits => false,
    }
}

fn acts_from(
    (from, code): (&str, &'static str),
    by: (Side, Doer),
    reached: &[Status],
    after: Option<RequestAct>,
) -> Vec<Link> {
    let link = |act: RequestAct| {
        let side = row_of(act)?.side;
        // What is sent is delivered there.
        let there = |it: &Status| {
            if (side, *it) == (Side::Requested, Status::Sent) { Status::Delivered } else { *it }
        };
        let fits = |row: &&Transition| {
            can_hold(row.guard, after) && reached.iter().all(|it| row.from.contains(&there(it)))
        };
        let row = act.rows(side).find(fits)?;
        let mut values = vec![("path.id".to_owned(), "$response.body#/id".to_owned())];
        // The office and the agency of the case read it apart, and each side has a record of its own.
        let about = if by == (row.side, row.doer) {
            values.push(("header.If-Match".to_owned(), ETAG.to_owned()));
            format!("For {}.", who(row))
        } else {
            format!("For {}, with the `ETag` of its own reading.", who(row))
        };
        Some(Link { about: Some(about), ..Link::new(from, code, act.operation()?, values) })
    };
    RequestAct::ALL.iter().copied().filter_map(link).collect()
}

fn who(row: &Transition) -> String {
    let who = match row.doer {
        Doer::Author => "the agency of the case",
        Doer::Office => "the office",
        Doer::Either => "the agency of the case or the office",
        Doer::Mechanism => "the mechanism",
    };
    format!("{who} of the {} side", row.side)
}
