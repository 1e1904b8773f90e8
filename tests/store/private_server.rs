//! The PostgreSQL that `trm` starts for itself: it answers, keeps its data, lets in one process, survives a crash.
#![expect(clippy::expect_used, reason = "helpers of tests: without a server a test should stop")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
};
use persistence::private_server::{PrivateServer, PrivateServerError, Settings};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

fn ask(connection: &mut PgConnection, question: &str) -> String {
    sql_query(question).get_result::<Answer>(connection).expect("an answer").value
}

fn connect(server: &PrivateServer) -> PgConnection {
    PgConnection::establish(&server.url()).expect("connect to the private server")
}

/// A folder that nothing uses yet, under a name that needs quoting everywhere.
fn given_folder() -> PathBuf {
    std::env::temp_dir().join(format!("trm it's \"a $folder\" {}", Uuid::new_v4().simple()))
}

/// Stops the server and removes its folder; as root another folder must have stood in for the wanted one.
fn discard(server: PrivateServer, wanted: &Path) {
    let home = server.home().to_owned();
    server.stop().expect("stop");
    fs::remove_dir_all(&home).expect("remove the server's folder");
    assert!(!wanted.exists(), "{} remains beside {}", wanted.display(), home.display());
}

#[test]
fn a_durable_server_keeps_its_data_from_one_start_to_the_next() {
    let wanted = given_folder();
    let server = PrivateServer::start(Settings::durable(&wanted)).expect("first start");
    connect(&server).batch_execute("CREATE TABLE kept AS SELECT 'still here' AS value").expect("write");
    server.stop().expect("stop");

    let server = PrivateServer::start(Settings::durable(&wanted)).expect("second start");
    let mut connection = connect(&server);
    assert_eq!(ask(&mut connection, "SELECT value FROM kept"), "still here");
    assert_eq!(ask(&mut connection, "SELECT current_setting('fsync') AS value"), "on");
    assert_eq!(ask(&mut connection, "SELECT current_setting('listen_addresses') AS value"), "");
    discard(server, &wanted);
}

#[test]
fn a_second_process_is_told_that_the_folder_is_in_use() {
    let wanted = given_folder();
    let server = PrivateServer::start(Settings::durable(&wanted)).expect("start");
    let refused = PrivateServer::start(Settings::durable(&wanted)).expect_err("one folder, one server");
    assert!(matches!(refused, PrivateServerError::InUse { .. }), "{refused}");
    connect(&server);
    discard(server, &wanted);
}

#[test]
fn a_server_starts_again_after_its_database_was_killed() {
    let wanted = given_folder();
    let server = PrivateServer::start(Settings::durable(&wanted)).expect("start");
    let mut connection = connect(&server);
    connection.batch_execute("CREATE TABLE kept AS SELECT 'committed' AS value").expect("write");
    let pid_file = server.home().join("data/postmaster.pid");
    let noted = fs::read_to_string(&pid_file).expect("a running server notes its process");
    let postmaster = noted.lines().next().expect("its number");
    let killed = Command::new("kill").args(["-9", postmaster]).status().expect("run kill");
    assert!(killed.success());
    server.stop().expect_err("nothing was left to stop");
    assert!(pid_file.exists(), "a killed server cannot tidy up");

    let server = PrivateServer::start(Settings::durable(&wanted)).expect("start after the crash");
    assert_eq!(ask(&mut connect(&server), "SELECT value FROM kept"), "committed");
    discard(server, &wanted);
}

#[test]
fn a_throwaway_server_leaves_nothing() {
    let wanted = given_folder();
    let server = PrivateServer::start(Settings::throwaway(&wanted)).expect("start");
    assert_eq!(ask(&mut connect(&server), "SELECT current_setting('fsync') AS value"), "off");
    let home = server.home().to_owned();
    assert!(home.exists());
    drop(server);
    assert!(!home.exists());
    assert!(!wanted.join("data").exists());
}
