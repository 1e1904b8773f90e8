//! PostgreSQL's programs, and the user who may run them.

use std::{
    env, fs, io,
    io::{Read as _, Seek as _, SeekFrom},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{OLDEST_MAJOR, PrivateServerError};

/// Where Debian and its kin keep each major version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Whom the programs run as.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The user of our own process.
    pub own: u32,
    /// As root: the user and group that stand in, for PostgreSQL refuses root.
    pub stand_in: Option<(u32, u32)>,
}

impl Account {
    /// Asks the system who we are, and as root looks for `postgres`, then `nobody`.
    pub fn of_this_process() -> Result<Self, PrivateServerError> {
        let mut id = Command::new("id");
        id.arg("-u").stdin(Stdio::null());
        let own = run("id", id)?.trim().parse().map_err(|_| PrivateServerError::NoUser)?;
        if own != 0 {
            return Ok(Self { own, stand_in: None });
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let stand_in = user(&users, "postgres").or_else(|| user(&users, "nobody"));
        stand_in.map(|ids| Self { own, stand_in: Some(ids) }).ok_or(PrivateServerError::NoUser)
    }

    /// The user that the server runs as.
    pub fn server(&self) -> u32 {
        self.stand_in.map_or(self.own, |(user, _)| user)
    }
}

/// The ids of a user in the text of `/etc/passwd`; never root's.
fn user(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    let ids = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
    (ids.0 != 0).then_some(ids)
}

/// One installation of PostgreSQL.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    folder: PathBuf,
    account: Account,
}

impl Programs {
    /// The first installation that is new enough and, where `data` holds a cluster, of its major version.
    pub fn find(account: Account, data: &Path) -> Result<Self, PrivateServerError> {
        let written_by =
            fs::read_to_string(data.join("PG_VERSION")).ok().and_then(|text| text.trim().parse().ok());
        let mut new_enough = false;
        for folder in candidates() {
            let programs = Self { folder, account: account.clone() };
            let Some(major) = programs.major().filter(|major| *major >= OLDEST_MAJOR) else { continue };
            if written_by.is_none_or(|wanted| wanted == major) {
                return Ok(programs);
            }
            new_enough = true;
        }
        match written_by {
            Some(written_by) if new_enough => {
                Err(PrivateServerError::OtherVersion { data: data.to_owned(), written_by })
            }
            _ => Err(PrivateServerError::ProgramsNotFound),
        }
    }

    /// A program of this installation.
    pub fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// A program to be run as the server's user, without anything of our environment that would change its mind.
    /// Its working directory is one that every user can enter.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.path(program));
        command.current_dir("/").stdin(Stdio::null());
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C");
        if let Some((user, group)) = self.account.stand_in {
            command.uid(user).gid(group).env("HOME", "/");
        }
        command
    }

    /// The major version, or nothing where a program is missing or the server's user may not run it.
    fn major(&self) -> Option<u32> {
        if ["initdb", "pg_ctl", "psql"].iter().any(|program| !self.path(program).is_file()) {
            return None;
        }
        let mut postgres = self.command("postgres");
        postgres.arg("--version");
        let said = run("postgres --version", postgres).ok()?;
        let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        number.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    }
}

/// Folders that may hold the programs, the likeliest first. Links are followed: a distribution may put links to
/// one or two of the programs on PATH.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = env::split_paths(&path)
        .filter_map(|folder| folder.join("pg_ctl").canonicalize().ok()?.parent().map(Path::to_owned))
        .collect();
    let by_pg_config = || {
        let mut pg_config = Command::new("pg_config");
        pg_config.arg("--bindir").stdin(Stdio::null());
        run("pg_config", pg_config).ok().map(|folder| PathBuf::from(folder.trim()))
    };
    let debian = || {
        let folders = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
        let mut majors: Vec<u32> =
            folders.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        majors.sort_unstable_by(|a, b| b.cmp(a));
        majors.into_iter().map(|major| Path::new(DEBIAN).join(major.to_string()).join("bin"))
    };
    on_path
        .into_iter()
        .chain(std::iter::once_with(by_pg_config).flatten())
        .chain(std::iter::once_with(debian).flatten())
}

/// Runs a program to its end and gives what it printed.
pub(super) fn run(program: &'static str, mut command: Command) -> Result<String, PrivateServerError> {
    let path = PathBuf::from(command.get_program());
    let output = command.output().map_err(|source| PrivateServerError::Io { action: "run", path, source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    Err(PrivateServerError::Program {
        program,
        status: output.status.to_string(),
        output: said.trim().to_owned(),
    })
}

impl PrivateServerError {
    /// Adds what the server wrote into its log since it had `before` bytes.
    pub(super) fn with_log(mut self, log: &Path, before: u64) -> Self {
        if let Self::Program { output, .. } = &mut self
            && let Ok(said) = written_since(log, before)
            && !said.trim().is_empty()
        {
            output.push_str("\nthe server said:\n");
            output.push_str(said.trim());
        }
        self
    }
}

/// The end of a file from a position on, at most 4 KiB of it.
fn written_since(path: &Path, position: u64) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(position.max(length.saturating_sub(4_096)).min(length)))?;
    let mut bytes = Vec::new();
    file.take(4_096).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
