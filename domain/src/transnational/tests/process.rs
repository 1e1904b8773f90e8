//! The process of 4.4 as its description has it, written apart from the table of the code; and the same table in the
//! other direction: what a message does is what the act of the other side did.

use std::collections::BTreeSet;

use super::*;
use crate::CodeList as _;

/// Number, side (A asks, R is asked), act, who (a author, o office, e either, m by itself), from, to.
const PROCESS: &[(&str, char, &str, char, &str, &str)] = &[
    ("T1", 'A', "amend", 'a', "draft", ""),
    ("T2", 'A', "submit_national", 'a', "draft", "national_review"),
    ("T3", 'A', "return_to_sender", 'o', "national_review", "draft"),
    ("T4", 'A', "approve_send", 'o', "national_review", "sent"),
    ("T4b", 'A', "send_direct", 'a', "draft", "sent"),
    ("T5", 'A', "mark_undeliverable", 'm', "sent", "undeliverable"),
    ("T5", 'A', "retry_delivery", 'o', "undeliverable", "sent"),
    ("T5", 'A', "readdress", 'o', "undeliverable", "sent"),
    ("T7b", 'A', "answer_more", 'e', "info_requested", "acknowledged"),
    ("T11", 'A', "withdraw", 'e', "draft national_review", "withdrawn"),
    ("T11", 'A', "withdraw", 'e', "sent undeliverable", "withdrawn"),
    ("T11", 'A', "withdraw", 'e', "REACHED ACCEPTED transfer_planned", ""),
    ("T12", 'A', "propose_plan", 'e', "ACCEPTED transfer_planned", ""),
    ("T13", 'A', "depart", 'e', "transfer_planned", "in_transit"),
    ("T13b", 'A', "turn_back", 'e', "in_transit", ""),
    ("T14", 'A', "note_missed_arrival", 'm', "in_transit", ""),
    ("T17", 'A', "close", 'e', "follow_up answered declined withdrawn", "closed"),
    ("T19", 'A', "note_no_response", 'm', "UNDECIDED", ""),
    ("T20", 'A', "suspend", 'e', "OPEN", ""),
    ("T20b", 'A', "lift", 'e', "OPEN", ""),
    ("", 'A', "notify", 'e', "TOLD", ""),
    ("", 'A', "acknowledge_notice", 'e', "TOLD", ""),
    ("", 'A', "change_office", 'm', "EVERY", ""),
    ("T6", 'R', "acknowledge", 'o', "delivered", "acknowledged"),
    ("", 'R', "open_case", 'o', "RECEIVED", ""),
    ("T6b", 'R', "forward", 'o', "delivered acknowledged info_requested under_assessment", "forwarded"),
    ("T6c", 'R', "take_forwarded", 'o', "forwarded", "acknowledged"),
    ("T7", 'R', "request_more", 'e', "acknowledged", "info_requested"),
    ("T8", 'R', "assess", 'e', "acknowledged info_requested", "under_assessment"),
    ("T9", 'R', "accept", 'e', "under_assessment", "ACCEPTED"),
    ("T10", 'R', "decline", 'e', "under_assessment acknowledged info_requested", "declined"),
    ("T18", 'R', "answer", 'e', "under_assessment", "answered"),
    ("T12", 'R', "confirm_plan", 'e', "ACCEPTED transfer_planned", "transfer_planned"),
    ("T12", 'R', "refuse_plan", 'e', "ACCEPTED transfer_planned", ""),
    ("T13b", 'R', "turn_back", 'e', "in_transit", "transfer_planned"),
    ("T14", 'R', "note_missed_arrival", 'm', "in_transit", ""),
    ("T14", 'R', "confirm_arrival", 'e', "in_transit", "arrived"),
    ("T15", 'R', "hand_over", 'e', "arrived", "handed_over"),
    ("T16", 'R', "report", 'e', "handed_over follow_up", "follow_up"),
    ("T20", 'R', "suspend", 'e', "OPEN", ""),
    ("T20b", 'R', "lift", 'e', "OPEN", ""),
    ("", 'R', "notify", 'e', "TOLD", ""),
    ("", 'R', "acknowledge_notice", 'e', "TOLD", ""),
    ("", 'R', "change_office", 'm', "EVERY", ""),
];

const UNDECIDED: &str = "undeliverable REACHED";
const REACHED: &str = "sent delivered acknowledged forwarded info_requested under_assessment";

/// The states of a description, in the order of the list.
fn states(text: &str) -> Vec<S> {
    let without = |left: &[&str]| {
        let all = S::ALL.iter().map(|it| it.code()).filter(|it| !left.contains(it));
        all.collect::<Vec<_>>().join(" ")
    };
    let accepted = "accepted accepted_partly accepted_conditionally";
    let spelled = text
        .replace("UNDECIDED", UNDECIDED)
        .replace("REACHED", REACHED)
        .replace("ACCEPTED", accepted)
        .replace(
            "RECEIVED",
            &without(&[
                "draft",
                "national_review",
                "sent",
                "undeliverable",
                "declined",
                "withdrawn",
                "closed",
                "suspended_safety",
            ]),
        )
        .replace("EVERY", &without(&["suspended_safety"]))
        .replace("OPEN", &without(&["closed", "suspended_safety"]))
        .replace("TOLD", &without(&["draft", "national_review", "suspended_safety"]));
    let named: BTreeSet<_> = spelled.split_whitespace().collect();
    S::ALL.iter().copied().filter(|it| named.contains(it.code())).collect()
}

#[test]
fn the_table_is_the_described_process() {
    let sorted = |all: &[S]| S::ALL.iter().copied().filter(|it| all.contains(it)).collect::<Vec<_>>();
    let table: Vec<_> = TRANSITIONS
        .iter()
        .map(|it| {
            let side = if it.side == Side::Requesting { 'A' } else { 'R' };
            let who = match it.doer {
                Doer::Author => 'a',
                Doer::Office => 'o',
                Doer::Either => 'e',
                Doer::Mechanism => 'm',
            };
            (it.number, side, it.act.code(), who, sorted(it.from), sorted(it.to))
        })
        .collect();
    let described: Vec<_> = PROCESS
        .iter()
        .map(|(number, side, act, who, from, to)| (*number, *side, *act, *who, states(from), states(to)))
        .collect();
    assert_eq!(table, described);
    for act in RequestAct::ALL {
        assert!(TRANSITIONS.iter().any(|it| it.act == *act), "{act} has no row");
    }
}

#[test]
fn every_state_is_reached_and_left_and_numbers_are_all_there() {
    let reached: BTreeSet<_> = TRANSITIONS.iter().flat_map(|it| it.to.iter().copied()).collect();
    for state in S::ALL.iter().filter(|it| **it != S::SuspendedSafety) {
        // A record of the requested side begins delivered, one of the requesting side as a draft.
        assert!(reached.contains(state) || matches!(state, S::Draft | S::Delivered), "{state}");
        let left = TRANSITIONS.iter().any(|it| it.from.contains(state) && !it.to.is_empty());
        assert!(left || *state == S::Closed || *state == S::Delivered, "{state} is never left");
    }
    let numbers: BTreeSet<_> = TRANSITIONS.iter().map(|it| it.number).collect();
    for number in [
        "T1", "T2", "T3", "T4", "T4b", "T5", "T6", "T6b", "T6c", "T7", "T7b", "T8", "T9", "T10", "T11",
        "T12", "T13", "T13b", "T14", "T15", "T16", "T17", "T18", "T19", "T20", "T20b",
    ] {
        assert!(numbers.contains(number), "{number}");
    }
}

/// The two sides move a state by turns: no state is moved on by acts of both, but where one of them only asks.
#[test]
fn each_state_has_one_side_that_moves_it() {
    for state in S::ALL {
        let movers: BTreeSet<_> = TRANSITIONS
            .iter()
            .filter(|it| it.from.contains(state) && it.to.iter().any(|to| to != state))
            .map(|it| it.side)
            .collect();
        // A question is answered by the one side and given up by the other: what crosses then moves nothing.
        let both = movers.len() > 1 && *state != S::InfoRequested;
        assert!(!both, "{state} is moved by both");
    }
}

#[test]
fn what_a_message_says_is_what_the_act_did() {
    let told = [
        ("acknowledge", Kind::Acknowledged),
        ("take_forwarded", Kind::Acknowledged),
        ("forward", Kind::Forwarded),
        ("request_more", Kind::InfoRequested),
        ("answer_more", Kind::InfoGiven),
        ("assess", Kind::AssessmentBegun),
        ("answer", Kind::Answered),
        ("depart", Kind::Departed),
        ("confirm_arrival", Kind::Arrived),
        ("hand_over", Kind::HandedOver),
        ("report", Kind::FollowedUp),
        ("close", Kind::Closed),
    ];
    for (act, kind) in told {
        let rows = TRANSITIONS.iter().filter(|it| it.act.code() == act);
        for (row, from) in rows.flat_map(|it| it.from.iter().map(move |from| (it, *from))) {
            assert_eq!(kind.of(), Some(row.side), "{act}");
            assert_eq!(effect(kind, from), Effect::To(row.to[0]), "{act} in {from}");
        }
    }
    for row in TRANSITIONS.iter().filter(|it| it.act == RequestAct::TurnBack && !it.to.is_empty()) {
        assert_eq!(effect(Kind::TurnedBack, row.from[0]), Effect::To(row.to[0]));
    }
}

/// What each type can come to: moved children are accepted, all others are answered.
#[test]
fn types_that_move_no_child_are_answered_and_others_accepted() {
    for rule in TYPES {
        let (_, theirs) = assessed(rule.request_type);
        let allowed = theirs.allowed(&there().office);
        assert_eq!(allowed.contains(&RequestAct::Accept), rule.moves_child, "{}", rule.request_type);
        assert_eq!(allowed.contains(&RequestAct::Answer), !rule.moves_child, "{}", rule.request_type);
        assert!(allowed.contains(&RequestAct::Decline));
    }
}

/// Who is responsible, in every state of either side: the requesting side until the handover, then the requested one.
#[test]
fn somebody_is_responsible_in_every_combination_that_there_can_be() {
    let (ours, theirs) = sent(T::AssistanceReferral);
    for record in [ours, theirs] {
        for status in S::ALL {
            for handed_over_at in [None, Some(now())] {
                let it = Request { status: *status, handed_over_at, ..record.clone() };
                let responsible = it.responsible();
                let expected = if handed_over_at.is_some() { Side::Requested } else { Side::Requesting };
                assert_eq!(responsible.side, expected);
                assert_eq!(responsible.agency.is_some(), expected == it.side, "this side names its agency");
                assert_eq!(responsible.office.is_some(), expected != it.side, "or the office there");
            }
        }
    }
}
