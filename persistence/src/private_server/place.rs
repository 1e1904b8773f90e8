//! The folders of a private server, who owns them, and the lock that keeps a second process out.

use std::{
    fs::{self, DirBuilder, File, Permissions, TryLockError},
    io::{self, ErrorKind},
    os::unix::{
        ffi::OsStrExt as _,
        fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown},
    },
    path::{self, Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

use super::{
    PrivateServerError, Settings,
    programs::{Account, run},
};

/// The server's log, in its data folder.
pub(super) const LOG: &str = "postgresql.log";

/// Homes of root's servers: every user can pass through to here, unlike to root's own folders.
const ROOTS_HOMES: &str = "/var/lib/trm";
const MEMORY: &str = "/dev/shm";
const SOCKETS: &str = "/tmp";
/// What a run of tests may need, in KiB.
const ROOM: u64 = 1 << 20;
/// How the homes of throw-away servers begin; only those are ever swept away.
const THROWAWAY: &str = "trm-test-";

/// The folders of one server, held by a lock as long as this lives: by the kernel, so that a process that dies
/// lets go of them.
#[derive(Debug)]
pub(super) struct Place {
    home: PathBuf,
    sockets: PathBuf,
    account: Account,
    durable: bool,
    _lock: File,
}

impl Place {
    /// Finds or makes the home of the server and locks it.
    pub fn take(settings: &Settings, account: &Account) -> Result<Self, PrivateServerError> {
        let wanted = path::absolute(&settings.data).map_err(io_error("understand", &settings.data))?;
        let (home, lock) = if settings.durable {
            let home = match account.stand_in {
                None => wanted.clone(),
                Some(_) => Path::new(ROOTS_HOMES).join(short_name(&wanted)),
            };
            make_home(&home, account)?;
            let lock = lock(&home)?.ok_or_else(|| PrivateServerError::InUse { home: home.clone() })?;
            (home, lock)
        } else {
            let parent = match account.stand_in {
                _ if memory_has_room() => PathBuf::from(MEMORY),
                None => wanted.clone(),
                Some(_) => PathBuf::from(ROOTS_HOMES),
            };
            sweep(&parent, account);
            throwaway_home(&parent, account)?
        };
        if settings.durable && account.stand_in.is_some() {
            let note = home.join("stands-for");
            fs::write(&note, wanted.as_os_str().as_bytes()).map_err(io_error("write", &note))?;
        }
        let sockets = socket_folder(&home, account);
        Ok(Self { home, sockets, account: account.clone(), durable: settings.durable, _lock: lock })
    }

    /// The folder of all that belongs to the server but the sockets.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// PostgreSQL's data folder.
    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// The folder of the unix socket.
    pub fn sockets(&self) -> &Path {
        &self.sockets
    }

    /// Whether the data stays when the server stops.
    pub fn is_durable(&self) -> bool {
        self.durable
    }

    /// What is thrown away needs no last checkpoint.
    pub fn stop_mode(&self) -> &'static str {
        if self.durable { "fast" } else { "immediate" }
    }

    /// An empty folder in the home, the server's own; what a cut-short attempt left there goes.
    pub fn fresh_folder(&self, name: &str) -> Result<PathBuf, PrivateServerError> {
        let folder = self.home.join(name);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(io_error("remove", &folder)(error));
            }
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&folder).map_err(io_error("make", &folder))?;
        self.give_to_server(&folder)?;
        Ok(folder)
    }

    /// Makes the socket folder. Its name can be guessed by others on this machine, so one that is already there
    /// is taken only if it is ours and closed to all others.
    pub fn make_socket_folder(&self) -> Result<(), PrivateServerError> {
        match DirBuilder::new().mode(0o700).create(&self.sockets) {
            Ok(()) => return self.give_to_server(&self.sockets),
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(io_error("make", &self.sockets)(error));
            }
            Err(_) => {}
        }
        if self.sockets_are_ours() {
            Ok(())
        } else {
            Err(PrivateServerError::NotPrivate { path: self.sockets.clone(), owner: self.account.server() })
        }
    }

    fn sockets_are_ours(&self) -> bool {
        fs::symlink_metadata(&self.sockets).is_ok_and(|found| {
            found.is_dir() && found.uid() == self.account.server() && found.mode() & 0o7777 == 0o700
        })
    }

    /// Removes the sockets of a server that is no more, and their lock files, if the folder is there and ours.
    pub fn remove_sockets(&self) -> Result<(), PrivateServerError> {
        if fs::symlink_metadata(&self.sockets).is_err() {
            return Ok(());
        }
        self.make_socket_folder()?;
        remove_sockets(&self.sockets).map_err(io_error("clear", &self.sockets))
    }

    /// Tidies up after the server has stopped.
    pub fn leave(&self) -> Result<(), PrivateServerError> {
        if self.sockets_are_ours()
            && let Err(error) = fs::remove_dir(&self.sockets)
        {
            // A killed server leaves its socket: the next start clears it away.
            log::debug!("{} stays: {error}", self.sockets.display());
        }
        if self.durable {
            return Ok(());
        }
        fs::remove_dir_all(&self.home).map_err(io_error("remove", &self.home))
    }

    fn give_to_server(&self, folder: &Path) -> Result<(), PrivateServerError> {
        let Some((user, group)) = self.account.stand_in else { return Ok(()) };
        chown(folder, Some(user), Some(group)).map_err(io_error("hand over", folder))
    }
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PrivateServerError {
    let path = path.to_owned();
    move |source| PrivateServerError::Io { action, path, source }
}

/// Removes a file that a crash left.
pub(super) fn remove_stale(file: &Path) -> Result<(), PrivateServerError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error("remove", file)(error)),
        _ => Ok(()),
    }
}

/// Makes a home that is ours; as root others may pass through it to what is theirs inside, but not look around.
fn make_home(home: &Path, account: &Account) -> Result<(), PrivateServerError> {
    let own = if account.stand_in.is_some() { 0o711 } else { 0o700 };
    if let Some(parent) = home.parent() {
        DirBuilder::new().recursive(true).create(parent).map_err(io_error("make", parent))?;
    }
    if home.starts_with(ROOTS_HOMES) {
        // Whatever root's umask is.
        fs::set_permissions(ROOTS_HOMES, Permissions::from_mode(0o755))
            .map_err(io_error("open", Path::new(ROOTS_HOMES)))?;
    }
    match DirBuilder::new().mode(own).create(home) {
        Ok(()) => fs::set_permissions(home, Permissions::from_mode(own)).map_err(io_error("open", home)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && home.is_dir() => Ok(()),
        Err(error) => Err(io_error("make", home)(error)),
    }
}

/// A new home, locked before it has the name by which others might sweep it away.
fn throwaway_home(parent: &Path, account: &Account) -> Result<(PathBuf, File), PrivateServerError> {
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    let name = format!("{}-{}", process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
    let (raw, home) = (parent.join(format!("trm-new-{name}")), parent.join(format!("{THROWAWAY}{name}")));
    // Of a process that had our number and died early.
    fs::remove_dir(&raw).ok();
    make_home(&raw, account)?;
    let lock = lock(&raw)?.ok_or_else(|| PrivateServerError::InUse { home: raw.clone() })?;
    fs::rename(&raw, &home).map_err(io_error("name", &home))?;
    Ok((home, lock))
}

/// The lock of a home, or nothing while another process has it.
fn lock(home: &Path) -> Result<Option<File>, PrivateServerError> {
    let path = home.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(io_error("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(io_error("lock", &path)(error)),
    }
}

/// Removes throw-away homes whose process was killed. Theirs is not our job: what cannot be removed stays.
fn sweep(parent: &Path, account: &Account) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let home = entry.path();
        let ours = entry.file_name().as_bytes().starts_with(THROWAWAY.as_bytes())
            && entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == account.own);
        // While its guard is still stopping the server, the folder is left to the next sweep.
        let idle = || at_work(&home.join("data")).is_none_or(|pids| pids.is_empty());
        if ours && lock(&home).is_ok_and(|lock| lock.is_some()) && idle() {
            let sockets = socket_folder(&home, account);
            let swept = remove_sockets(&sockets).and_then(|()| fs::remove_dir(&sockets));
            let removed = fs::remove_dir_all(&home);
            log::debug!("swept {}: {removed:?}, {}: {swept:?}", home.display(), sockets.display());
        }
    }
}

/// A folder name for the sockets, short because the path of a unix socket is limited to 107 bytes.
fn socket_folder(home: &Path, account: &Account) -> PathBuf {
    Path::new(SOCKETS).join(format!("trm-{}-{}", account.own, short_name(home)))
}

fn remove_sockets(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_bytes().starts_with(b".s.PGSQL.") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether `/dev/shm` can take a run of tests: by its own limit and by the memory that is free.
fn memory_has_room() -> bool {
    let mut df = Command::new("df");
    df.args(["-Pk", MEMORY]);
    let free = |text: &str| text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok();
    let available = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    let limit = run("df", df).ok().and_then(|text| free(&text));
    let memory = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text));
    limit.min(memory).is_some_and(|room| room >= ROOM)
}

/// The numbers of the PostgreSQL processes of a cluster, which all have it as their working directory, or nothing
/// where the system does not tell.
pub(super) fn at_work(data: &Path) -> Option<Vec<String>> {
    let data = data.canonicalize().ok()?;
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let works_here = |entry: &fs::DirEntry| {
        let process = entry.path();
        fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == data)
            && fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim() == "postgres")
    };
    let numbers = processes.filter(works_here).filter_map(|entry| entry.file_name().into_string().ok());
    Some(numbers.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).collect())
}

/// FNV-1a of a path, in hex: the same in every release, unlike the standard library's hasher, for data is found by it.
fn short_name(path: &Path) -> String {
    let hash = path.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A path as the host of a connection URL.
pub(super) fn percent_encoded(path: &Path) -> String {
    let encode = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.as_os_str().as_bytes().iter().map(encode).collect()
}
