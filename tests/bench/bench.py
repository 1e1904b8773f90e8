"""Measures W1 to W5 through HTTP and through pgbench, side by side, for each number of referrals. Started by `run`."""

import argparse
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import report
from ground import ACT, CREATE, LIST, MIX, READ, SHORT_LIST, Ground
from load import BenchError
from report import say
from workloads import Workloads, without

# Measured: a referral with its deadlines, file, fact, half a case and half a child, and how fast they are made. Estimated:
# the log of PostgreSQL with what the runs make, and the memory of PostgreSQL, node and generators.
BYTES_A_REFERRAL = 6_500
GIB_BESIDE = 10
MEMORY_MIB = 700
LOADED_A_SECOND = 8_000
MIX_AT_THE_END = 64


def settings():
    """From arguments and the environment."""
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("--rows", help="how many referrals; several numbers with commas are run one after the other")
    parser.add_argument("--quick", action="store_true", help="a smoke test of seconds; its figures mean nothing")
    parser.add_argument("--statements", action="store_true", help="print what the node sends to PostgreSQL, and stop")
    parser.add_argument("--only", help="these workloads, for example W1,W3")
    parser.add_argument("--hold", metavar="SECONDS", type=int, default=0,
                        help="keep each HTTP run up that long at the end, for a profiler")
    it = parser.parse_args()
    quick = it.quick or it.statements
    rows = it.rows or os.environ.get("TRM_BENCH_REFERRALS") or ("5000" if quick else "100000")
    it.sizes = [int(word.replace("_", "")) for word in rows.split(",")]
    it.quick = quick
    rounds = [int(word) for word in os.environ.get("TRM_BENCH_ROUNDS", "1" if quick else "5").split(",")]
    it.rounds = dict(zip(it.sizes, rounds + rounds[-1:] * len(it.sizes)))
    it.seconds = int(os.environ.get("TRM_BENCH_SECONDS", 1 if quick else 2))
    it.connections = (8,) if quick else (1, 8, 32)
    it.cases, it.shown, it.stock_seconds = (100, 100, 1) if quick else (3000, 2000, 5 * it.seconds)
    return it


@dataclass
class Measured:
    """All that was found with one number of referrals."""

    referrals: int
    cells: list
    livez: dict
    statements: dict
    facts: dict


def announce(chosen, out):
    """Says before anything is made how much it takes, and refuses what does not fit."""
    most = max(chosen.sizes)
    wanted = most * BYTES_A_REFERRAL / 2**30 + GIB_BESIDE
    free = shutil.disk_usage(out).free / 2**30
    runs = (len(chosen.connections) * 5 + 1) * 2 * sum(chosen.rounds.values())
    minutes = (sum(chosen.sizes) / LOADED_A_SECOND + runs * (chosen.seconds + 1) + 60 * len(chosen.sizes)) / 60
    say(f"{', '.join(f'{it:,}' for it in chosen.sizes)} referrals: up to {wanted:.0f} GiB of disk under {out} "
        f"({free:.0f} GiB are free), {MEMORY_MIB} MiB of memory, about {minutes:.0f} minutes; only 127.0.0.1 is used, "
        "and everything is gone at the end but the result")
    if free < wanted:
        raise BenchError("that does not fit on the disk")


def wanted_runs(chosen):
    """Which workloads at which numbers of connections."""
    wanted = [(name, number) for name in (READ, LIST, CREATE, MIX, ACT) for number in chosen.connections]
    wanted.insert(len(chosen.connections) * 2, (SHORT_LIST, 8))
    return [it for it in wanted if not chosen.only or it[0][:2] in chosen.only.split(",")]


def measure(chosen, rounds, workloads):
    """All rounds; what a workload has at each number of connections, and /livez."""
    wanted = wanted_runs(chosen)
    livez = {number: [] for number in chosen.connections}
    runs = {it: ([], []) for it in wanted}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        workloads.refresh()
        lookups = workloads.lookups()
        for connections in chosen.connections:
            livez[connections].append(workloads.livez(connections))
        for name, connections in wanted:
            def by_pgbench(name=name, connections=connections):
                run = workloads.pgbench(name, connections)
                runs[name, connections][0].append(without(run, lookups[name]) if name in lookups else run)

            def by_http(name=name, connections=connections):
                runs[name, connections][1].append(workloads.http(name, connections))
            # Who comes first changes, so that neither always finds the other's dirty pages.
            both = [by_pgbench, by_http]
            for side in both if number % 2 == 0 else reversed(both):
                side()
    return [report.Cell(name, number, *runs[name, number], livez[number]) for name, number in wanted], livez


def one_size(chosen, referrals, out):
    """Everything with one number of referrals; none where only the statements are wanted."""
    load = os.getloadavg()[0]
    ground = Ground(chosen, referrals, out)
    try:
        ground.prepare()
        ground.check_lists()
        ground.look_at_statements()
        if chosen.statements:
            return None
        workloads = Workloads(ground)
        cells, livez = measure(chosen, chosen.rounds[referrals], workloads)
        for cell in cells if chosen.hold else []:
            if cell.connections == 8:
                say(f"{cell.name} for {chosen.hold} s: process {ground.node.pid}")
                workloads.refresh()
                workloads.http(cell.name, 8, chosen.hold)
        workloads.refresh()
        workloads.http(MIX, MIX_AT_THE_END)
        facts = {"postgres": ground.database.version, "rounds": chosen.rounds[referrals], "seconds": chosen.seconds,
                 "load": load, "memory": ground.node.memory_mib(), "mix_connections": MIX_AT_THE_END, "gib": ground.gib,
                 "start": ground.start_seconds, "load_seconds": ground.load_seconds}
        return Measured(referrals, cells, livez, ground.statements, facts)
    finally:
        ground.close()


def main():
    """Everything, and nothing of it left running."""
    chosen = settings()
    out = Path(os.environ["TRM_BENCH_OUT"])
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(143))
    announce(chosen, out)
    found = [one_size(chosen, referrals, out) for referrals in chosen.sizes]
    if not chosen.statements:
        text = report.document(found)
        (out / "result.md").write_text(text, encoding="utf-8")
        print(text)


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(f"bench: {error}")
