//! Runs a command beside a private PostgreSQL, thrown away afterwards: `with-postgres -- cargo test`.
//!
//! The command finds the server's database `postgres` in `TRM_TEST_SERVER`. The server stops when the command has
//! ended, however it ended, and the command's exit code becomes ours. With `--durable FOLDER` before the command, every
//! commit is on disk before it is acknowledged and the data stays: what measurements need.

use std::{
    env,
    ffi::OsString,
    os::unix::process::ExitStatusExt as _,
    process::{Command, ExitCode},
};

use persistence::{
    private_server::{PrivateServer, Settings},
    testing::SERVER_VARIABLE,
};

fn main() -> ExitCode {
    let mut words = env::args_os().skip(1).peekable();
    let settings = match words.next_if(|word| word == "--durable") {
        None => Some(Settings::throwaway(env::temp_dir())),
        Some(_) => words.next_if(|word| word != "--").map(Settings::durable),
    };
    let mut words = words.skip_while(|word| word == "--");
    let (Some(settings), Some(program)) = (settings, words.next()) else {
        eprintln!("usage: with-postgres [--durable FOLDER] -- command [argument…]");
        return ExitCode::from(2);
    };
    match run_beside_server(settings, &program, words) {
        Ok(code) => code,
        Err(complaint) => {
            eprintln!("with-postgres: {complaint}");
            ExitCode::from(127)
        }
    }
}

fn run_beside_server(
    settings: Settings,
    program: &OsString,
    words: impl Iterator<Item = OsString>,
) -> Result<ExitCode, String> {
    let server = PrivateServer::start(settings).map_err(|error| error.to_string())?;
    let ended = Command::new(program).args(words).env(SERVER_VARIABLE, server.url_of("postgres")).status();
    server.stop().map_err(|error| error.to_string())?;
    let status = ended.map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    // As a shell has it: 128 and the signal's number for a command that a signal ended.
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    Ok(code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
