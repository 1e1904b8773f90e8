//! The ladder of escalation (N11, R85): who is told when nothing is done, exactly once per rung.

use serde_json::json;

use super::Deadline;
use crate::{
    AgencyId, Timestamp,
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    vocabulary::{Role, Urgency},
};

/// The rung on which the national coordinator is told; above it nobody is left to tell.
pub const COORDINATOR_RUNG: u8 = 2;

/// The agencies of the country that are told beside the two sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// The national coordinator.
    pub coordinator: Option<AgencyId>,
    /// The child-protection agency with its duty desk.
    pub duty_desk: Option<AgencyId>,
}

/// Who is told: an agency, and inside it whoever has the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The agency.
    pub agency: AgencyId,
    /// The role.
    pub role: Role,
}

/// What happens next to a deadline that nobody met.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Somebody is told.
    Escalate {
        /// The rung.
        rung: u8,
        /// Who is told.
        told: Vec<Told>,
        /// When the next step is taken.
        next_step_at: Option<Timestamp>,
        /// What the log says of it.
        fact: Fact,
    },
    /// What it belongs to expires.
    Expire,
}

/// The step that is due now, if the deadline is open and one is due. A profile that sets no times for the urgency tells
/// the coordinator at once: silence is never the answer to a gap in the data.
pub fn step(deadline: &Deadline, country: &CountryEntry, to: Recipients, now: Timestamp) -> Option<Step> {
    let due = deadline.next_step_at.filter(|it| *it <= now && deadline.closed.is_none())?;
    let duty = &deadline.duty;
    if deadline.rung >= COORDINATOR_RUNG {
        return Some(Step::Expire);
    }
    let rung = deadline.rung + 1;
    let times = country.profile.times(duty.urgency);
    let after = |span| country.working_time().map(|it| it.limit(due, span).at);
    let (told, next_step_at) = if rung < COORDINATOR_RUNG {
        let supervisor = Told { agency: duty.answers_to, role: Role::Supervisor };
        let desk = to.duty_desk.filter(|_| duty.urgency == Urgency::Immediate);
        let desk = desk.map(|agency| Told { agency, role: Role::DutyOfficer });
        let next = times.and_then(|it| after(it.escalate)).unwrap_or(now);
        (std::iter::once(supervisor).chain(desk).collect(), Some(next))
    } else {
        // A country without a coordinator: the sender's supervisor is told again rather than nobody.
        let agency = to.coordinator.unwrap_or(duty.answers_to);
        let expires = duty.kind.row().expires && duty.subject == SubjectKind::Referral;
        let next = times.and_then(|it| after(it.expire)).filter(|_| expires);
        (vec![Told { agency, role: Role::Supervisor }], next)
    };
    let fact = escalated(deadline, rung, &told);
    Some(Step::Escalate { rung, told, next_step_at, fact })
}

/// What the log says of a rung.
pub fn escalated(deadline: &Deadline, rung: u8, told: &[Told]) -> Fact {
    let duty = &deadline.duty;
    let mut audience = vec![duty.owner];
    audience.extend(duty.watcher);
    audience.push(duty.answers_to);
    audience.extend(told.iter().map(|it| it.agency));
    audience.sort_unstable();
    audience.dedup();
    Fact {
        event: EventType::DeadlineEscalated,
        subject: SubjectKind::Deadline,
        subject_id: deadline.id.0,
        version: i32::from(rung),
        case: duty.case,
        audience,
        payload: json!({
            "duty": duty.kind,
            "rung": rung,
            "dueAt": duty.due_at,
            "agencyId": duty.owner,
            "told": told.iter().map(|it| json!({ "agencyId": it.agency, "role": it.role })).collect::<Vec<_>>(),
            "about": duty.subject,
            "aboutId": duty.subject_id,
        }),
    }
}
