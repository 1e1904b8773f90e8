//! Bad input: each class has its documented answer, nothing is half-written, and no 500 is reachable.

mod bodies;
mod credentials;
mod framing;
mod ids;
mod members;
mod token_endpoint;
