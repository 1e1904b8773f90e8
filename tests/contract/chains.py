"""Schemathesis extension for its stateful phase: chains of requests along the links of the contract.

A link says which object is meant and under which ETag. What it leaves open is filled with what was accepted before:
bodies and objects of the examples (hooks.py, whose environment and hooks these are as well).
"""

import itertools

from hypothesis import strategies

import schemathesis
from schemathesis.generation.stateful import control
from schemathesis.specs.openapi import stateful

from hooks import PLACES, is_linked, operation_of, seen, values

# One in so many bodies is generated instead.
GENERATED_BODY = 8
# How often each link of an answer is followed.
FOLLOWED = 2
# The query that leads on from a page, by the place where it ends.
pages = {}
# Each chain has the next link as its goal.
turn = itertools.count()


class Way(control.TransitionController):
    """Leads a chain to one link, and lets it go anywhere once that is followed.

    Schemathesis follows links at random. That way it rarely gets far into a state machine: other acts come before.
    """

    def __init__(self, transitions, roots):
        super().__init__(transitions, roots)
        links = sorted({pair(link) for each in transitions.operations.values() for link in each.outgoing})
        self.goal = links[next(turn) % len(links)]
        self.distance = distances(self.goal[0], [link for link in links if not is_shortcut(*link, links)])

    def followed(self, source, target):
        return sum(each[target] for each in self.statistic.get(source, {}).values())

    def allow_transition(self, source, target):
        answers, is_free = len(self.statistic.get(source, {})), self.followed(*self.goal)
        if self.followed(source, target) >= answers * (FOLLOWED if is_free else 1):
            return False
        leads_there = self.distance.get(target, len(self.distance)) < self.distance.get(source, 0)
        return is_free or leads_there or (source, target) == self.goal

    def allow_root_transition(self, source, bundles):
        on_the_way = self.roots if self.followed(*self.goal) else [root for root in self.roots if root in self.distance]
        calls = {root: len(self.statistic.get(root, {})) for root in on_the_way}
        is_stuck = not any(
            self.allow_transition(*pair(link))
            for each in self.transitions.operations.values()
            for link in each.outgoing
            if bundles.get(f"{link.source.label} -> {link.status_code}")
        )
        # Each in its turn, as many give nothing to go on with.
        return is_stuck and source in calls and calls[source] == min(calls.values())


def pair(link):
    return link.source.label, link.target.label


def is_shortcut(source, target, links):
    """Whether it goes from a reading to what an act leads to as well: reading makes no act possible."""
    after_acts = any(other == target and not first.startswith("GET") for first, other in links)
    return source.startswith("GET") and not target.startswith("GET") and after_acts


def distances(goal, links):
    """How many links lead from each operation to the goal."""
    found = {goal: 0}
    for target in (waiting := [goal]):
        for source in (first for first, then in links if then == target and first not in found):
            found[source] = found[target] + 1
            waiting.append(source)
    return found


# Schemathesis 4.32 begins chains with any POST. An act on an invented object is no beginning.
_is_likely_root = stateful.is_likely_root_transition
stateful.is_likely_root_transition = lambda operation, *others: (
    "{" not in operation.path and _is_likely_root(operation, *others)
)
stateful.TransitionController = Way


def named(context):
    return context.operation.definition.raw["operationId"]


@schemathesis.hook
def before_generate_body(context, strategy):
    accepted = seen["bodies"].get(named(context))
    if accepted is None:
        return strategy
    turns = strategies.integers(1, GENERATED_BODY)
    return turns.flatmap(lambda turn: strategy if turn == GENERATED_BODY else strategies.just(dict(accepted)))


@schemathesis.hook
def before_generate_path_parameters(context, strategy):
    known = values[named(context)]
    return strategies.sampled_from(known).map(dict) if known else strategy


@schemathesis.hook
def before_call(context, case, kwargs):
    if not is_linked(case):
        return
    query = dict(case.query or {})
    # What is only tried leads nowhere.
    query.pop("validateOnly", None)
    place = next((query.pop(name) for name in PLACES if name in query), None)
    case.query = pages.get(place, query)


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code != 200 or "json" not in response.headers.get("content-type", [""])[0]:
        return
    body = response.json()
    for parameter in operation_of(case).located("query"):
        if parameter["name"] in PLACES and "nextCursor" in body:
            # Filters stay the same from page to page.
            pages[body["nextCursor"]] = dict(case.query or {}) | {parameter["name"]: body["nextCursor"]}
