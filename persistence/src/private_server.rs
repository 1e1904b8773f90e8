//! A PostgreSQL of our own for development and tests: the system's programs, a folder of its own, a unix socket
//! that nobody else can open, no TCP port.
//!
//! A server lives as long as its [`PrivateServer`]. It is in a session of its own, so that Ctrl-C in the terminal
//! reaches our process and not the database; and a guard beside it stops it should our process die without a word.

mod place;
mod programs;

use std::{
    fs, io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use self::{
    place::{Place, at_work, percent_encoded, remove_stale},
    programs::{Account, Programs, run},
};

/// The oldest major version of PostgreSQL that the schema runs on.
pub const OLDEST_MAJOR: u32 = 15;

/// The database that a private server always has.
pub const DATABASE: &str = "trm";

/// Names the socket file only: nothing listens on TCP.
const PORT: &str = "5432";

/// What a private server is for, and how much it may take.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of the server. It is made when missing; as root another one stands in for it, see
    /// [`PrivateServer::home`].
    pub data: PathBuf,
    /// `true`: every commit is on disk before it is acknowledged, and the data stays.
    /// `false`: fast and forgetful, in memory where there is room, removed when the server stops.
    pub durable: bool,
    /// Connections at one time.
    pub max_connections: u16,
    /// PostgreSQL's own cache, in MiB.
    pub shared_buffers_mib: u32,
}

impl Settings {
    /// A server that keeps its data in `data`.
    pub fn durable(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), durable: true, max_connections: 100, shared_buffers_mib: 128 }
    }

    /// A server for one run of tests; `data` is used only where memory has no room.
    pub fn throwaway(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), durable: false, max_connections: 400, shared_buffers_mib: 128 }
    }

    /// The server's options; values hold nothing that a shell reads as anything but itself.
    fn options(&self, sockets: &Path) -> String {
        let sockets = format!("unix_socket_directories={}", sockets.display());
        let connections = format!("max_connections={}", self.max_connections);
        let buffers = format!("shared_buffers={}MB", self.shared_buffers_mib);
        let mut options = vec![
            "listen_addresses=",
            &sockets,
            "unix_socket_permissions=0700",
            &connections,
            &buffers,
            "timezone=UTC",
            "log_timezone=UTC",
            "max_wal_size=1GB",
            // Values of rows, in parameters, statements and details, stay out of the log.
            "log_parameter_max_length=0",
            "log_parameter_max_length_on_error=0",
            "log_min_error_statement=panic",
            "log_min_messages=log",
            "log_error_verbosity=terse",
        ];
        if !self.durable {
            options.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
            options.extend(["wal_level=minimal", "max_wal_senders=0", "autovacuum=off"]);
        }
        format!("-p {PORT} -c {}", options.join(" -c "))
    }
}

/// Why a private server did not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum PrivateServerError {
    /// No PostgreSQL that is new enough.
    #[error(
        "PostgreSQL {OLDEST_MAJOR} or newer was not found (PATH, pg_config --bindir, /usr/lib/postgresql): \
         install it with `apt-get install postgresql`, or set DATABASE_URL to a server of your own"
    )]
    ProgramsNotFound,
    /// The data belongs to another major version.
    #[error(
        "the data in {} was written by PostgreSQL {written_by}, which is not installed: \
         `apt-get install postgresql-{written_by}`, or move that folder away to start anew", data.display()
    )]
    OtherVersion {
        /// The cluster.
        data: PathBuf,
        /// Its major version.
        written_by: u32,
    },
    /// Another process holds the folder.
    #[error("another trm is running on {}: stop it first, or choose another folder", home.display())]
    InUse {
        /// The server's folder.
        home: PathBuf,
    },
    /// Root, and nobody to run the server as.
    #[error(
        "PostgreSQL does not run as root, and this system has neither a user `postgres` nor a user `nobody`"
    )]
    NoUser,
    /// The folder that should be ours alone is not.
    #[error(
        "{} is not a folder that user {owner} alone can open: remove it, or find out who made it", path.display()
    )]
    NotPrivate {
        /// The folder.
        path: PathBuf,
        /// The id of the user who should own it.
        owner: u32,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed ({status}): {output}")]
    Program {
        /// Which one.
        program: &'static str,
        /// How it ended.
        status: String,
        /// What it and the server's log said.
        output: String,
    },
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
}

/// A running private server. It stops when this is dropped; call [`PrivateServer::stop`] to learn how that went.
#[derive(Debug)]
pub struct PrivateServer {
    place: Place,
    programs: Programs,
    running: bool,
    guard: Option<Child>,
}

impl PrivateServer {
    /// Starts the server, making its folder, its cluster and its database [`DATABASE`] when they are missing.
    ///
    /// What a crash or a killed process left behind is cleared away first.
    pub fn start(settings: Settings) -> Result<Self, PrivateServerError> {
        let account = Account::of_this_process()?;
        let place = Place::take(&settings, &account)?;
        let programs = Programs::find(account, &place.data())?;
        let mut server = Self { place, programs, running: false, guard: None };
        if let Err(error) = server.bring_up(&settings) {
            server.take_down().ok();
            return Err(error);
        }
        Ok(server)
    }

    /// Where clients find the database [`DATABASE`].
    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// Where clients find a database of this server. `postgres` always exists.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@{}:{PORT}/{database}", percent_encoded(self.place.sockets()))
    }

    /// The folder that is really used: under `/var/lib/trm` when our process is root, because the user that
    /// PostgreSQL then runs as may not reach the wanted one, and perhaps in `/dev/shm` when it is not durable.
    pub fn home(&self) -> &Path {
        self.place.home()
    }

    /// The server's log.
    pub fn log_file(&self) -> PathBuf {
        self.place.data().join(place::LOG)
    }

    /// Ends all sessions, stops the server and waits for it; removes what is not durable.
    pub fn stop(mut self) -> Result<(), PrivateServerError> {
        self.take_down()
    }

    fn bring_up(&mut self, settings: &Settings) -> Result<(), PrivateServerError> {
        let data = self.place.data();
        if data.join("PG_VERSION").exists() {
            self.clear_leftovers()?;
        } else {
            self.make_cluster(settings.durable)?;
        }
        self.place.make_socket_folder()?;
        let options = settings.options(self.place.sockets());
        let said_before = fs::metadata(self.log_file()).map_or(0, |log| log.len());
        // The folder goes in as the environment and the working directory: pg_ctl hands arguments to a shell.
        let mut pg_ctl = self.programs.command("pg_ctl");
        pg_ctl.env("PGDATA", &data).current_dir(&data);
        pg_ctl.args(["start", "-s", "-w", "-t", "300", "-l", place::LOG, "-o", &options]);
        self.running = true;
        run("pg_ctl start", pg_ctl).map_err(|error| error.with_log(&self.log_file(), said_before))?;
        self.guard = Some(self.post_guard()?);
        self.make_database()
    }

    /// Makes the cluster under another name, so that one cut short is never taken for a whole one.
    fn make_cluster(&self, durable: bool) -> Result<(), PrivateServerError> {
        let fresh = self.place.fresh_folder("data.new")?;
        let mut initdb = self.programs.command("initdb");
        initdb.args([
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--auth=trust",
            "--no-instructions",
        ]);
        if !durable {
            initdb.arg("--no-sync");
        }
        initdb.arg("-D").arg(&fresh);
        run("initdb", initdb)?;
        let data = self.place.data();
        fs::rename(&fresh, &data).map_err(|source| PrivateServerError::Io {
            action: "name the new cluster",
            path: data,
            source,
        })
    }

    /// Stops the server of a process that died, waits for the sessions of a server that died, and removes files
    /// whose process number may meanwhile be somebody else's. We hold the folder's lock: no living trm is at work.
    fn clear_leftovers(&self) -> Result<(), PrivateServerError> {
        let data = self.place.data();
        let pid_file = data.join("postmaster.pid");
        let deadline = Instant::now() + Duration::from_secs(10);
        // Past the deadline, and where the system does not tell who is at work, PostgreSQL judges for itself.
        while let Some(pids) = at_work(&data).filter(|_| Instant::now() < deadline) {
            if pids.is_empty() {
                remove_stale(&pid_file)?;
                return self.place.remove_sockets();
            }
            let noted = fs::read_to_string(&pid_file).unwrap_or_default();
            if noted.lines().next().is_some_and(|noted| pids.iter().any(|pid| pid == noted.trim())) {
                log::warn!(
                    "stopping the PostgreSQL that a killed process left running on {}",
                    data.display()
                );
                // Its guard may be stopping it at this moment and be first.
                self.halt("fast").ok();
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// A process that waits for ours to end, however it ends, and then stops the server.
    fn post_guard(&self) -> Result<Child, PrivateServerError> {
        let stop =
            format!("while read -r line; do :; done; \"$0\" stop -s -w -t 120 -m {}", self.place.stop_mode());
        let script = if self.place.is_durable() { stop } else { format!("{stop}; rm -rf -- \"$PGDATA\"") };
        let mut guard = self.programs.command("/bin/sh");
        guard.arg("-c").arg(script).arg(self.programs.path("pg_ctl")).env("PGDATA", self.place.data());
        guard.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        guard.spawn().map_err(|source| PrivateServerError::Io {
            action: "run",
            path: PathBuf::from("/bin/sh"),
            source,
        })
    }

    fn make_database(&self) -> Result<(), PrivateServerError> {
        let ask = |sql: String| {
            let mut psql = self.programs.command("psql");
            psql.arg("-h").arg(self.place.sockets()).args(["-p", PORT, "-U", "postgres", "-d", "postgres"]);
            psql.args(["-X", "-A", "-t", "-q", "-c", &sql]);
            run("psql", psql)
        };
        if ask(format!("SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"))?.trim().is_empty() {
            ask(format!("CREATE DATABASE {DATABASE}"))?;
        }
        Ok(())
    }

    /// Stops the server in a process group of its own, so that an impatient second Ctrl-C does not cut it short.
    fn halt(&self, mode: &str) -> Result<(), PrivateServerError> {
        let mut pg_ctl = self.programs.command("pg_ctl");
        pg_ctl.env("PGDATA", self.place.data()).process_group(0);
        pg_ctl.args(["stop", "-s", "-w", "-t", "120", "-m", mode]);
        run("pg_ctl stop", pg_ctl).map(drop)
    }

    fn take_down(&mut self) -> Result<(), PrivateServerError> {
        let stopped = if self.running { self.halt(self.place.stop_mode()) } else { Ok(()) };
        self.running = false;
        if let Some(mut guard) = self.guard.take() {
            guard.kill().and_then(|()| guard.wait()).ok();
        }
        let left = self.place.leave();
        stopped.and(left)
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        if self.running
            && let Err(error) = self.take_down()
        {
            log::error!("the private PostgreSQL did not stop: {error}");
        }
    }
}
