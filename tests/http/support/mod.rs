//! A node of one test, its callers, one way to ask it, and stories that bring it where a test begins.

mod abroad;
mod ask;
mod contract;
mod jwt;
mod lives;
mod node;
mod parties;
mod specimens;
mod stories;
mod who;
mod world;

pub use abroad::*;
pub use ask::{Ask, Seen, anonymous, fresh_key};
pub use contract::{Operation, document, operations, resolved};
pub use jwt::{KeyPair, Signed, claims_of, taken_apart};
pub use lives::*;
pub use node::{ISSUER, TestNode};
pub use parties::*;
pub use specimens::{Specimen, Specimens, service_of_barnahus};
pub use stories::*;
pub use who::*;
