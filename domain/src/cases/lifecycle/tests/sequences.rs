//! Random acts by random callers: the status never leaves the diagram, nothing is done in silence, whoever owes is booked, and
//! two people close a case.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    process::{PROCESS, Story, done_by, letter, possible},
    *,
};
use crate::{CodeList, Version, cases::Identity, cases::lifecycle::LifecycleAct as A};

#[derive(Clone, Debug)]
struct Wish {
    act: A,
    who: (u128, AgencyType),
    role: Role,
    /// Whether what is written is whole.
    good: bool,
    /// A choice that the act may have.
    other: bool,
    hours: i64,
}

const AGENCIES: &[(u128, AgencyType)] = &[
    (LEAD, AgencyType::ChildProtection),
    (LEAD, AgencyType::ChildProtection),
    (OPENER, AgencyType::Police),
    (NEXT, AgencyType::MunicipalSocial),
    (NEXT, AgencyType::MunicipalSocial),
    (SHELTER, AgencyType::Shelter),
    (FOCAL, AgencyType::CrossborderFocalPoint),
];

const ROLES: &[Role] = &[
    Role::CaseManager,
    Role::CaseManager,
    Role::Supervisor,
    Role::Supervisor,
    Role::Screener,
    Role::Reporter,
];

/// The doer that the description names first, so that chains come far.
fn fitting(act: A) -> Role {
    match act {
        A::ApproveClosure | A::ReturnClosure | A::Merge | A::MarkErroneous => Role::Supervisor,
        _ => Role::CaseManager,
    }
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let who = prop::sample::select(AGENCIES);
    let flags = (prop::bool::weighted(0.85), prop::bool::ANY, prop::bool::weighted(0.6));
    // The acts that end a case come seldom, or no chain lives long.
    let act = prop::sample::select(A::ALL).prop_flat_map(|it| {
        let ends = matches!(it, A::Merge | A::MarkErroneous);
        (Just(it), prop::bool::weighted(if ends { 0.1 } else { 1.0 }))
    });
    (act, who, prop::sample::select(ROLES), flags, 0..30_i64).prop_map(
        |((act, wanted), who, role, (good, other, apt), hours)| {
            let act = if wanted { act } else { A::ReportMissing };
            Wish { act, who, role: if apt { fitting(act) } else { role }, good, other, hours }
        },
    )
}

fn done(case: &Case, wish: &Wish, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
    let words = "as it was".to_owned();
    match wish.act {
        A::OpenForProtection => case.open_for_protection(&OpenForProtection { reasons: words }, at),
        A::ReportMissing => {
            let police = match (wish.good, wish.other) {
                (false, _) => ToldPolice::default(),
                (true, true) => ToldPolice { at: Some(at.now), ..ToldPolice::default() },
                (true, false) => ToldPolice { not_yet: Some(words), ..ToldPolice::default() },
            };
            case.report_missing(&ReportMissing { last_seen_at: at.now, police, ..reporting() }, at)
        }
        A::RecordPoliceNotified => {
            let told = if wish.good { at.now } else { at.now.plus(time::Duration::hours(1)) };
            case.record_police_notified(&ToldPolice { at: Some(told), ..ToldPolice::default() }, at)
        }
        A::RecordAlert => {
            let alert = RecordAlert { kinds: vec![AlertKind::Sis], at: at.now, reference: None };
            case.record_alert(&alert, at)
        }
        A::RecordLongTerm => case.record_long_term("a month", at),
        A::RecordFound => {
            let when = if wish.good { at.now } else { at.now.plus(time::Duration::hours(1)) };
            let outcome = if wish.other { FoundOutcome::FoundSafe } else { FoundOutcome::FoundExploited };
            case.record_found(&found(outcome, when), at)
        }
        A::RecordReturnInterview => {
            let talk = RecordReturnInterview { independent: wish.good, ..talked(at.now) };
            case.record_return_interview(&talk, at)
        }
        A::ProposeHandover => {
            let mut to = abroad();
            if !wish.good {
                to.consent.answer = ConsentAnswer::NoAnswer;
            }
            to.moves_on = Day(at.now.plus(time::Duration::days(3)).date());
            case.propose_handover(&if wish.other && wish.good { inside() } else { going(to) }, at)
        }
        A::ConfirmHandover => {
            let mut arrival = Arrival { writing: Some(written(at.now)), ..arrived() };
            if !wish.good {
                arrival.confirmed.pop();
            }
            case.confirm_handover(&arrival, at)
        }
        A::RefuseHandover => case.refuse_handover("no place", at),
        A::WithdrawHandover => case.withdraw_handover("he stays", at),
        A::RequestClosure => {
            let reason = match at.course.missing() {
                Some(_) => ClosureReason::UntraceableAfterProtocol,
                None => ClosureReason::DurableSolutionImplemented,
            };
            let attested = if wish.good { everything() } else { Vec::new() };
            case.request_closure(&ClosureRequest { attested, ..asking(reason) }, at)
        }
        A::ApproveClosure => case.approve_closure(at),
        A::ReturnClosure => case.return_closure(&ReturnClosure { reasons: words }, at),
        A::Reopen => case.reopen(&again(ReopenReason::Retrafficking), &Identity::default(), at),
        A::Merge => {
            let other = Case { id: id(200), status: S::Open, lead: at.by.agency, ..case.clone() };
            let child = Identity::default();
            let proof = Proof {
                same_record: false,
                confirmed_match: false,
                two_children: false,
                this: &child,
                other: &child,
            };
            let evidence =
                if wish.good { DuplicateEvidence::SameDocument } else { DuplicateEvidence::SimilarData };
            case.merge(&Merge { evidence: vec![evidence], reasons: words }, &other, &proof, at)
        }
        A::MarkErroneous => case.mark_erroneous(&MarkErroneous { reasons: words }, at),
    }
}

/// What the feed may say of an act, as it is read in every role.
const TOLD: &[&str] = &["from", "status"];

/// Keeps the books of open duties, with who owes each.
fn booked(books: &mut BTreeMap<DutyKind, AgencyId>, decided: &Decided<Moved>) -> Result<(), TestCaseError> {
    for change in &decided.deadlines {
        match change {
            Change::Opened(duty) => {
                prop_assert!(books.insert(duty.kind, duty.owner).is_none(), "{} is opened twice", duty.kind);
            }
            Change::Closed { kind, .. } => {
                prop_assert!(books.remove(kind).is_some(), "{} ends and is not open", kind);
            }
            Change::HandedOver { from, to, .. } => {
                books.values_mut().filter(|it| **it == *from).for_each(|it| *it = *to);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
    Ok(())
}

fn told(story: &mut Story, wish: &Wish, after: &Moved) {
    match wish.act {
        A::ReportMissing => {
            story.missing =
                Some(if wish.other { MissingStatus::PoliceNotified } else { MissingStatus::Reported });
            story.reporter = wish.who.0;
            (story.untalked, story.to) = (false, None);
        }
        A::RecordPoliceNotified => story.missing = Some(MissingStatus::PoliceNotified),
        A::RecordAlert if story.missing != Some(MissingStatus::LongTerm) => {
            story.missing = Some(MissingStatus::Alerted);
        }
        A::RecordLongTerm => story.missing = Some(MissingStatus::LongTerm),
        A::RecordFound => (story.missing, story.untalked) = (None, true),
        A::RecordReturnInterview => story.untalked = false,
        A::ProposeHandover => story.to = Some((wish.other && wish.good).then_some(NEXT)),
        A::ConfirmHandover => {
            if let Some(Some(to)) = story.to {
                story.lead = to;
            }
            story.to = None;
        }
        A::RefuseHandover | A::WithdrawHandover => story.to = None,
        A::Reopen => story.reopened = true,
        _ => {}
    }
    assert_eq!(after.case.lead, id(story.lead), "the lead changes by a confirmed handover only");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn no_sequence_of_acts_leaves_the_diagram(
        presumed in prop::bool::ANY,
        sent in prop::bool::weighted(0.3),
        wishes in prop::collection::vec(any_wish(), 1..60),
    ) {
        let mut world = World::new();
        world.referred.ever_sent = sent;
        let mut case = case();
        let mut story = Story { lead: LEAD, ..Story::default() };
        case.identification.strong_indicator = true;
        if presumed {
            case.status = S::Open;
            case.identification.status = IdentificationStatus::PresumedVictim;
        }
        let owed = case.duties_owed();
        prop_assert_eq!(owed.len(), usize::from(!presumed), "somebody must act on a strong indicator");
        let mut books: BTreeMap<_, _> = owed.into_iter().map(|it| (it, case.opened_by)).collect();
        for wish in wishes {
            world.now = world.now.plus(time::Duration::hours(wish.hours));
            let by = person(wish.who.0, wish.who.1, wish.role);
            let requester = world.course.request().and_then(|it| it.professional);
            let setting = world.setting(&by);
            // Whoever leads or opened it, by the case as it is.
            let setting = Setting { own: case.own_relation(&by).is_some(), ..setting };
            let to = possible(wish.act, case.status, sent, &story);
            let who = PROCESS.iter().find(|it| it.0 == wish.act).expect("described").1;
            let mine = done_by(who, &by, &story);
            let (allowed, blocked) = case.lifecycle_actions(&setting);
            prop_assert_eq!(allowed.len() + blocked.len(), A::ALL.len(), "offered or explained");
            if allowed.contains(&wish.act) {
                prop_assert!(mine && to.is_some(), "offered: {:?} in {}", wish, case.status);
            }
            match done(&case, &wish, &setting) {
                Ok(decided) => {
                    prop_assert!(mine && to.is_some(), "done: {:?} in {}", wish, case.status);
                    let after = &decided.value;
                    let to = to.expect("possible");
                    if to.is_empty() {
                        prop_assert_eq!(after.case.status, case.status);
                    } else {
                        prop_assert!(to.contains(letter(after.case.status)), "{:?} to {}", wish, after.case.status);
                    }
                    if wish.act == A::ApproveClosure {
                        prop_assert!(requester.is_some() && requester != by.professional, "two people");
                    }
                    booked(&mut books, &decided)?;
                    prop_assert_eq!(after.case.version, Version(case.version.0 + 1));
                    prop_assert_eq!((after.entry.from, after.entry.to), (case.status, after.case.status));
                    prop_assert!(!decided.facts.is_empty(), "no change without its fact");
                    for fact in &decided.facts {
                        let mut payload = fact.payload.clone();
                        let given = crate::events::Given::taken_from(&mut payload);
                        prop_assert_eq!(given.is_some(), after.case.lead != case.lead, "a new lead is given the file");
                        for member in payload.as_object().into_iter().flat_map(|it| it.keys()) {
                            prop_assert!(TOLD.contains(&member.as_str()), "{member} is told to every role");
                        }
                        prop_assert!(fact.audience.contains(&by.agency), "whoever acts knows of it");
                    }
                    let moved = after.clone();
                    world.follow(&moved);
                    told(&mut story, &wish, &moved);
                    case = moved.case;
                    let open: Vec<_> = books.keys().copied().collect();
                    let mut owed = crate::cases::lifecycle::duties::owed(&case, &world.course);
                    owed.sort_unstable();
                    prop_assert_eq!(open, owed, "what is owed is what is on the books");
                    if !case.is_live() {
                        prop_assert!(books.is_empty(), "nothing is owed in a case that has ended");
                    }
                    let reopened_works = !matches!(case.status, S::Open) || !story.reopened;
                    prop_assert!(reopened_works, "a reopened case stays one");
                    let away = matches!(case.status, S::OpenChildMissing);
                    prop_assert!(!away || story.missing.is_some(), "missing with an episode");
                }
                Err(Refused::NotYours(_)) => prop_assert!(!mine, "not theirs: {:?}", wish),
                Err(Refused::WrongState(_)) => {
                    prop_assert!(mine && to.is_none(), "state: {:?} in {}", wish, case.status);
                }
                Err(Refused::Broken(all)) => {
                    prop_assert!(mine && to.is_some() && !all.is_empty(), "{:?}", wish);
                }
            }
        }
    }
}

/// Every act in every state by every doer, against the description: allowed where it says so and refused elsewhere.
#[test]
fn each_act_exists_where_the_description_says_so_and_nowhere_else() {
    let stories = [
        (None, false, None),
        (Some(MissingStatus::Reported), false, None),
        (Some(MissingStatus::Alerted), false, None),
        (Some(MissingStatus::LongTerm), false, None),
        (None, true, None),
        (None, false, Some(Some(NEXT))),
        (None, false, Some(None)),
    ];
    let (mut allowed, mut refused) = (0, 0);
    for (missing, untalked, to) in stories {
        let story = Story { lead: LEAD, missing, reporter: SHELTER, untalked, to, reopened: false };
        for sent in [false, true] {
            let mut world = World::new();
            world.referred.ever_sent = sent;
            let status = missing.or(untalked.then_some(MissingStatus::FoundSafe));
            world.course.episodes.extend(status.map(|status| MissingEpisode {
                id: id(300),
                case: id(100),
                status,
                agency: id(SHELTER),
                reported_at: now(),
                last_seen_at: now(),
                police_at: None,
                found_at: None,
                interviewed_at: None,
            }));
            let to =
                to.map(|it| it.map_or(Destination::Country(country("FI")), |it| Destination::Agency(id(it))));
            world.course.handovers.extend(to.map(|to| Handover {
                id: id(301),
                case: id(100),
                status: HandoverStatus::Proposed,
                from: id(LEAD),
                to,
                proposed_at: now(),
                ended_at: None,
            }));
            for status in S::ALL {
                let case = at(*status);
                for (number, kind) in AGENCIES {
                    for role in ROLES {
                        let by = person(*number, *kind, *role);
                        let setting = world.setting(&by);
                        for act in A::ALL {
                            let who = PROCESS.iter().find(|it| it.0 == *act).expect("described").1;
                            let lawful =
                                done_by(who, &by, &story) && possible(*act, *status, sent, &story).is_some();
                            let seen = setting.after(&case, *act);
                            assert_eq!(
                                seen.is_ok(),
                                lawful,
                                "{act} in {status} by {role} of {number}, {story:?}: {seen:?}"
                            );
                            *(if lawful { &mut allowed } else { &mut refused }) += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(allowed > 1000 && refused > allowed, "{allowed} {refused}");
}
