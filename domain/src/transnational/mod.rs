//! Requests between countries (4.4): what one State asks of another for a child, on both sides, until the end.
//!
//! | file | what |
//! |---|---|
//! | `types.rs`, `checklist.rs` | the eleven types: route, legal base, required parts, and what a request still needs |
//! | `channels/` | which instrument binds whom on a day, as a data file; R79 and R95 |
//! | `states.rs` | the groups of states that acts begin from |
//! | `transitions.rs` | the acts of both sides as a table (T1 to T20b) |
//! | `message.rs`, `receiving.rs` | what the sides tell each other, and what a message does once, in order |
//! | `sending.rs`, `answering.rs`, `transfer.rs`, `telling.rs` | the acts |
//! | `notices.rs` | what follows what was sent and is acknowledged by a person |
//! | `void.rs` | the end of what nobody has received |
//! | `declining.rs` | on which grounds each type can be declined (R82) |
//! | `readiness.rs` | the safeguards of a move (R47 to R54), each attested or refused |
//! | `times.rs`, `flags.rs`, `ladder.rs` | time limits, the three months of the law, and who is told |
//! | `presence.rs` | whether the child is where it is to leave from |
//! | `offices.rs`, `addressed.rs` | which registered office stands at a route, and which answers now; which had a request |
//! | `package/`, `material.rs` | what crosses: a closed document with its schema and digest, and what the author gives for it |
//! | `onward.rs` | passing on to a further country |
//!
//! There is one record per side, joined by messages, even where both are on one node: acts write them into the record
//! (`sent`), whoever carries them sends what [`Request::unacknowledged`] lists until a [`Receipt`] comes, and gives
//! what arrives to [`Request::receive`] (the first one to [`Request::open`]). `tests/protocol.rs` explores both sides
//! with a network that loses, repeats and reorders at will.

mod addressed;
mod answering;
mod channels;
mod checklist;
mod content;
mod declining;
mod flags;
mod ladder;
mod material;
mod message;
mod notices;
mod offices;
mod onward;
mod operations;
mod package;
mod presence;
mod readiness;
mod receiving;
mod request;
mod sending;
mod states;
mod telling;
#[cfg(test)]
mod tests;
mod times;
mod transfer;
mod transitions;
mod types;
mod void;

pub use addressed::{AddressedBy, Addressee};
pub use answering::{COORDINATOR_HEARS_FROM, MOST_FORWARDS};
pub use channels::{Adequacy, Binding, Channel, Channels, Exclusion, OutsideChannel, TransferGround};
use checklist::check_complete;
pub use checklist::{ChecklistRow, checklist};
pub use content::{
    Acceptance, Arrangement, Closing, ConsentDocument, Decision, Handover, Opening, Plan, Prepared, Refusal,
    Reply, Transfer,
};
pub use declining::{DECLINE_GROUNDS, DeclineGround, decline_grounds};
pub use flags::TimeFlag;
pub use ladder::{LAST_RUNG, LadderRecipient, Rung, next_rung};
pub use material::{Heading, Material};
pub use message::{Body, Effect, Kind, Message, Office, Receipt, effect};
pub use notices::{NOTICE_WITHIN, Notice, NoticeKind, Noticed, PassedOn};
pub use offices::{OwnOffice, Reachable, reachable};
pub use onward::{Chain, Hop, MOST_HOPS, PassOn, check_onward, check_origin_open};
pub use package::{
    Attachment, ContactPoint, Content, Digest, Disclosed, FORMAT, IdentityBlock, LONGEST_TEXT, MOST_ITEMS,
    Member, Package, Pseudonym, SharedView, Source, Written, allowed_members, build, canonical, member_class,
    schema,
};
pub use presence::Moves;
pub use readiness::{
    Attested, BlockingProcedure, Consulted, FamilyAssessed, PlacementBasis, Readiness, ReceivingArrangement,
    RiskAssessed, Safeguard,
};
pub use receiving::MOST_HELD;
pub use request::{Request, Responsible, Side, Suspension};
pub use sending::{At, DraftRequest, check_abroad};
pub use states::{ACCEPTED, UNDER_WAY};
pub use times::{CLOSE_WITHIN, LEGAL_LIMIT, NEAR, REPORTS, Standstill, acknowledge_within, decide_within};
pub use transfer::{ARRIVAL_GRACE, DEPARTURE_LEEWAY};
pub use transitions::{BlockedAct, Doer, Guard, RequestAct, TRANSITIONS, Transition};
pub use types::{Base, Instrument, RequestPart, Route, TYPES, TypeRule, rule_of};
pub use void::Void;
