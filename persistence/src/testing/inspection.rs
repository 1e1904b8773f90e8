//! What tests see of a database behind the node's back, and what they change there: what operators do to clients.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName, RunQueryDsl as _,
    connection::SimpleConnection as _,
    sql_query,
    sql_types::{Jsonb, Text},
};
use domain::{access::scope_ceiling, vocabulary::AgencyType};
use serde_json::Value;

use super::TestDatabase;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Digested {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    digest: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Jsonb)]
    line: Value,
}

impl TestDatabase {
    /// A digest of the rows of every table but the access log and the seal on the logs: equal before and after what has no effect.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn contents(&self) -> BTreeMap<String, String> {
        let mut conn = self.connection();
        let tables: Vec<Named> = sql_query(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' \
             AND tablename NOT IN ('access_log', 'log_leaves', 'log_nodes', 'log_checkpoints')",
        )
        .load(&mut conn)
        .expect("the tables");
        let digests: Vec<String> = tables
            .iter()
            .map(|it| {
                let name = &it.name;
                format!(
                    "SELECT '{name}' AS name, count(*) || ' ' || \
                     coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') AS digest FROM {name} t"
                )
            })
            .collect();
        let rows: Vec<Digested> =
            sql_query(digests.join(" UNION ALL ")).load(&mut conn).expect("the contents");
        rows.into_iter().map(|it| (it.name, it.digest)).collect()
    }

    /// The lines of the log of reads and refusals, in the order in which they were written.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn access_log(&self) -> Vec<Value> {
        self.lines("SELECT to_jsonb(t) AS line FROM access_log t ORDER BY seq")
    }

    /// The facts, in the order in which they were written.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn facts(&self) -> Vec<Value> {
        self.lines("SELECT to_jsonb(t) - 'xid' AS line FROM events t ORDER BY seq")
    }

    /// How many events have no place in the feed yet.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn events_without_place(&self) -> usize {
        let query = "SELECT to_jsonb(e.seq) AS line FROM events e \
                     WHERE NOT EXISTS (SELECT FROM event_positions p WHERE p.seq = e.seq)";
        self.lines(query).len()
    }

    /// How many lines of the log were not looked through yet for whoever is shut out.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn lines_not_looked_at(&self) -> usize {
        let query = "SELECT to_jsonb(l.seq) AS line FROM access_log l, shut_out_place p WHERE (l.xid, l.seq) > (p.xid, p.seq)";
        self.lines(query).len()
    }

    /// How many lines and events are not sealed yet.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn rows_without_leaf(&self) -> usize {
        let query = "SELECT to_jsonb(t.seq) AS line FROM ( \
                       SELECT 'access_log' AS log, seq FROM access_log UNION ALL SELECT 'events', seq FROM events) t \
                     WHERE NOT EXISTS (SELECT FROM log_leaves l WHERE l.log = t.log AND l.seq = t.seq)";
        self.lines(query).len()
    }

    /// Switches a client off or on.
    ///
    /// # Panics
    /// When there is no such client.
    pub fn set_client_active(&self, client_id: &str, active: bool) {
        self.change(&format!("UPDATE clients SET active = {active} WHERE client_id = '{client_id}'"));
    }

    /// Makes the tokens of a client void, as after a lost key.
    ///
    /// # Panics
    /// When there is no such client.
    pub fn advance_epoch(&self, client_id: &str) {
        self.change(&format!("UPDATE clients SET epoch = epoch + 1 WHERE client_id = '{client_id}'"));
    }

    /// Switches the agency of a client off or on.
    ///
    /// # Panics
    /// When there is no such client.
    pub fn set_agency_active(&self, client_id: &str, active: bool) {
        self.change(&format!(
            "UPDATE agencies SET active = {active} \
             WHERE id = (SELECT agency_id FROM clients WHERE client_id = '{client_id}')"
        ));
    }

    /// Why messages of other countries were refused, in order; each is kept as evidence.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn refused_messages(&self) -> Vec<String> {
        let all = "SELECT refused_because AS name FROM transnational_messages WHERE direction = 'refused' ORDER BY id";
        let rows: Vec<Named> = sql_query(all).load(&mut self.connection()).expect("the evidence");
        rows.into_iter().map(|it| it.name).collect()
    }

    /// Suspends a professional, by the agency's own id, or lets one work again.
    ///
    /// # Panics
    /// When nobody with this id has called yet.
    pub fn set_suspended(&self, subject: &str, suspended: bool) {
        self.change(&format!("UPDATE professionals SET suspended = {suspended} WHERE subject = '{subject}'"));
    }

    /// Narrows what a client was registered for.
    ///
    /// # Panics
    /// When there is no such client.
    pub fn set_scopes(&self, client_id: &str, scopes: &str) {
        self.change(&format!("UPDATE clients SET scopes = '{scopes}' WHERE client_id = '{client_id}'"));
    }

    /// Cuts every connection to the database, as a restart of the server does.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn cut_connections(&self) {
        let cut =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        super::server().batch_execute(&cut).expect("cut the connections");
    }

    /// Lets nobody connect to the database any more, or everybody again.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn set_reachable(&self, reachable: bool) {
        let allow = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {reachable}", self.name);
        super::server().batch_execute(&allow).expect("open or close the database");
        self.cut_connections();
    }

    /// Gives a case to the agency of a client alone, as if it had taken the case in and led it from the beginning.
    ///
    /// # Panics
    /// When there is no such case or client.
    pub fn give_case_to(&self, case: &str, client_id: &str) {
        let agency = format!("(SELECT agency_id FROM clients WHERE client_id = '{client_id}')");
        self.change(&format!(
            "UPDATE cases SET lead_agency_id = {agency}, opened_by_agency_id = {agency}, version = version + 1 \
             WHERE id = '{case}'"
        ));
        let others = format!("DELETE FROM participations WHERE case_id = '{case}' AND agency_id <> {agency}");
        let own = format!(
            "INSERT INTO participations (agency_id, case_id, country, basis, source_id, classes, since) \
             SELECT lead_agency_id, id, country, 'lead', id, '{{}}', opened_at FROM cases WHERE id = '{case}' \
             ON CONFLICT (agency_id, case_id, source_id, basis) DO UPDATE SET until = NULL"
        );
        self.connection().batch_execute(&format!("{others}; {own}")).expect("it alone takes part");
    }

    /// Makes the agency of a client one of another type, with all scopes that such an agency may hold.
    ///
    /// # Panics
    /// When there is no such client.
    pub fn set_agency_type(&self, client_id: &str, agency_type: AgencyType) {
        let scopes = scope_ceiling(agency_type);
        self.change(&format!("UPDATE clients SET scopes = '{scopes}' WHERE client_id = '{client_id}'"));
        self.change(&format!(
            "UPDATE agencies SET agency_type = '{agency_type}' \
             WHERE id = (SELECT agency_id FROM clients WHERE client_id = '{client_id}')"
        ));
    }

    /// Sets the types of agency that may presume a child a victim in a country.
    ///
    /// # Panics
    /// When there is no such country.
    pub fn set_may_presume(&self, country: &str, agency_types: &[&str]) {
        let types = serde_json::to_string(agency_types).expect("JSON");
        self.change(&format!(
            "UPDATE countries SET profile = jsonb_set(profile, '{{mayPresume,value}}', '{types}') \
             WHERE code = '{country}'"
        ));
    }

    fn lines(&self, query: &str) -> Vec<Value> {
        let rows: Vec<Line> = sql_query(query).load(&mut self.connection()).expect("the lines");
        rows.into_iter().map(|it| it.line).collect()
    }

    fn change(&self, statement: &str) {
        let changed = sql_query(statement).execute(&mut self.connection()).expect("the change");
        assert_eq!(changed, 1, "{statement}");
    }

    /// Keeps the access log from being written, or lets it be written again.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn set_log_writable(&self, writable: bool) {
        self.set_writable("access_log", writable);
    }

    /// Keeps both logs from being written, or lets them be written again.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn set_logs_writable(&self, writable: bool) {
        self.set_writable("access_log", writable);
        self.set_writable("events", writable);
    }

    /// Says of what was asked in a request something else, behind the triggers.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn forge_line(&self, request_id: &str, outcome: &str) {
        let id = uuid::Uuid::parse_str(request_id).expect("an id");
        let change = format!(
            "BEGIN; SET LOCAL session_replication_role = replica; \
             UPDATE access_log SET outcome = '{outcome}' WHERE request_id = '{id}'; COMMIT"
        );
        self.connection().batch_execute(&change).expect("the log");
    }

    fn set_writable(&self, table: &str, writable: bool) {
        let word =
            if writable { "DROP CONSTRAINT shut" } else { "ADD CONSTRAINT shut CHECK (false) NOT VALID" };
        self.connection().batch_execute(&format!("ALTER TABLE {table} {word}")).expect("the log");
    }
}
