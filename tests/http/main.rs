//! The HTTP API from outside, in process: each test on a database of its own, each answer checked against the contract.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "tests and their support: what is broken stops the test"
)]

mod support;

mod access;
mod audit;
mod bad_input;
mod canaries;
mod case_file;
mod cases;
mod contract;
mod conventions;
mod deadlines;
mod directory;
mod disclosures;
mod erasure;
mod hidden;
mod identification;
mod identification_acts;
mod lifecycle;
mod links;
mod matching;
mod protection;
mod races;
mod referrals;
mod sandbox;
mod transnational;
