"""Medians with their spread, the attainable bound, and the goals."""

import os
import sys
from statistics import median

# Microseconds of the node's processor time for a request.
SERVER_GOALS = {"W1": 80, "W2 (10 rows)": 110, "W3": 100}
CONCURRENT = (8, 32)
# From a hundred thousand referrals to two million.
GROWTH_GOALS = {"W1": 1.4, "W2 (50 rows)": 1.45, "W2 (10 rows)": 1.45, "W3": 1.4, "W4": 1.4}


def say(text):
    """Progress, apart from the result."""
    print(text, file=sys.stderr, flush=True)


def spread(values, digits=0):
    """Median (least–greatest)."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


class Cell:
    """All rounds of one workload at one number of connections."""

    def __init__(self, name, connections, pgbench, http, livez):
        self.name, self.connections = name, connections
        self.pgbench, self.http, self.livez = pgbench, http, livez

    def ratios(self):
        """HTTP's rate as a share of pgbench's, round by round."""
        return [http.rate / pgbench.rate for http, pgbench in zip(self.http, self.pgbench)]

    def bounds(self):
        """The share of pgbench's rate that a server without work of its own could reach."""
        return [pgbench.total_us / (pgbench.total_us + livez.server_us + http.generator_us)
                for http, pgbench, livez in zip(self.http, self.pgbench, self.livez)]

    def of_bound(self):
        """Rates against the bound."""
        return [ratio / bound for ratio, bound in zip(self.ratios(), self.bounds())]

    def of_bound_by_cpu(self):
        """The same by processor time, which other work on the machine disturbs less."""
        return [pgbench.total_us / http.total_us / bound
                for http, pgbench, bound in zip(self.http, self.pgbench, self.bounds())]

    def postgres_ratio(self):
        """PostgreSQL's processor time for a request against pgbench's."""
        return [http.postgres_us / pgbench.postgres_us for http, pgbench in zip(self.http, self.pgbench)]

    def median_of(self, side, what):
        """A median in microseconds."""
        return median(getattr(it, what) for it in getattr(self, side))


def rates(cells):
    """The first table."""
    yield "| workload | conn. | pgbench /s | HTTP /s | HTTP ÷ pgbench | bound | of the bound | by CPU |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for it in cells:
        yield (f"| {it.name} | {it.connections} | {spread([r.rate for r in it.pgbench])} "
               f"| {spread([r.rate for r in it.http])} | {spread(it.ratios(), 2)} | {median(it.bounds()):.2f} "
               f"| **{spread(it.of_bound(), 2)}** | {spread(it.of_bound_by_cpu(), 2)} |")


def processor(cells, statements):
    """The second table."""
    yield ("| workload | conn. | statements | pgbench: PostgreSQL + client | HTTP: node + PostgreSQL + wrk "
           "| node | PostgreSQL ÷ pgbench's | p99 ms |")
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for it in cells:
        sent = len(statements[it.name]) if it.name in statements else ""
        ours = " + ".join(f"{it.median_of('pgbench', what):.0f}" for what in ("postgres_us", "generator_us"))
        http = " + ".join(f"{it.median_of('http', what):.0f}" for what in ("server_us", "postgres_us", "generator_us"))
        yield (f"| {it.name} | {it.connections} | {sent} | {ours} | {http} "
               f"| {spread([r.server_us for r in it.http])} | {spread(it.postgres_ratio(), 2)} "
               f"| {it.median_of('http', 'p99_us') / 1000:.1f} |")


def goals(cells, facts):
    """The third table: what is met and what is missed."""
    yield "| goal | wanted | found (median at each number of connections) | |"
    yield "|---|---|---|---|"

    def row(goal, wanted, chosen, value, met):
        found = [(it.connections, value(it)) for it in chosen]
        if found:
            text = ", ".join(f"{figure:.2f} at {number}" for number, figure in found)
            yield f"| {goal} | {wanted} | {text} | {verdict(all(met(f) for _, f in found))} |"

    def of(*names):
        return [it for it in cells if it.name in names and it.connections in CONCURRENT]

    def of_bound(goal, names, least):
        for name in names:
            yield from row(f"{goal} {name}", f"≥ {least} of the bound", of(name), lambda it: median(it.of_bound()),
                           lambda v: v >= least)

    yield from of_bound("G1", ("W1", "W2 (50 rows)", "W2 (10 rows)"), 0.85)
    yield from row("G1 W1, log rows", "≥ 1.5 × pgbench", of("W1"), lambda it: median(it.ratios()),
                   lambda v: v >= 1.5)
    yield from of_bound("G2", ("W3", "W4"), 0.95)
    yield from of_bound("G3", ("W5",), 0.90)
    for name, most in SERVER_GOALS.items():
        yield from row(f"G4 {name}", f"node ≤ {most} µs", of(name), lambda it: it.median_of("http", "server_us"),
                       lambda v, most=most: v <= most)
    for name in ("W1", "W2 (50 rows)", "W2 (10 rows)", "W3", "W4", "W5"):
        yield from row(f"G5 {name}", "PostgreSQL ≤ 1.1 × pgbench's", of(name),
                       lambda it: median(it.postgres_ratio()), lambda v: v <= 1.1)
    memory, start = facts["memory"], facts["start"]
    yield (f"| G7 memory | ≤ 40 MiB after W5 at {facts['mix_connections']} connections | {memory:.0f} MiB "
           f"| {verdict(memory <= 40)} |")
    yield f"| G13 start | ready within 1 s on a migrated database | {start:.2f} s | {verdict(start <= 1)} |"


def verdict(met):
    """In a word."""
    return "met" if met else "**missed**"


def growth(small, large):
    """G8: what a request takes with many referrals as a multiple of what it takes with few."""
    yield ("| workload | conn. | wanted | HTTP: node + PostgreSQL | HTTP: 1 ÷ rate | pgbench: PostgreSQL "
           "| pgbench: 1 ÷ rate | |")
    yield "|---|--:|--:|--:|--:|--:|--:|---|"
    few = {(it.name, it.connections): it for it in small.cells}
    for it in large.cells:
        other = few.get((it.name, it.connections))
        if other is None:
            continue

        def times(side, what, it=it, other=other):
            return median(what(run) for run in getattr(it, side)) / median(what(run) for run in getattr(other, side))

        work = times("http", lambda run: run.server_us + run.postgres_us)
        found = [work, times("http", lambda run: 1 / run.rate), times("pgbench", lambda run: run.postgres_us),
                 times("pgbench", lambda run: 1 / run.rate)]
        most = GROWTH_GOALS.get(it.name)
        wanted = f"≤ {most}" if most else ""
        shown = " | ".join(f"{figure:.2f}" for figure in found)
        yield (f"| {it.name} | {it.connections} | {wanted} | {shown} "
               f"| {verdict(work <= most) if most and it.connections in CONCURRENT else ''} |")


def document(found):
    """The whole result in Markdown."""
    lines = []
    for it in found:
        lines += section(it)
    for it in found[1:]:
        lines += [f"## {it.referrals:,} referrals against {found[0].referrals:,}", "",
                  *growth(found[0], it), ""]
    return "\n".join(lines)


def section(it):
    """What was found with one number of referrals."""
    facts = it.facts
    lines = [f"## {it.referrals:,} referrals", "",
             f"PostgreSQL {facts['postgres']}, fsync on; {os.cpu_count()} cores shared by node, PostgreSQL and load "
             f"generator; {facts['rounds']} interleaved rounds of {facts['seconds']} s; load average of the machine "
             f"before the start {facts['load']:.1f}; database {facts['gib']:.1f} GiB, filled by SQL in "
             f"{facts['load_seconds']:.0f} s. Figures are medians (least–greatest of the rounds).", ""]
    lines += [*rates(it.cells), "", "Processor time in µs for each request or transaction:", "",
              *processor(it.cells, it.statements), ""]
    shown = "; ".join(f"{number}: {median(r.server_us for r in runs):.0f} + {median(r.generator_us for r in runs):.0f}"
                      for number, runs in it.livez.items())
    return [*lines, f"`/livez` (node + wrk, by connections): {shown}.", "", *goals(it.cells, facts), ""]
