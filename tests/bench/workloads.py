"""The workloads through HTTP and through pgbench, on a prepared ground."""

from ground import (ACT, CREATE, FILTERS, INBOX, LIST, MIX, READ, RECEIVER, RECEIVER_ID, SENDER, SENDER_ID, SHORT_LIST,
                    script_of)
from load import BenchError, Pgbench, Run, Script

READS_IN_A_SCRIPT = 10
LOOKUPS = 2000
# More than a node acknowledges in the mean of all numbers of connections.
WAITING_A_SECOND = 3000
# Reads come by ten.
WEIGHTS = {READ: 7, LIST: 15, CREATE: 10, ACT: 5}


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


class Workloads:
    """Runs one workload once, on one side."""

    def __init__(self, ground):
        self._ground, self._chosen, self._out = ground, ground.chosen, ground.out
        self._pgbench = Pgbench(ground.account, ground.database.url, ground.fixed())
        self._lists, self._skip, self._acts = 0, 0, 0
        reads = script_of(READ).read_text(encoding="utf-8")
        (self._out / "w1.sql").write_text(ten_times(reads), encoding="utf-8")

    def refresh(self):
        """Before each round, the same ground again: logs emptied; referrals that wait for their receiver looked up with
        their tags, and what else was made retired, so that a child has few ongoing ones; deadlines that pgbench has
        ended opened again."""
        self._ground.node.forget_log()
        ask = self._ground.database.ask
        acts, of = (int(it) for it in ask("SELECT last_value, (SELECT count(*) FROM bench.to_act) FROM bench.acts"
                                          ).split("|"))
        if acts - self._acts > of:
            raise BenchError("pgbench has run out of referrals to act on: raise ACTS_A_SECOND")
        self._acts = acts
        ask("SELECT bench.open_again()")
        most = self._chosen.seconds * len(self._chosen.connections) * WAITING_A_SECOND
        retire = f"SELECT bench.retire('{SENDER_ID}', '{RECEIVER_ID}', {most})"
        waiting = ask(retire).split()
        while len(waiting) < most * 0.8 and not self._chosen.quick:
            self._ground.stock(self._chosen.seconds)
            waiting = ask(retire).split()
        self._ground.paths("waiting", [f"/v1/referrals/{it}" for it in waiting])
        self._ground.wrk.run("collect", 16, self._chosen.seconds + 2, paths=self._out / "waiting",
                             tags=self._out / "acts", token=self._token(RECEIVER))
        self._skip = 0

    def _token(self, client):
        return self._ground.node.token(client)

    def http(self, name, connections, seconds=None):
        """One run through HTTP."""
        out, seconds = self._out, seconds or self._chosen.seconds
        wrk = self._ground.wrk.run
        creating = {"target": "/v1/referrals", "bodies": out / "bodies"}
        acting = {"acts": out / "acts", "skip": self._skip}
        if name == READ:
            return wrk("get", connections, seconds, paths=out / "shown", token=self._token(SENDER))
        if name in (LIST, SHORT_LIST):
            rows = 50 if name == LIST else 10
            return wrk("get", connections, seconds, paths=out / f"list-{rows}", token=self._token(INBOX))
        if name == CREATE:
            return wrk("post", connections, seconds, **creating, token=self._token(SENDER))
        if name == ACT:
            run = wrk("act", connections, seconds, **acting, token=self._token(RECEIVER))
        else:
            run = wrk("mix", connections, seconds, paths=out / "shown", lists=out / "list-50", **creating, **acting,
                      token=self._token(SENDER), list_token=self._token(INBOX), act_token=self._token(RECEIVER))
        self._skip = run.taken
        return run

    def livez(self, connections):
        """The cheapest request behind the same middleware."""
        return self._ground.wrk.run("get", connections, 1, paths=self._out / "livez")

    def pgbench(self, name, connections):
        """One run of the same statements."""
        status, urgency = FILTERS[self._lists % len(FILTERS)]
        self._lists += 1
        scripts = {
            READ: Script(self._out / "w1.sql", READS_IN_A_SCRIPT, WEIGHTS[READ]),
            LIST: Script(script_of(LIST), 1, WEIGHTS[LIST]),
            SHORT_LIST: Script(script_of(LIST)),
            CREATE: Script(script_of(CREATE), 1, WEIGHTS[CREATE]),
            ACT: Script(script_of(ACT), 1, WEIGHTS[ACT]),
        }
        chosen = [scripts[it] for it in WEIGHTS] if name == MIX else [scripts[name]]
        return self._pgbench.run(chosen, connections, self._chosen.seconds, status=status, urgency=urgency,
                                 fetch=11 if name == SHORT_LIST else 51)

    def lookups(self):
        """What the look-up of the ids costs PostgreSQL and pgbench, by workload."""
        found = {}
        for name, numbers in ((CREATE, "bench.creations"), (ACT, "bench.acts")):
            used = self._ground.database.ask(f"SELECT last_value FROM {numbers}")
            text = script_of(name).read_text(encoding="utf-8")
            script = self._out / "lookup.sql"
            script.write_text(text[: text.index("\\gset")] + "\\gset\n", encoding="utf-8")
            found[name] = self._pgbench.times(script, 8, LOOKUPS)
            self._ground.database.ask(f"SELECT setval('{numbers}', {used})")
        found[MIX] = Run(0, 0.0, 0.0, *(
            sum(getattr(found[it], what) * WEIGHTS[it] for it in (CREATE, ACT)) / 100
            for what in ("postgres_us", "generator_us")))
        return found
