//! What can be done after an act: the state machines as links. An act is linked where it is possible in every state to
//! which the one before can have led.

use domain::{
    CodeList as _,
    cases::lifecycle::{self, LifecycleAct},
    identification::{Condition, Doer, IdentificationAct, Step},
    referrals::{Actor, Guard, ReferralAct, ReferralSide},
    vocabulary::{CaseStatus, IdentificationStatus, ReferralStatus},
};

use super::{ETAG, Link};

/// What the state machine of referrals allows after each act.
pub(super) fn of_referrals() -> Vec<Link> {
    let mut all = acts_from("createReferral", "201", &[ReferralStatus::Draft], None);
    for act in ReferralAct::ALL.iter().copied() {
        let Some(operation) = act.operation().filter(|_| side_of(act).is_some()) else { continue };
        let reached: Vec<_> =
            act.rows().flat_map(|it| it.to.map_or_else(|| it.from.to_vec(), |to| vec![to])).collect();
        all.extend(acts_from(operation, "200", &reached, Some(act)));
    }
    all
}

/// The side that does an act on the state; none where either may, or the mechanism does.
fn side_of(act: ReferralAct) -> Option<ReferralSide> {
    act.rows().find_map(|it| match it.actor {
        Actor::Side(side) => Some(side),
        Actor::Either | Actor::Mechanism => None,
    })
}

/// Whether what a row demands beside the state can hold after an act; none is the drafting.
fn can_hold(guard: Guard, after: Option<ReferralAct>) -> bool {
    match guard {
        Guard::None | Guard::MayRefuse => true,
        Guard::RerouteProposed => after == Some(ReferralAct::ProposeReroute),
        Guard::ViewMissing => after != Some(ReferralAct::RecordChildView),
        Guard::FeedbackOwed => matches!(after, Some(ReferralAct::Complete | ReferralAct::Interrupt)),
    }
}

/// The acts that are possible in every status to which an act can have led.
fn acts_from(
    from: &str,
    code: &'static str,
    reached: &[ReferralStatus],
    after: Option<ReferralAct>,
) -> Vec<Link> {
    let by = after.map_or(Some(ReferralSide::Sender), side_of);
    let link = |act: ReferralAct| {
        let mut rows = act.rows().filter(|it| it.actor != Actor::Mechanism && can_hold(it.guard, after));
        let row = rows.find(|row| reached.iter().all(|it| row.from.contains(it)))?;
        let mut values = vec![("path.id".to_owned(), "$response.body#/id".to_owned())];
        let mut about = format!("For the {}", row.actor);
        match side_of(act) {
            None => {}
            // Each side sees its own part of a referral, under an `ETag` of its own.
            side if side == by => values.push(("header.If-Match".to_owned(), ETAG.to_owned())),
            Some(_) => about.push_str(", with the `ETag` of its own reading"),
        }
        Some(Link { about: Some(about + "."), ..Link::new(from, code, act.operation()?, values) })
    };
    ReferralAct::ALL.iter().copied().filter_map(link).collect()
}

/// What the state machine of identification allows after each act.
pub(super) fn of_identification() -> Vec<Link> {
    let case = ("createCase", "201", "$response.body#/id");
    let mut all = steps_from(case, &[IdentificationStatus::Screening], None);
    for act in IdentificationAct::ALL.iter().copied() {
        let Some(operation) = act.operation() else { continue };
        let reached: Vec<_> =
            act.rows().flat_map(|it| it.to.map_or_else(|| it.from.to_vec(), |to| vec![to])).collect();
        all.extend(steps_from((operation, "200", "$request.path.id"), &reached, Some(act)));
    }
    all
}

/// Whether what a row demands beside the state can hold after an act, whichever the country; none is the intake.
fn can_be(condition: Condition, after: Option<IdentificationAct>) -> bool {
    let proposed = after == Some(IdentificationAct::ProposeNegative);
    match condition {
        Condition::None | Condition::FormalStatus => true,
        Condition::Proposed => proposed,
        Condition::NotProposed => !proposed,
        // What exists in few countries, what names a thing of its own, and what nobody calls.
        Condition::NoFormalStatus | Condition::Owed | Condition::NotNoted => false,
    }
}

/// The acts that are possible in every status to which an answer's act can have led.
fn steps_from(
    (from, code, id): (&str, &'static str, &str),
    reached: &[IdentificationStatus],
    after: Option<IdentificationAct>,
) -> Vec<Link> {
    let by = after.and_then(|it| it.rows().next()).map(|it| it.doer);
    let link = |act: IdentificationAct| {
        let fits =
            |row: &&Step| can_be(row.condition, after) && reached.iter().all(|it| row.from.contains(it));
        let row = act.rows().find(fits)?;
        let mut values = vec![("path.id".to_owned(), id.to_owned())];
        // What was read in another role has an `ETag` of its own.
        let about = if by.is_none_or(|it| it == row.doer) {
            values.push(("header.If-Match".to_owned(), ETAG.to_owned()));
            format!("For {}.", who(row.doer))
        } else {
            format!("For {}, with the `ETag` of its own reading.", who(row.doer))
        };
        Some(Link { about: Some(about), ..Link::new(from, code, act.operation()?, values) })
    };
    IdentificationAct::ALL.iter().copied().filter_map(link).collect()
}

fn who(doer: Doer) -> &'static str {
    match doer {
        Doer::Presumer => "an agency that may presume",
        Doer::NoticeReceiver => "an agency that may presume, or the focal point",
        Doer::Decider => "an identification officer of an agency that may decide",
        Doer::SecondDecider => "an identification officer of another agency that may confirm",
        Doer::Participant => "whoever takes part in the case",
        Doer::Own => "the agency that leads or opened the case",
        Doer::Mechanism => "the mechanism",
    }
}

/// What the state machine of cases allows after each act, and after the intake.
pub(super) fn of_cases() -> Vec<Link> {
    let case = ("createCase", "201", "$response.body#/id");
    let mut all = life_from(case, &[CaseStatus::Intake], None);
    for act in LifecycleAct::ALL.iter().copied() {
        let reached: Vec<_> =
            act.rows().flat_map(|it| if it.to.is_empty() { it.from } else { it.to }).copied().collect();
        all.extend(life_from((act.operation(), "200", "$response.body#/caseId"), &reached, Some(act)));
    }
    all
}

/// Whether what a row demands beside the state can hold after an act; none is the intake.
fn can_stand(row: &lifecycle::Step, after: Option<LifecycleAct>) -> bool {
    use LifecycleAct as A;
    use lifecycle::Condition as C;
    let told = matches!(after, Some(A::RecordPoliceNotified | A::RecordAlert));
    match row.condition {
        C::None | C::ChildThere | C::NothingSent => true,
        C::ChildMissing => matches!(
            after,
            Some(A::ReportMissing | A::RecordPoliceNotified | A::RecordAlert | A::RecordLongTerm)
        ),
        C::PoliceNotTold => after == Some(A::ReportMissing),
        C::PoliceTold => told || matches!(after, Some(A::ReportMissing | A::RecordLongTerm)),
        C::NotLongTerm => told,
        C::LongTerm => after == Some(A::RecordLongTerm),
        C::InterviewOwed => after == Some(A::RecordFound),
        // What is proposed in the example goes abroad.
        C::ToAnotherCountry => after == Some(A::ProposeHandover),
        C::Inside => false,
    }
}

/// The acts that are possible in every status to which an answer's act can have led.
fn life_from(
    (from, code, id): (&str, &'static str, &str),
    reached: &[CaseStatus],
    after: Option<LifecycleAct>,
) -> Vec<Link> {
    let by = after.and_then(|it| it.rows().next()).map(|it| it.doer);
    let link = |act: LifecycleAct| {
        let fits =
            |row: &&lifecycle::Step| can_stand(row, after) && reached.iter().all(|it| row.from.contains(it));
        let row = act.rows().find(fits)?;
        let mut values = vec![("path.id".to_owned(), id.to_owned())];
        // What was read in another role has an `ETag` of its own.
        let about = if by == Some(row.doer) {
            values.push(("header.If-Match".to_owned(), ETAG.to_owned()));
            format!("For {}.", doer(row.doer))
        } else {
            format!("For {}, with the `ETag` of its own reading.", doer(row.doer))
        };
        Some(Link { about: Some(about), ..Link::new(from, code, act.operation(), values) })
    };
    LifecycleAct::ALL.iter().copied().filter_map(link).collect()
}

fn doer(it: lifecycle::Doer) -> &'static str {
    use lifecycle::Doer as D;
    match it {
        D::Manager => "a case manager of the agency that leads",
        D::Lead => "a case manager or supervisor of the agency that leads",
        D::Supervisor => "a supervisor of the agency that leads",
        D::LeadOrReporter => "a case manager or supervisor of the agency that leads, or whoever reported it",
        D::Participant => "whoever takes part in the case",
        D::Receiver => "whoever is asked to take the case over",
        D::Own => "somebody with a case role in an agency that leads or opened the case",
    }
}
