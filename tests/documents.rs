//! Documents that are made from the tables of the domain: the states of a referral, the duties with their ladder, the
//! rules. `UPDATE=1` writes them anew; otherwise they must say what the tables say, so that no row changes unseen.
#![expect(clippy::expect_used, reason = "without the documents a test should stop")]

use std::{env, fmt::Write as _, fs, path::Path};

use domain::{
    CodeList,
    deadlines::DUTIES,
    referrals::{Guard, ReferralAct, TRANSITIONS, Transition},
    rules::RULES,
    vocabulary::ReferralStatus,
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

fn guard(it: Guard) -> &'static str {
    match it {
        Guard::None => "",
        Guard::RerouteProposed => "the receiver has proposed it",
        Guard::MayRefuse => "no law obliges the receiver to accept (R84)",
        Guard::ViewMissing => "the child's view is missing",
        Guard::FeedbackOwed => "no feedback was given",
    }
}

fn operation(it: &Transition) -> String {
    it.act.operation().map_or_else(|| "by itself".to_owned(), |id| format!("`{id}`"))
}

#[test]
fn the_states_of_a_referral() {
    let mut text = "# The states of a referral

Made from `domain/src/referrals/transitions.rs` by `tests/documents.rs`; the numbers are those of the process
description. What changes nothing of the state is in the table only.

```mermaid
stateDiagram-v2
    [*] --> draft
"
    .to_owned();
    for it in TRANSITIONS {
        let Some(to) = it.to else { continue };
        for from in it.from {
            let holds =
                if it.guard == Guard::None { String::new() } else { format!(" [{}]", guard(it.guard)) };
            let act = it.act.code();
            writeln!(text, "    {from} --> {to}: {act} ({}){holds}", it.actor).expect("writes");
        }
    }
    for status in ReferralStatus::ALL {
        if !TRANSITIONS.iter().any(|it| it.from.contains(status) && it.to.is_some_and(|to| to != *status)) {
            writeln!(text, "    {status} --> [*]").expect("writes");
        }
    }
    text.push_str("```\n\n| | act | who | from | to | if | operation |\n|---|---|---|---|---|---|---|\n");
    for it in TRANSITIONS {
        let from: Vec<_> = it.from.iter().map(|it| it.code()).collect();
        let to = it.to.map_or("stays", CodeList::code);
        let (number, act, holds) = (it.number, it.act.label(), guard(it.guard));
        writeln!(
            text,
            "| {number} | {act} | {} | {} | {to} | {holds} | {} |",
            it.actor,
            from.join(", "),
            operation(it)
        )
        .expect("writes");
    }
    text.push_str("\n| state | meaning |\n|---|---|\n");
    for it in ReferralStatus::ALL {
        writeln!(text, "| {it} | {} |", it.label()).expect("writes");
    }
    is_current("states.md", &text);
    for act in ReferralAct::ALL {
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

Each step is taken once, on whichever instance, in the transaction that records it (`deadline.escalated`,
`referral.expired`). Whoever was told finds it under `GET /v1/deadlines?scope=escalated` and in its feed.
",
    );
    is_current("deadlines.md", &text);
}

#[test]
fn the_rules() {
    let mut text = "# The rules

Made from `domain/src/rules/table` by `tests/documents.rs`; the node serves them under `/v1/rules`. A mark tells how
well each source was checked: only `text_read` means that the text itself was read.
"
    .to_owned();
    for it in RULES {
        let classes: Vec<_> = it.classes.iter().map(|it| it.code()).collect();
        let (code, message, force) = (it.code, it.message, it.force);
        write!(text, "\n## {code} `{message}`\n\n{force}; {}\n\n", classes.join(", ")).expect("writes");
        writeln!(text, "- When: {}\n- Effect: {}\n- Remedy: {}", it.when, it.effect, it.remedy)
            .expect("writes");
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
