//! `trm`: the node of a referral mechanism and what its operators need.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::command::main()
}
