//! The store on real PostgreSQL, each test on a database of its own.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "tests and their support: what is broken stops the test"
)]

mod access_log;
mod deadlines;
mod directory;
mod erasure;
mod feed;
mod given;
mod history;
mod idempotency;
mod identification;
mod lifecycle;
mod lists;
mod matching;
mod migrations;
mod private_server;
mod pseudonyms;
mod races;
mod read_back;
mod recovery;
mod rotation;
mod schema;
mod sealed_log;
mod sealing;
mod second_lock;
mod story;
mod visibility;
