"""Medians with their spread, the attainable bound, and the goals."""

import os
from statistics import median

# Microseconds of the node's processor time for a request.
SERVER_GOALS = {"W1": 80, "W2 (10 rows)": 110, "W3": 100}
CONCURRENT = (8, 32)


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
        ours = " + ".join(f"{it.median_of('pgbench', what):.0f}" for what in ("postgres_us", "generator_us"))
        http = " + ".join(f"{it.median_of('http', what):.0f}" for what in ("server_us", "postgres_us", "generator_us"))
        yield (f"| {it.name} | {it.connections} | {statements[it.name]} | {ours} | {http} "
               f"| {spread([r.server_us for r in it.http])} | {spread(it.postgres_ratio(), 2)} "
               f"| {it.median_of('http', 'p99_us') / 1000:.1f} |")


def goals(cells):
    """The third table: what is met and what is missed."""
    yield "| goal | wanted | found (median at each number of connections) | |"
    yield "|---|---|---|---|"

    def row(goal, wanted, chosen, value, met):
        found = [(it.connections, value(it)) for it in chosen]
        if found:
            text = ", ".join(f"{figure:.2f} at {number}" for number, figure in found)
            yield f"| {goal} | {wanted} | {text} | {'met' if all(met(f) for _, f in found) else '**missed**'} |"

    def of(*names):
        return [it for it in cells if it.name in names and it.connections in CONCURRENT]

    for name in ("W1", "W2 (50 rows)", "W2 (10 rows)"):
        yield from row(f"G1 {name}", "≥ 0.85 of the bound", of(name), lambda it: median(it.of_bound()),
                       lambda v: v >= 0.85)
    yield from row("G1 W1, log rows", "≥ 1.5 × pgbench", of("W1"), lambda it: median(it.ratios()), lambda v: v >= 1.5)
    for name in ("W3", "W4"):
        yield from row(f"G2 {name}", "≥ 0.95 of the bound", of(name), lambda it: median(it.of_bound()),
                       lambda v: v >= 0.95)
    for name, most in SERVER_GOALS.items():
        yield from row(f"G4 {name}", f"node ≤ {most} µs", of(name), lambda it: it.median_of("http", "server_us"),
                       lambda v, most=most: v <= most)
    for name in ("W1", "W2 (50 rows)", "W2 (10 rows)", "W3", "W4"):
        yield from row(f"G5 {name}", "PostgreSQL ≤ 1.1 × pgbench's", of(name), lambda it: median(it.postgres_ratio()),
                       lambda v: v <= 1.1)


def document(cells, statements, livez, facts):
    """The whole result in Markdown."""
    lines = [f"{facts['referrals']:,} referrals; PostgreSQL {facts['postgres']}, fsync on; {os.cpu_count()} cores shared "
             f"by node, PostgreSQL and load generator; {facts['rounds']} interleaved rounds of {facts['seconds']} s; load "
             f"average of the machine before the start {facts['load']:.1f}; node {facts['memory']:.0f} MiB at the end. "
             "Figures are medians (least–greatest of the rounds).", ""]
    lines += [*rates(cells), "", "Processor time in µs for each request or transaction:", "",
              *processor(cells, statements), ""]
    shown = "; ".join(f"{number}: {median(r.server_us for r in runs):.0f} + {median(r.generator_us for r in runs):.0f}"
                      for number, runs in livez.items())
    lines += [f"`/livez` (node + wrk, by connections): {shown}.", "", *goals(cells), ""]
    return "\n".join(lines)
