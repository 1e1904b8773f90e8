"""Measures W1 to W4 through HTTP and through pgbench, side by side. Started by `run`."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

import report
from database import Database, compare
from load import HERE, Account, BenchError, Pgbench, Run, Wrk
from node import Node

SENDER, INBOX, RECEIVER = "tallinn-police", "tallinn-barnahus", "tallinn-shelter"
AGENCY = "019b7000-ee00-7000-8000-00000000000"
SENDER_ID, INBOX_ID, RECEIVER_ID = AGENCY + "1", AGENCY + "3", AGENCY + "4"
FILTERS = [("sent", "standard"), ("sent", "priority"), ("completed", "urgent"), ("in_service", "standard")]
READ, LIST, CREATE, ACT = "W1", "W2 (50 rows)", "W3", "W4"
SHORT_LIST = "W2 (10 rows)"
READS_IN_A_SCRIPT = 10
LOOKUPS = 2000


def settings():
    """From arguments and the environment."""
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test of seconds; its figures mean nothing")
    parser.add_argument("--statements", action="store_true", help="print what the node sends to PostgreSQL, and stop")
    parser.add_argument("--only", help="these workloads, for example W1,W3")
    parser.add_argument("--hold", metavar="SECONDS", type=int, default=0,
                        help="keep each HTTP run up that long at the end, for a profiler")
    it = parser.parse_args()
    quick = it.quick or it.statements
    it.rounds = int(os.environ.get("TRM_BENCH_ROUNDS", 1 if quick else 5))
    it.seconds = int(os.environ.get("TRM_BENCH_SECONDS", 1 if quick else 2))
    it.referrals = int(os.environ.get("TRM_BENCH_REFERRALS", 5_000 if quick else 100_000))
    it.connections = (8,) if quick else (1, 8, 32)
    it.cases, it.shown, it.stock_seconds = (20, 100, 1) if quick else (200, 2000, 5 * it.seconds)
    return it


class Bench:
    """The ground that both sides stand on, and a run of each."""

    def __init__(self, chosen, out, database, node):
        self.chosen, self.out, self.database, self.node = chosen, out, database, node
        account = Account(node.pid, database.postmaster)
        self.wrk = Wrk(account, node.url)
        self._account, self._pgbench = account, None
        self._acts, self._skip = 0, 0
        self.statements = {}

    # Preparing

    def prepare(self):
        """Cases and referrals through HTTP, the mass through SQL."""
        say("cases and referrals through HTTP")
        sender = self.node.connection(SENDER)
        for client in (INBOX, RECEIVER):
            self.node.token(client)
        bodies = [creation(self._case(sender)) for _ in range(self.chosen.cases)]
        (self.out / "bodies").write_text("\n".join(bodies) + "\n", encoding="utf-8")
        self._stock(1)
        say(f"{self.chosen.referrals:,} referrals through SQL")
        self.database.script("bulk.sql", n=self.chosen.referrals, country="EE", inbox=INBOX_ID)
        self._stock(self.chosen.stock_seconds)
        shown = self.database.ask(f"SELECT id FROM referrals WHERE from_agency_id = '{SENDER_ID}' ORDER BY id "
                                  f"LIMIT {self.chosen.shown}").split()
        self._paths("shown", [f"/v1/referrals/{it}" for it in shown])
        for limit in (50, 10):
            self._paths(f"list-{limit}", [f"/v1/referrals?box=inbox&status={status}&urgency={urgency}&limit={limit}"
                                          for status, urgency in FILTERS])
        self._paths("livez", ["/livez"])
        sender.send("GET", f"/v1/referrals/{shown[0]}")
        creations = self.chosen.rounds * len(self.chosen.connections) * self.chosen.seconds * 3000 + 60_000
        self.database.script("pools.sql", sender=SENDER_ID, inbox=INBOX_ID, shown=self.chosen.shown,
                             creations=creations)
        self.database.ask("VACUUM ANALYZE")
        self.database.ask("CHECKPOINT")
        self._pgbench = Pgbench(self._account, self.database.url, self._fixed())
        self._lists()

    def _case(self, sender):
        screening, _ = sender.send("POST", "/v1/screenings", {
            "observations": [{"indicator": "beg_adult_collects", "certainty": "confirmed"},
                             {"indicator": "beg_target_sum", "certainty": "reported"}],
            "acts": ["transportation"], "controllingPerson": True, "talkMinutes": 20})
        case, _ = sender.send("POST", "/v1/cases", {
            "screeningId": screening["id"],
            "child": {"callName": "Mik", "sex": "male", "birthDate": "2015", "ageCertainty": "declared",
                      "languages": ["uk"], "unaccompanied": True},
            "whereabouts": {"accommodationType": "emergency_shelter_child", "address": "Invented Street 1"}})
        return case["id"]

    def _stock(self, seconds):
        self.wrk.run("post", 16, seconds, target="/v1/referrals", bodies=self.out / "bodies",
                     token=self.node.token(SENDER))

    def _paths(self, name, paths):
        (self.out / name).write_text("\n".join(paths) + "\n", encoding="ascii")

    def _fixed(self):
        """What does not change from one transaction to the next."""
        ask = self.database.ask
        client, professional = ask("SELECT client, professional_id FROM access_log WHERE operation = 'getReferral' "
                                   "ORDER BY seq DESC LIMIT 1").split("|")
        receiver = ask("SELECT c.id, p.id FROM clients c JOIN professionals p USING (agency_id) "
                       f"WHERE c.client_id = '{RECEIVER}'").split("|")
        inbox = ask("SELECT c.id, p.id FROM clients c JOIN professionals p USING (agency_id) "
                    f"WHERE c.client_id = '{INBOX}'").split("|")
        line = ask("SELECT jsonb_build_array(to_jsonb(l) - 'seq' - 'xid' || '{\"operation\": \"listReferrals\", "
                   "\"subject_id\": null, \"case_id\": null}')::text FROM access_log l ORDER BY seq DESC LIMIT 1")
        sealed, payload = ask(
            "SELECT f.sealed, e.payload FROM referrals r JOIN referral_files f ON r.id = f.referral_id "
            "JOIN events e ON e.subject_id = r.id AND e.event = 'referral.sent' "
            f"WHERE r.from_agency_id = '{SENDER_ID}' LIMIT 1").split("|")
        return {"client": client, "professional": professional, "r_client": receiver[0], "r_professional": receiver[1],
                "i_client": inbox[0], "i_professional": inbox[1], "line": line, "sealed": sealed, "payload": payload,
                "agency": SENDER_ID, "receiver": RECEIVER_ID, "receiver_type": "shelter", "inbox": INBOX_ID,
                "country": "EE",
                "most": "ffffffff-ffff-ffff-ffff-ffffffffffff", "now": ask("SELECT now()"),
                "today": ask("SELECT current_date"), "one": 1, "two": 2, "many": 100,
                "of": ask("SELECT count(*) FROM bench.to_act"), "fingerprint": "\\x" + "ab" * 32,
                "section": "referral", "identity": "identity",
                "whereabouts": "whereabouts", "new_urgency": "urgent", "reasons": "{shelter}",
                "services": "{safe_accommodation}", "sent": "sent", "op_create": "createReferral",
                "op_act": "acknowledgeReferral", "drafted": "referral.drafted", "was_sent": "referral.sent",
                "was_acknowledged": "referral.acknowledged", "subject": "referral", "purpose": "assistance",
                "own": f"{{{SENDER_ID}}}", "both": f"{{{SENDER_ID},{RECEIVER_ID}}}", "empty": "{}"}

    def _lists(self):
        """Both sides list pages of the wanted length, or the figures are of something else."""
        inbox = self.node.connection(INBOX)
        for limit in (50, 10):
            for path in (self.out / f"list-{limit}").read_text(encoding="ascii").split():
                found = len(inbox.send("GET", path)[0]["data"])
                if found != limit and not self.chosen.quick and not self.chosen.statements:
                    raise BenchError(f"{path} has {found} rows: take more referrals")

    def look_at_statements(self):
        """What one request of each kind sends to PostgreSQL; it must be what pgbench sends."""
        inbox, sender, receiver = (self.node.connection(it) for it in (INBOX, SENDER, RECEIVER))
        path = (self.out / "shown").read_text(encoding="ascii").split()[0]
        listing = (self.out / "list-50").read_text(encoding="ascii").split()[0]
        body = (self.out / "bodies").read_text(encoding="utf-8").splitlines()[0]

        def create():
            return sender.send("POST", "/v1/referrals", json.loads(body))[0]["id"]

        def acknowledge(made):
            receiver.send("POST", f"/v1/referrals/{made[0]}/acknowledge", {}, **{"If-Match": made[1]})

        def seen_by_receiver():
            made = create()
            return made, receiver.send("GET", f"/v1/referrals/{made}")[1]["ETag"]

        acknowledge(seen_by_receiver())
        to_acknowledge = seen_by_receiver()
        requests = {READ: lambda: sender.send("GET", path), LIST: lambda: inbox.send("GET", listing),
                    CREATE: create, ACT: lambda: acknowledge(to_acknowledge)}
        for name, act in requests.items():
            act_sends = self.database.statements_of(act)
            self.statements[name] = len(act_sends)
            if self.chosen.statements:
                print(f"{name}:", *act_sends, sep="\n    ")
            else:
                compare(name, script_of(name), act_sends)
        self.statements[SHORT_LIST] = self.statements[LIST]

    # Measuring

    def refresh(self):
        """Before each round: logs emptied, referrals that wait for their receiver looked up with their tags."""
        self.node.forget_log()
        waiting = self.database.ask(
            f"SELECT id FROM referrals WHERE to_agency_id = '{RECEIVER_ID}' AND from_agency_id = '{SENDER_ID}' "
            "AND status = 'sent' AND id NOT IN (SELECT id FROM bench.to_create) ORDER BY id LIMIT 20000")
        self._paths("waiting", [f"/v1/referrals/{it}" for it in waiting.split()])
        self.wrk.run("collect", 16, self.chosen.seconds + 1, paths=self.out / "waiting", tags=self.out / "acts",
                     token=self.node.token(RECEIVER))
        self._skip = 0

    def http(self, name, connections, seconds=None):
        """One run through HTTP."""
        out, seconds = self.out, seconds or self.chosen.seconds
        if name == READ:
            return self.wrk.run("get", connections, seconds, paths=out / "shown", token=self.node.token(SENDER))
        if name in (LIST, SHORT_LIST):
            rows = 50 if name == LIST else 10
            return self.wrk.run("get", connections, seconds, paths=out / f"list-{rows}", token=self.node.token(INBOX))
        if name == CREATE:
            return self.wrk.run("post", connections, seconds, target="/v1/referrals", bodies=out / "bodies",
                                token=self.node.token(SENDER))
        run = self.wrk.run("act", connections, seconds, acts=out / "acts", skip=self._skip,
                           token=self.node.token(RECEIVER))
        self._skip = run.taken
        return run

    def livez(self, connections):
        """The cheapest request behind the same middleware."""
        return self.wrk.run("get", connections, 1, paths=self.out / "livez")

    def pgbench(self, name, connections):
        """One run of the same statements."""
        seconds, run = self.chosen.seconds, self._pgbench.run
        if name == READ:
            script = self.out / "w1.sql"
            script.write_text(ten_times(script_of(READ).read_text(encoding="utf-8")), encoding="utf-8")
            return run(script, connections, seconds, READS_IN_A_SCRIPT)
        if name in (LIST, SHORT_LIST):
            status, urgency = FILTERS[self._acts % len(FILTERS)]
            self._acts += 1
            return run(script_of(LIST), connections, seconds, status=status, urgency=urgency,
                       fetch=51 if name == LIST else 11)
        return run(script_of(name), connections, seconds)

    def lookups(self):
        """What the look-up of the ids costs PostgreSQL and pgbench, by workload."""
        found = {}
        for name, numbers in ((CREATE, "bench.creations"), (ACT, "bench.acts")):
            used = self.database.ask(f"SELECT last_value FROM {numbers}")
            text = script_of(name).read_text(encoding="utf-8")
            script = self.out / "lookup.sql"
            script.write_text(text[: text.index("\\gset")] + "\\gset\n", encoding="utf-8")
            found[name] = self._pgbench.times(script, 8, LOOKUPS)
            self.database.ask(f"SELECT setval('{numbers}', {used})")
        return found


def script_of(name):
    """The pgbench script of a workload."""
    return HERE / "pgbench" / f"{name[:2].lower()}.sql"


def ten_times(script):
    """A look-up of ten ids and the work for each."""
    start = script.index("\\gset\n") + len("\\gset\n")
    work = script[start:]
    each = (work.replace(":r0", f":r{k}").replace(":l0", f":l{k}") for k in range(READS_IN_A_SCRIPT))
    return script[:start] + "".join(each)


def without(run, lookup):
    """A run without what the look-up took."""
    return Run(run.count, run.rate, run.server_us, run.postgres_us - lookup.postgres_us,
               run.generator_us - lookup.generator_us, run.p99_us)


def creation(case):
    """The body that drafts and sends a referral."""
    return json.dumps({
        "caseId": case, "toAgencyId": RECEIVER_ID, "urgency": "urgent", "reasons": ["shelter"],
        "services": ["safe_accommodation"], "summary": "A boy of about eleven needs a safe place tonight. " * 4,
        "send": {"disclosures": [{"dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"]},
                                 {"dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"]}],
                 "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01", "childInformed": True,
                 "caveats": ["do_not_tell_parents"]}}, separators=(",", ":"))


def say(text):
    """Progress, apart from the result."""
    print(text, file=sys.stderr, flush=True)


def measure(bench):
    """All rounds; what a workload has at each number of connections, and /livez."""
    chosen = bench.chosen
    wanted = [(name, number) for name in (READ, LIST, CREATE, ACT) for number in chosen.connections]
    wanted.insert(len(chosen.connections) * 2, (SHORT_LIST, 8))
    if chosen.only:
        wanted = [it for it in wanted if it[0][:2] in chosen.only.split(",")]
    livez = {number: [] for number in chosen.connections}
    runs = {it: ([], []) for it in wanted}
    for number in range(chosen.rounds):
        say(f"round {number + 1} of {chosen.rounds}")
        bench.refresh()
        lookups = bench.lookups()
        for connections in chosen.connections:
            livez[connections].append(bench.livez(connections))
        for name, connections in wanted:
            def by_pgbench(name=name, connections=connections):
                run = bench.pgbench(name, connections)
                runs[name, connections][0].append(without(run, lookups[name]) if name in lookups else run)

            def by_http(name=name, connections=connections):
                runs[name, connections][1].append(bench.http(name, connections))
            # Who comes first changes, so that neither always finds the other's dirty pages.
            both = [by_pgbench, by_http]
            for side in both if number % 2 == 0 else reversed(both):
                side()
    return [report.Cell(name, number, *runs[name, number], livez[number]) for name, number in wanted], livez


def main():
    """Everything, and nothing of it left running."""
    chosen = settings()
    out = Path(os.environ["TRM_BENCH_OUT"])
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    database = Database()
    node = None
    try:
        node = Node(database.url, out)
        node.wait()
        bench = Bench(chosen, out, database, node)
        bench.prepare()
        bench.look_at_statements()
        if chosen.statements:
            return
        cells, livez = measure(bench)
        for cell in cells if chosen.hold else []:
            if cell.connections == 8:
                say(f"{cell.name} for {chosen.hold} s: process {node.pid}")
                bench.refresh()
                bench.http(cell.name, 8, chosen.hold)
        facts = {"referrals": chosen.referrals, "postgres": database.version, "rounds": chosen.rounds,
                 "seconds": chosen.seconds, "load": load, "memory": node.memory_mib()}
        text = report.document(cells, bench.statements, livez, facts)
        (out / "result.md").write_text(text, encoding="utf-8")
        print(text)
    finally:
        if node:
            node.stop()
        database.drop()


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(f"bench: {error}")
