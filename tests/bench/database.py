"""The database under measurement: a fresh one, filled, and asked what the node really sends to it."""

import contextlib
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from load import HERE, BenchError

NAME = "bench"
# What only the node's own work beside the requests says.
BACKGROUND = ("shut_out_place", "canary_alarms", "event_positions", "pg_try_advisory_xact_lock",
              'DELETE FROM "idempotency_keys"', '"deadlines"."next_step_at" <=', "log_checkpoints", "log_leaves",
              "log_nodes", '"carry_at" <=')


class Database:
    """A database of its own on the server in TRM_TEST_SERVER, gone at the end."""

    def __init__(self):
        self._server = os.environ["TRM_TEST_SERVER"]
        self.url = self._server.rsplit("/", 1)[0] + "/" + NAME
        self._run(self._server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        self._run(self._server, f"CREATE DATABASE {NAME}")
        self._folder = Path(self.ask("SHOW data_directory"))
        self.postmaster = int((self._folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        self.version = self.ask("SHOW server_version").split()[0]

    @staticmethod
    def _psql(url, arguments):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *arguments, url],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError(f"psql: {done.stderr.strip()[-3000:]}")
        return done.stdout.strip()

    def _run(self, url, statement):
        return self._psql(url, ["-c", statement])

    def ask(self, statement):
        """What psql answers."""
        return self._run(self.url, statement)

    def script(self, name, **variables):
        """Runs one of the scripts of this folder."""
        given = [word for name_, value in variables.items() for word in ("-v", f"{name_}={value}")]
        return self._psql(self.url, [*given, "-f", str(HERE / name)])

    def gib(self):
        """What it takes on disk, without the write-ahead log."""
        return int(self.ask("SELECT pg_database_size(current_database())")) / 2**30

    @contextlib.contextmanager
    def roomy_log(self):
        """Few checkpoints while much is written."""
        self._set("max_wal_size", "8GB")
        try:
            yield
        finally:
            self._set("max_wal_size", "1GB")

    def drop(self):
        """Frees its space."""
        self._run(self._server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")

    def statements_of(self, act):
        """The statements that PostgreSQL is sent while `act` runs, in their order, by its own log."""
        log = self._folder / "postgresql.log"
        self._set("log_statement", "all")
        try:
            start = log.stat().st_size
            act()
            time.sleep(0.3)
            with log.open(encoding="utf-8") as text:
                text.seek(start)
                said = text.read()
        finally:
            self._set("log_statement", "none")
        sent = re.findall(r"\[(\d+)\] LOG:  (?:execute ([^:]+)|statement): (.*(?:\n\t.*)*)", said)
        # What has no parameters and no name only begins and ends transactions.
        return of_requests([(session, Sent(re.sub(r"\s+", " ", text).strip(), name != "<unnamed>"))
                            for session, name, text in sent])

    def _set(self, setting, value):
        self._run(self._server, f"ALTER SYSTEM SET {setting} = '{value}'")
        self._run(self._server, "SELECT pg_reload_conf()")
        time.sleep(0.5)


@dataclass(frozen=True)
class Sent:
    """A statement as the log of PostgreSQL has it."""

    text: str
    prepared: bool

    def __str__(self):
        return self.text if self.prepared else f"(planned each time) {self.text}"


def of_requests(sent):
    """The statements without the background's: it takes a session of the pool for a transaction at a time."""
    units, open_units = [], {}
    for session, statement in sent:
        if statement.text == "BEGIN" or session not in open_units:
            units.append([])
            unit = units[-1]
            if statement.text == "BEGIN":
                open_units[session] = unit
        else:
            unit = open_units[session]
        unit.append(statement)
        if statement.text in ("COMMIT", "ROLLBACK"):
            open_units.pop(session, None)

    def is_whole(unit):
        """A request's transaction lies within the time of listening; the background's may stick out."""
        return (unit[0].text == "BEGIN") == (unit[-1].text in ("COMMIT", "ROLLBACK"))

    kept = (it for it in units if is_whole(it) and not any(mark in word.text for word in it for mark in BACKGROUND))
    return [statement for it in kept for statement in it]


def shape(statement):
    """A statement without the names of its parameters and without its white space. pgbench has no parameter that is
    null: it says so."""
    bare = re.sub(r"\$\d+|(?<!:):[a-z]\w*|(?<!IS )(?<!NOT )\bNULL\b", "?", statement)
    return re.sub(r"\s+", "", bare)


def statements_in(script):
    """The statements of a pgbench script, without its look-up."""
    text = re.sub(r"^(--|\\set).*\n", "", Path(script).read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r"\ASELECT.*?\\gset\n", "", text, flags=re.DOTALL)
    return [re.sub(r"\s+", " ", it).strip() for it in text.split(";") if it.strip()]


def compare(name, script, sent):
    """Fails when the script is not what the node sends: then the figures would compare unlike things."""
    ours = statements_in(script)
    for k in range(max(len(ours), len(sent))):
        mine = ours[k] if k < len(ours) else "(nothing)"
        its = sent[k].text if k < len(sent) else "(nothing)"
        if shape(mine) != shape(its):
            raise BenchError(f"{name}, statement {k + 1}: pgbench runs\n    {mine}\nand the node sends\n    {its}\n"
                             f"Bring {script} up to date (run with --statements to see them all).")
    planned = [it.text for it in sent if not it.prepared]
    if planned:
        raise BenchError(f"{name}: the node does not keep prepared\n    " + "\n    ".join(planned))
