//! What is left of a case or a word in a database: what tests of erasing and of sealing look for.

use std::{collections::BTreeMap, fs, path::PathBuf};

use data_encoding::HEXLOWER;
use diesel::{
    PgConnection, QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _, sql_query,
    sql_types::Text,
};

use super::TestDatabase;

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn words(conn: &mut PgConnection, query: &str) -> Vec<String> {
    let found: Vec<Word> = sql_query(query).load(conn).expect("the words");
    found.into_iter().map(|it| it.word).collect()
}

impl TestDatabase {
    /// How many rows of each table hold one of these words, as text or as bytes; tables without any are missing.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn tables_that_hold(&self, wanted: &[String]) -> BTreeMap<String, usize> {
        let mut conn = self.connection();
        let either: Vec<String> =
            wanted.iter().flat_map(|it| [it.clone(), HEXLOWER.encode(it.as_bytes())]).collect();
        let tables = words(&mut conn, "SELECT tablename AS word FROM pg_tables WHERE schemaname = 'public'");
        let holding = |table: String| {
            let rows = words(&mut conn, &format!("SELECT t::text AS word FROM {table} t"));
            let number = rows.iter().filter(|row| either.iter().any(|it| row.contains(it))).count();
            (number > 0).then_some((table, number))
        };
        tables.into_iter().filter_map(holding).collect()
    }

    /// The ids of a case, of its child, of what it came from and of all that is kept in it.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn ids_of_case(&self, case: &str) -> Vec<String> {
        let mut conn = self.connection();
        let of_case = words(
            &mut conn,
            "SELECT table_name AS word FROM information_schema.columns WHERE table_schema = 'public' \
             AND column_name IN ('id', 'case_id') AND table_name NOT IN ('events', 'access_log') \
             GROUP BY table_name HAVING count(*) = 2",
        );
        let mut queries: Vec<String> =
            of_case.iter().map(|it| format!("SELECT id FROM {it} WHERE case_id = '{case}'")).collect();
        queries.extend([
            format!("SELECT unnest(ARRAY[id, child_id, screening_id]) FROM cases WHERE id = '{case}'"),
            format!("SELECT s.concern_id FROM screenings s JOIN cases c ON c.screening_id = s.id WHERE c.id = '{case}'"),
            format!("SELECT id FROM referral_messages WHERE referral_id IN (SELECT id FROM referrals WHERE case_id = '{case}')"),
            format!("SELECT id FROM case_links WHERE other_case_id = '{case}'"),
            format!("SELECT id FROM case_matches WHERE other_case_id = '{case}'"),
        ]);
        let all = queries.join(" UNION ");
        words(&mut conn, &format!("SELECT id::text AS word FROM ({all}) AS found (id) WHERE id IS NOT NULL"))
    }

    /// Ends a case with its referrals and requests to other countries, behind the node's back, so that nothing of it is open or contested.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn end_case(&self, case: &str) {
        let ended = format!(
            "UPDATE cases SET status = 'closed', appeal_until = NULL, version = version + 1 WHERE id = '{case}'; \
             UPDATE referrals SET status = 'cancelled' WHERE case_id = '{case}'; \
             UPDATE transnational_requests SET status = 'closed', carry_at = NULL WHERE case_id = '{case}'; \
             UPDATE age_assessments SET appeal_until = NULL WHERE case_id = '{case}'; \
             UPDATE case_matches SET status = 'rejected' WHERE '{case}' IN (case_id::text, other_case_id::text)"
        );
        self.connection().batch_execute(&ended).expect("it is ended");
    }

    /// The files of the database on the disk of the server, tables and indexes alike, with everything that was written.
    ///
    /// # Panics
    /// When this process may not read them.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut conn = self.connection();
        conn.batch_execute("CHECKPOINT").expect("all is written");
        let folder = words(
            &mut conn,
            "SELECT current_setting('data_directory') || '/base/' || oid AS word FROM pg_database \
             WHERE datname = current_database()",
        );
        let files = fs::read_dir(&folder[0]).expect("the folder of the database");
        let read = |entry: std::io::Result<fs::DirEntry>| {
            let path = entry.expect("a file").path();
            let bytes = fs::read(&path).expect("a file of the database");
            (path, bytes)
        };
        files.map(read).collect()
    }
}
