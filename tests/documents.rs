//! Documents that are made from the tables of the domain: the states, the duties with their ladder, the
//! rules. `UPDATE=1` writes them anew; otherwise they must say what the tables say, so that no row changes unseen.
#![expect(clippy::expect_used, reason = "without the documents a test should stop")]

use std::{env, fmt::Write as _, fs, path::Path};

use domain::{
    CodeList,
    cases::lifecycle::{self, CHECKLIST, Known, LifecycleAct},
    deadlines::DUTIES,
    identification::{Condition, Doer, IdentificationAct, STEPS, Step},
    referrals::{Guard, ReferralAct, TRANSITIONS, Transition},
    rules::RULES,
    transnational,
    vocabulary::{CaseStatus, IdentificationStatus, ReferralStatus, TransnationalRequestStatus},
};

/// Holds a document against what it should say, or writes it.
fn is_current(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, text).expect("writes the document");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    let differs = there.lines().zip(text.lines()).find(|(old, new)| old != new);
    assert!(there == text, "docs/{name} is of another table (UPDATE=1 writes it anew): {differs:?}");
}

/// A row of a state machine, in words.
struct Row {
    number: &'static str,
    act: (&'static str, &'static str),
    who: String,
    from: Vec<&'static str>,
    to: Vec<&'static str>,
    holds: &'static str,
    operation: Option<&'static str>,
}

impl Row {
    fn of_referral(it: &Transition) -> Self {
        Self {
            number: it.number,
            act: (it.act.code(), it.act.label()),
            who: it.actor.to_string(),
            from: it.from.iter().map(|it| it.code()).collect(),
            to: it.to.iter().map(|it| it.code()).collect(),
            holds: match it.guard {
                Guard::None => "",
                Guard::RerouteProposed => "the receiver has proposed it",
                Guard::MayRefuse => "no law obliges the receiver to accept (R84)",
                Guard::ViewMissing => "the child's view is missing",
                Guard::FeedbackOwed => "no feedback was given",
            },
            operation: it.act.operation(),
        }
    }

    fn of_identification(it: &Step) -> Self {
        Self {
            number: it.number,
            act: (it.act.code(), it.act.label()),
            who: match it.doer {
                Doer::Presumer => "who may presume",
                Doer::NoticeReceiver => "who may presume, or the focal point",
                Doer::Decider => "identification officer of who may decide",
                Doer::SecondDecider => "identification officer of who may confirm",
                Doer::Participant => "who takes part in the case",
                Doer::Own => "who leads or opened the case",
                Doer::Mechanism => "mechanism",
            }
            .to_owned(),
            from: it.from.iter().map(|it| it.code()).collect(),
            to: it.to.iter().map(|it| it.code()).collect(),
            holds: match it.condition {
                Condition::None => "",
                Condition::FormalStatus => "the country knows a formal status",
                Condition::NoFormalStatus => "the country knows no formal status",
                Condition::Proposed => "a negative decision is proposed",
                Condition::NotProposed => "no negative decision is proposed",
                Condition::Owed => "an entitlement is open",
                Condition::NotNoted => "it was not noted before",
            },
            operation: it.act.operation(),
        }
    }
}

impl Row {
    fn of_case(it: &lifecycle::Step) -> Self {
        use lifecycle::{Condition, Doer};
        Self {
            number: it.event,
            act: (it.act.code(), it.act.label()),
            who: match it.doer {
                Doer::Manager => "case manager of the lead",
                Doer::Lead => "case manager or supervisor of the lead",
                Doer::Supervisor => "supervisor of the lead",
                Doer::LeadOrReporter => "case manager or supervisor of the lead, or who reported it",
                Doer::Participant => "who takes part in the case",
                Doer::Receiver => "receiver, or focal point for another country",
                Doer::Own => "case role in the lead or the opener",
            }
            .to_owned(),
            from: it.from.iter().map(|it| it.code()).collect(),
            to: it.to.iter().map(|it| it.code()).collect(),
            holds: match it.condition {
                Condition::None => "",
                Condition::ChildThere => "the child is not missing",
                Condition::ChildMissing => "the child is missing",
                Condition::PoliceNotTold => "police were not told",
                Condition::PoliceTold => "police were told",
                Condition::NotLongTerm => "police were told, and it is not for long yet",
                Condition::LongTerm => "the child is missing for a long time",
                Condition::InterviewOwed => "nobody has talked with the child since",
                Condition::Inside => "to an agency of the country",
                Condition::ToAnotherCountry => "to another country",
                Condition::NothingSent => "no referral was ever sent",
            },
            operation: Some(it.act.operation()),
        }
    }
}

impl Row {
    fn of_request(it: &transnational::Transition) -> Self {
        use transnational::{Doer, Guard};
        let side = it.side.code();
        let who = match it.doer {
            Doer::Author => "agency of the case",
            Doer::Office => "office",
            Doer::Either => "agency of the case or office",
            Doer::Mechanism => "mechanism",
        };
        Self {
            number: it.number,
            act: (it.act.code(), it.act.label()),
            who: format!("{side}: {who}"),
            from: it.from.iter().map(|it| it.code()).collect(),
            to: it.to.iter().map(|it| it.code()).collect(),
            holds: match it.guard {
                Guard::None => "",
                Guard::MovesChild => "the type moves a child",
                Guard::MovesNoChild => "the type moves no child",
                Guard::PlanWaits => "a plan waits",
                Guard::PlanKnown => "a plan was proposed",
                Guard::PlanAgreed => "both sides have confirmed the same plan",
                Guard::ReachesNobody => {
                    "it could not be delivered, or nobody has answered, and no receipt came"
                }
                Guard::NotTurning => "it is not asked for already",
                Guard::NotNoted => "it was not noted",
                Guard::SuspendedHere => "this side has suspended it",
                Guard::NotSuspendedHere => "this side has not suspended it",
                Guard::NoticeWaits => "a notice waits",
                Guard::NoCase => "no case was opened for it here",
            },
            operation: it.act.operation(),
        }
    }
}

/// Diagram, table and meanings of a state machine.
fn machine<S: CodeList>(text: &mut String, start: &str, rows: &[Row], states: &[S]) {
    write!(text, "\n```mermaid\nstateDiagram-v2\n    [*] --> {start}\n").expect("writes");
    for it in rows {
        let holds = if it.holds.is_empty() { String::new() } else { format!(" [{}]", it.holds) };
        for from in &it.from {
            for to in &it.to {
                writeln!(text, "    {from} --> {to}: {} ({}){holds}", it.act.0, it.who).expect("writes");
            }
        }
    }
    for state in states {
        let state = state.code();
        if !rows.iter().any(|it| it.from.contains(&state) && it.to.iter().any(|to| *to != state)) {
            writeln!(text, "    {state} --> [*]").expect("writes");
        }
    }
    text.push_str("```\n\n| | act | who | from | to | if | operation |\n|---|---|---|---|---|---|---|\n");
    for Row { number, act, who, from, to, holds, operation } in rows {
        let operation = operation.map_or_else(|| "by itself".to_owned(), |id| format!("`{id}`"));
        let to = if to.is_empty() { "stays".to_owned() } else { to.join(" or ") };
        let from = from.join(", ");
        writeln!(text, "| {number} | {} | {who} | {from} | {to} | {holds} | {operation} |", act.1)
            .expect("writes");
    }
    text.push_str("\n| state | meaning |\n|---|---|\n");
    for it in states {
        writeln!(text, "| {} | {} |", it.code(), it.label()).expect("writes");
    }
}

#[test]
fn the_states() {
    let mut text = "# States

Made from the tables of the domain by `tests/documents.rs`; the numbers are those of the process descriptions. What
changes nothing of the state is in the tables only.

## A referral

From `domain/src/referrals/transitions.rs`.
"
    .to_owned();
    let rows: Vec<_> = TRANSITIONS.iter().map(Row::of_referral).collect();
    machine(&mut text, "draft", &rows, ReferralStatus::ALL);
    text.push_str(
        "
## The identification of a child

From `domain/src/identification/transitions.rs`. A concern and a screening lie before the case (I1, I2). Who may presume,
decide and confirm, and whether a country knows a formal status, is in its profile of the day.
",
    );
    let rows: Vec<_> = STEPS.iter().map(Row::of_identification).collect();
    machine(&mut text, "screening", &rows, IdentificationStatus::ALL);
    text.push_str(
        "
## The life of a case

From `domain/src/cases/lifecycle/transitions.rs`. The presumption or a review opens a case in `intake` as well. An act that leads back
leads to the state in which the case worked before: a reopened case stays `reopened`. From `closed`, `transferred`, `merged`
and `erroneous` on a case is read only; the first two can be reopened.
",
    );
    let rows: Vec<_> = lifecycle::STEPS.iter().map(Row::of_case).collect();
    machine(&mut text, "intake", &rows, CaseStatus::ALL);
    text.push_str(
        "
### The checklist of closing

From `domain/src/cases/lifecycle/checklist.rs` (R71). What is hard refuses, the rest warns.

| item | meaning | rule | hard | known by | not asked for |
|---|---|---|---|---|---|
",
    );
    for it in CHECKLIST {
        let known = match it.known {
            Known::LookedUp => "the node",
            Known::Attested => "who asks attests it",
            Known::AttestedWithViews => "who asks attests it, with the views",
        };
        let hard = if it.hard { "yes" } else { "" };
        let not_for: Vec<_> = it.not_for.iter().map(|it| it.code()).collect();
        let (code, label, rule) = (it.item.code(), it.item.label(), it.rule.code);
        writeln!(text, "| {code} | {label} | {rule} | {hard} | {known} | {} |", not_for.join(", "))
            .expect("writes");
    }
    text.push_str(
        "
## A request between countries

From `domain/src/transnational/transitions.rs`: one record per side, joined by messages, so that each state has one side that
moves it on. The requested side alone decides; a withdrawal after sending is asked for and answered by the decision that came
first. What reaches nobody is withdrawn at once and declared void: a country that hears of that first takes the request in no
more, one that has it answers the void like a withdrawal that is asked for, and a late receipt brings a request that is
`withdrawn` or `closed` by a void back to `delivered`, where it waits for that answer. `suspended_safety` lies over the state, which goes on where it stood.
",
    );
    let rows: Vec<_> = transnational::TRANSITIONS.iter().map(Row::of_request).collect();
    machine(&mut text, "draft", &rows, TransnationalRequestStatus::ALL);
    is_current("states.md", &text);
    for act in LifecycleAct::ALL {
        assert!(act.rows().next().is_some(), "{act} has no row");
    }
    for act in ReferralAct::ALL {
        assert!(act.rows().next().is_some(), "{act} has no row");
    }
    for act in IdentificationAct::ALL {
        assert!(act.rows().next().is_some(), "{act} has no row");
    }
}

#[test]
fn the_duties_and_their_ladder() {
    let mut text = "# Duties with a time limit

Made from `domain/src/deadlines/duties.rs` by `tests/documents.rs`. Each duty is a deadline from what begins it to what
fulfils it; `GET /v1/deadlines` lists them, `computedFrom` says how each instant came about. Limits are members of the
country profile (`GET /v1/countries/{code}`), counted as `domain/src/deadlines/working_time` says.

| duty | rule | begins when | owed by | limit | fulfilled by | expires |
|---|---|---|---|---|---|---|
"
    .to_owned();
    for it in DUTIES {
        let by: Vec<_> = it.fulfilled_by.iter().map(|it| format!("`{it}`")).collect();
        let (begins, owed_by, limit) = (it.begins, it.owed_by, it.limit);
        let expires = if it.expires { "yes" } else { "" };
        writeln!(
            text,
            "| {} | {} | {begins} | {owed_by} | {limit} | {} | {expires} |",
            it.kind,
            it.rule.code,
            by.join(", ")
        )
        .expect("writes");
    }
    text.push_str(
        "
## When nothing is done

| step | when | who is told |
|---|---|---|
| rung 1 | at the instant at which it is due; at once where that had passed before it began | the supervisor of the agency that stays responsible for the child; in danger (`immediate`) also the duty officer of child protection |
| rung 2 | `responseTimes.escalate` of the urgency after rung 1 | the national coordinator; where a country has none, that supervisor again |
| expiry | `responseTimes.expire` of the urgency after rung 2, for duties that expire | the referral is `expired`; its sender is responsible again, with the duty `next_step` |

For what a request between countries owes, the ladder has five steps (`domain/src/transnational/ladder.rs`): the officer; the
head of the office there and the own office; both coordinators; the contact of the European Judicial Network, or consulate
and International Social Service outside it; then `no_response` is noted and the requesting side plans for the child itself.

Each step is taken once, on whichever instance, in the transaction that records it (`deadline.escalated`,
`referral.expired`). Whoever was told finds it under `GET /v1/deadlines?scope=escalated` and in its feed.
",
    );
    is_current("deadlines.md", &text);
}

/// Rules that no operation of today can break, and what they wait for.
const WAITING: &[(&str, &str)] = &[
    (
        "R9",
        "nothing that is given, accepted or decided today can be put under a condition: an entitlement is recorded \
         without one, to decline for want of cooperation is refused by R82, to decide so by R14. It waits for the \
         recovery period and the right of residence",
    ),
    ("R10", "no operation withdraws a statement: it waits for interviews and proceedings"),
    (
        "R89",
        "nobody can write a therapy note, and the class is shown to nobody: it waits for the room of therapy",
    ),
];

#[test]
fn the_rules() {
    let mut text = "# The rules

Made from `domain/src/rules/table` by `tests/documents.rs`; the node serves them under `/v1/rules`. A mark tells how
well each source was checked: only `text_read` means that the text itself was read. A rule that no operation
of today can break says what it waits for.
"
    .to_owned();
    for it in RULES {
        let classes: Vec<_> = it.classes.iter().map(|it| it.code()).collect();
        let (code, message, force) = (it.code, it.message, it.force);
        write!(text, "\n## {code} `{message}`\n\n{force}; {}\n\n", classes.join(", ")).expect("writes");
        writeln!(text, "- When: {}\n- Effect: {}\n- Remedy: {}", it.when, it.effect, it.remedy)
            .expect("writes");
        if let Some((_, why)) = WAITING.iter().find(|waits| waits.0 == code) {
            writeln!(text, "- Not applied yet: {why}.").expect("writes");
        }
        for source in it.sources {
            let name = match source.url {
                "" => source.citation.to_owned(),
                url => format!("[{}]({url})", source.citation),
            };
            writeln!(text, "- Source: {name} ({})", source.verification).expect("writes");
        }
    }
    is_current("rules.md", &text);
}
