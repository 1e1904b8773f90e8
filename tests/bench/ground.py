"""The ground that both sides stand on: a filled database, a node on it, and what each side takes its requests from."""

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from database import Database, compare
from load import HERE, Account, BenchError, Wrk
from node import Node
from report import say

SENDER, INBOX, RECEIVER = "tallinn-police", "tallinn-barnahus", "tallinn-shelter"
AGENCY = "019b7000-ee00-7000-8000-00000000000"
SENDER_ID, INBOX_ID, RECEIVER_ID = AGENCY + "1", AGENCY + "3", AGENCY + "4"
FILTERS = [("sent", "standard"), ("sent", "priority"), ("completed", "urgent"), ("in_service", "standard")]
READ, LIST, SHORT_LIST, CREATE, ACT, MIX = "W1", "W2 (50 rows)", "W2 (10 rows)", "W3", "W4", "W5"
# More than any machine does that this is run on.
CREATIONS_A_SECOND, ACTS_A_SECOND = 4000, 5000
CASE_MAKERS = 4


def script_of(name):
    """The pgbench script of a workload."""
    return HERE / "pgbench" / f"{name[:2].lower()}.sql"


def creation(case):
    """The body that drafts and sends a referral."""
    return json.dumps({
        "caseId": case, "toAgencyId": RECEIVER_ID, "urgency": "urgent", "reasons": ["shelter"],
        "services": ["safe_accommodation"], "summary": "A boy of about eleven needs a safe place tonight. " * 4,
        "send": {"disclosures": [{"dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"]},
                                 {"dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"]}],
                 "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01", "childInformed": True,
                 "caveats": ["do_not_tell_parents"]}}, separators=(",", ":"))


class Ground:
    """A database with so many referrals, and a node on it."""

    def __init__(self, chosen, referrals, out):
        self.chosen, self.referrals, self.out = chosen, referrals, out
        self.database, self.node, self.wrk, self.account = Database(), None, None, None
        self.start_seconds = self.load_seconds = self.gib = 0.0
        self.statements = {}
        # A node does not start on another database than the one whose seals it keeps.
        shutil.rmtree(out / "state", ignore_errors=True)

    def close(self):
        """Nothing of it stays."""
        if self.node:
            self.node.stop()
        self.database.drop()

    def _start(self):
        self.node = Node(self.database.url, self.out)
        self.start_seconds = self.node.wait()
        self.account = Account(self.node.pid, self.database.postmaster)
        self.wrk = Wrk(self.account, self.node.url)

    def prepare(self):
        """Cases and referrals through HTTP, the mass through SQL while no node runs."""
        say("cases and referrals through HTTP")
        self._start()
        for client in (SENDER, INBOX, RECEIVER):
            self.node.token(client)
        with ThreadPoolExecutor(CASE_MAKERS) as makers:
            each = [self.chosen.cases // CASE_MAKERS] * CASE_MAKERS
            bodies = [creation(case) for cases in makers.map(self._cases, each) for case in cases]
        (self.out / "bodies").write_text("\n".join(bodies) + "\n", encoding="utf-8")
        self.stock(1)
        self.node.stop()
        started = time.monotonic()
        with self.database.roomy_log():
            say(f"{self.referrals:,} referrals through SQL")
            self.database.script("bulk.sql", n=self.referrals, country="EE", inbox=INBOX_ID)
            say("vacuum")
            self.database.ask("VACUUM ANALYZE")
        self.load_seconds = time.monotonic() - started
        self._start()
        self.stock(self.chosen.stock_seconds)
        self._take_from()
        self.database.ask("VACUUM ANALYZE")
        self.database.ask("CHECKPOINT")
        self.gib = self.database.gib()

    def _take_from(self):
        """What the requests of both sides are made of."""
        say("what the requests are made of")
        shown = self.database.ask(f"SELECT id FROM referrals WHERE from_agency_id = '{SENDER_ID}' ORDER BY id "
                                  f"LIMIT {self.chosen.shown}").split()
        self.paths("shown", [f"/v1/referrals/{it}" for it in shown])
        for limit in (50, 10):
            self.paths(f"list-{limit}", [f"/v1/referrals?box=inbox&status={status}&urgency={urgency}&limit={limit}"
                                         for status, urgency in FILTERS])
        self.paths("livez", ["/livez"])
        self.node.connection(SENDER).send("GET", f"/v1/referrals/{shown[0]}")
        seconds = self.chosen.seconds * len(self.chosen.connections)
        self.database.script("pools.sql", sender=SENDER_ID, inbox=INBOX_ID, shown=self.chosen.shown,
                             creations=self.chosen.rounds[self.referrals] * seconds * CREATIONS_A_SECOND + 40_000,
                             acts=min(seconds * ACTS_A_SECOND, self.referrals * 6 // 10))

    def _cases(self, number):
        sender = self.node.connection(SENDER)
        return [self._case(sender) for _ in range(number)]

    @staticmethod
    def _case(sender):
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

    def stock(self, seconds):
        """Referrals that wait for their receiver."""
        self.wrk.run("post", 16, seconds, target="/v1/referrals", bodies=self.out / "bodies",
                     token=self.node.token(SENDER))

    def paths(self, name, paths):
        """Keeps the lines that wrk takes its requests from."""
        (self.out / name).write_text("\n".join(paths) + "\n", encoding="ascii")

    def fixed(self):
        """What does not change from one transaction of pgbench to the next."""
        ask = self.database.ask
        client, professional = ask("SELECT client, professional_id FROM access_log WHERE operation = 'getReferral' "
                                   "ORDER BY seq DESC LIMIT 1").split("|")
        receiver, inbox = (ask("SELECT c.id, p.id FROM clients c JOIN professionals p USING (agency_id) "
                               f"WHERE c.client_id = '{it}'").split("|") for it in (RECEIVER, INBOX))
        line = ask("SELECT jsonb_build_array(to_jsonb(l) - 'seq' - 'xid' || '{\"operation\": \"listReferrals\", "
                   "\"subject_id\": null, \"case_id\": null}')::text FROM access_log l ORDER BY seq DESC LIMIT 1")
        sealed, payload, computed = ask(
            "SELECT f.sealed, e.payload, d.computed_from "
            "FROM referrals r JOIN referral_files f ON r.id = f.referral_id "
            "JOIN events e ON e.subject_id = r.id AND e.event = 'referral.sent' "
            "JOIN deadlines d ON d.subject_id = r.id AND d.duty = 'decide' "
            f"WHERE r.from_agency_id = '{SENDER_ID}' LIMIT 1").split("|")
        codes = {it: it for it in ("referral", "identity", "whereabouts", "sent", "shelter", "urgent", "acknowledge",
                                   "decide", "first_contact", "ask_view", "fulfilled")}
        return codes | {
            "client": client, "professional": professional, "r_client": receiver[0], "r_professional": receiver[1],
            "i_client": inbox[0], "i_professional": inbox[1], "line": line, "sealed": sealed, "payload": payload,
            "computed": computed, "agency": SENDER_ID, "receiver": RECEIVER_ID, "inbox": INBOX_ID, "country": "EE",
            "most": "ffffffff-ffff-ffff-ffff-ffffffffffff", "nobody": "00000000-0000-0000-0000-000000000000",
            "now": ask("SELECT now()"), "due": ask("SELECT now() + interval '30 days'"),
            "today": ask("SELECT current_date"), "zero": 0, "one": 1, "two": 2, "many": 100, "yes": "t", "no": "f",
            "reach_setting": "trm.reach", "reach": "country", "no_reach": "nothing", "barred": "{}",
            "of": ask("SELECT count(*) FROM bench.to_act"), "fingerprint": "\\x" + "ab" * 32,
            "ongoing": "{sent,acknowledged,info_requested,accepted,in_service}", "ended": "{acknowledge}",
            "reasons": "{shelter}", "services": "{safe_accommodation}", "op_create": "createReferral",
            "op_act": "acknowledgeReferral", "drafted": "referral.drafted", "was_sent": "referral.sent",
            "was_acknowledged": "referral.acknowledged", "purpose": "assistance", "own": f"{{{SENDER_ID}}}",
            "both": f"{{{SENDER_ID},{RECEIVER_ID}}}", "empty": "{}"}

    def check_lists(self):
        """Both sides list pages of the wanted length, or the figures are of something else."""
        inbox = self.node.connection(INBOX)
        for limit in (50, 10):
            for path in (self.out / f"list-{limit}").read_text(encoding="ascii").split():
                found = len(inbox.send("GET", path)[0]["data"])
                if found != limit and not self.chosen.quick:
                    raise BenchError(f"{path} has {found} rows: take more referrals")

    def look_at_statements(self):
        """What one request of each kind sends to PostgreSQL; it must be what pgbench sends."""
        inbox, sender, receiver = (self.node.connection(it) for it in (INBOX, SENDER, RECEIVER))
        path = (self.out / "shown").read_text(encoding="ascii").split()[0]
        listing = (self.out / "list-50").read_text(encoding="ascii").split()[0]
        body = json.loads((self.out / "bodies").read_text(encoding="utf-8").splitlines()[0])

        def create():
            return sender.send("POST", "/v1/referrals", body)[0]["id"]

        def acknowledge(made):
            receiver.send("POST", f"/v1/referrals/{made[0]}/acknowledge", {}, **{"If-Match": made[1]})

        def seen_by_receiver():
            made = create()
            return made, receiver.send("GET", f"/v1/referrals/{made}")[1]["ETag"]

        acknowledge(seen_by_receiver())
        to_acknowledge = seen_by_receiver()
        requests = {READ: lambda: sender.send("GET", path), LIST: lambda: inbox.send("GET", listing),
                    CREATE: create, ACT: lambda: acknowledge(to_acknowledge)}
        def ask_before():
            # Whom nobody hides behind is looked up every few seconds, and else known.
            sender.send("GET", path)
            inbox.send("GET", listing)
            receiver.send("GET", f"/v1/referrals/{to_acknowledge[0]}")

        for name, act in requests.items():
            ask_before()
            sends = self.database.statements_of(act)
            self.statements[name] = sends
            if self.chosen.statements:
                print(f"{name}:", *(str(it) for it in sends), sep="\n    ")
            else:
                compare(name, script_of(name), sends)
        self.statements[SHORT_LIST] = self.statements[LIST]
