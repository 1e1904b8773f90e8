//! `trm`: the node of a referral mechanism and what its operators need.

use std::process::ExitCode;

/// Takes less time for the many small pieces of a request than that of the system, and gives memory back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    api::command::main()
}
