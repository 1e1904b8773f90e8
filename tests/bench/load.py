"""Runs pgbench and wrk for a while and accounts the processor time of everybody who takes part."""

import itertools
import os
import re
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
# An ended session's time is known once PostgreSQL has collected its process.
SETTLE_SECONDS = 0.15
# So often, each of several scripts has had its first time on a connection.
FIRST_OF_MANY = 16
# A run that had less to do says nothing.
LEAST_DONE = 200


class BenchError(Exception):
    """Something that makes a figure worthless."""


@dataclass(frozen=True)
class Run:
    """One run: how often, how fast, and the microseconds of processor time that each took."""

    count: int
    rate: float
    server_us: float
    postgres_us: float
    generator_us: float
    p99_us: float = 0.0
    taken: int = 0

    @property
    def total_us(self):
        """What the machine spent on one of them."""
        return self.server_us + self.postgres_us + self.generator_us


def _own_and_collected(pid):
    """Seconds of a process by itself and of its children that have ended, and its parent."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = [int(it) for it in fields[11:15]]
    return (ticks[0] + ticks[1]) * TICK_SECONDS, (ticks[2] + ticks[3]) * TICK_SECONDS, int(fields[1])


class Account:
    """The processor time of the node, of PostgreSQL with all its processes, and of what we run."""

    def __init__(self, node_pid, postmaster_pid):
        self._node, self._postmaster = node_pid, postmaster_pid

    def seconds(self):
        """Node, PostgreSQL, load generators: all since they began."""
        own, ended, _ = _own_and_collected(self._postmaster)
        postgres = own + ended
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    own, ended, parent = _own_and_collected(entry.name)
                except (FileNotFoundError, ProcessLookupError):
                    continue
                if parent == self._postmaster:
                    postgres += own + ended
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return _own_and_collected(self._node)[0], postgres, children.ru_utime + children.ru_stime

    def measured(self, command, environment, understand):
        """Runs a command; `understand` reads its output into (count, rate, p99, taken)."""
        before = self.seconds()
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
        time.sleep(SETTLE_SECONDS)
        spent = [after - was for after, was in zip(self.seconds(), before)]
        if done.returncode != 0:
            raise BenchError(f"{command[0]} failed: {done.stderr.strip()[-2000:]}")
        count, rate, p99, taken = understand(done.stdout, done.stderr)
        if count == 0:
            raise BenchError(f"{command[0]} did nothing: {done.stdout} {done.stderr}")
        return Run(count, rate, *(it / count * 1e6 for it in spent), p99, taken)


@dataclass(frozen=True)
class Script:
    """A script of pgbench: how many requests it stands for, and its weight among others."""

    path: Path
    requests: int = 1
    weight: int = 1


def seconds_of(run):
    """How long it took."""
    return run.count / run.rate


class Pgbench:
    """Our own statements through `pgbench -M prepared`, in the role of the node and planned as it has them planned."""

    def __init__(self, account, url, fixed):
        self._account, self._url, self._fixed = account, url, fixed

    def run(self, scripts, connections, seconds, **variables):
        """Runs scripts for a while. The first times on each connection, which prepare statements and fill caches as the
        node did long ago, are run before by themselves and taken off."""
        times = 1 if len(scripts) == 1 else FIRST_OF_MANY
        first = self._measured(scripts, connections, ("-t", str(times)), variables)
        whole = self._measured(scripts, connections, ("-T", str(seconds)), variables)
        count = whole.count - first.count
        each = [(getattr(whole, it) * whole.count - getattr(first, it) * first.count) / count
                for it in ("server_us", "postgres_us", "generator_us")]
        seconds_left = seconds_of(whole) - seconds_of(first)
        # Where others had the machine during the first ones, their share of the time cannot be told.
        told = seconds_left > seconds_of(whole) / 2
        return Run(count, count / seconds_left if told else whole.rate, *each)

    def times(self, script, connections, times):
        """Runs a script so many times on each connection."""
        return self._measured([Script(script)], connections, ("-t", str(times)), {})

    def _measured(self, scripts, connections, how_long, variables):
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(connections, 2)), *how_long]
        for it in scripts:
            command += ["-f", f"{it.path}@{it.weight}"]
        for name, value in {**self._fixed, **variables}.items():
            command += ["-D", f"{name}={value}"]
        options = "-c role=trm_app -c plan_cache_mode=force_generic_plan -c timezone=UTC"

        def understand(out, err):
            return self._understand(out, err, [it.requests for it in scripts])

        return self._account.measured([*command, self._url], {"PGOPTIONS": options}, understand)

    @staticmethod
    def _understand(out, err, requests):
        failed = re.search(r"number of failed transactions: (\d+)", out)
        if "ERROR" in err or "abort" in err or (failed and failed[1] != "0"):
            raise BenchError(f"pgbench: {err[-2000:]}")
        whole = int(re.search(r"transactions actually processed: (\d+)", out)[1])
        each = [int(it) for it in re.findall(r"^ - (\d+) transactions", out, re.MULTILINE)] or [whole]
        count = sum(times * worth for times, worth in zip(each, requests, strict=True))
        return count, float(re.search(r"tps = ([\d.]+)", out)[1]) * count / whole, 0.0, 0


class Wrk:
    """Requests through wrk with one thread: with two it overstates its rate where cores are shared."""

    # Of all instances: no key is used a second time on one database.
    _runs = itertools.count(1)

    def __init__(self, account, url):
        self._account, self._url = account, url

    def run(self, kind, connections, seconds, **settings):
        """Runs one kind of request; see wrk/requests.lua for the settings."""
        number = next(self._runs)
        environment = {"KIND": kind, "SEED": str(number), "KEYS": f"bench-{os.getpid()}-{number}-"}
        environment |= {name.upper(): str(value) for name, value in settings.items()}
        command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s",
                   "-s", str(HERE / "wrk" / "requests.lua"), self._url]

        def understand(out, err):
            found = re.search(r"^RESULT (.*)$", out, re.MULTILINE)
            if not found:
                raise BenchError(f"wrk: {out} {err}")
            count, duration, finished, now, refused, broken, p99, taken = (int(float(it)) for it in found[1].split())
            if refused or broken:
                raise BenchError(f"{refused} requests of kind {kind} were refused, {broken} broke ({settings})")
            if finished:
                duration -= now - finished
                if count < LEAST_DONE:
                    raise BenchError(f"only {count} requests of kind {kind} were left to send")
            return count, count / duration * 1e6, p99, taken

        return self._account.measured(command, environment, understand)
