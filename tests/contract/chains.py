"""Schemathesis extension for its stateful phase: chains of requests along the links of the contract.

The walk ends once a link has led to a 2xx of every operation on something that has an id, TRM_LINK_LEAST seconds after
its beginning at the earliest and TRM_LINK_SECONDS after it at the latest.

A link says which object is meant and under which ETag. What it leaves open is filled with what was accepted before:
bodies and objects of the examples (hooks.py, whose environment and hooks these are as well).
"""

import os
import time
from collections import Counter

from hypothesis import strategies
from hypothesis.errors import FlakyStrategyDefinition

import schemathesis
from schemathesis.engine.control import ExecutionControl
from schemathesis.engine.run.stateful import _executor
from schemathesis.generation.stateful import control
from schemathesis.specs.openapi import stateful

from hooks import PLACES, contract, is_linked, operation_of, seen, values

# One in so many bodies is generated instead.
GENERATED_BODY = 8
# In this turn the accepted one is not the example but what was given otherwise, if it ever was.
OTHER_BODY = 7
# How often each link of an answer is followed.
FOLLOWED = 2
# The query that leads on from a page, by the place where it ends.
pages = {}
# How often each link was a goal, those that led to a 2xx, and the link that each request follows.
tried, followed, following = Counter(), set(), {}
# The operations that the walk is for, and those among all that a link has led to.
wanted = {f"{each.method.upper()} {each.path}" for each in contract.operations.values() if each.collection}
reached = set()
LEAST = float(os.environ.get("TRM_LINK_LEAST", "60"))
MOST = float(os.environ.get("TRM_LINK_SECONDS", "300"))


class Way(control.TransitionController):
    """Leads a chain to one link, and lets it go anywhere once that is followed.

    Schemathesis follows links at random. That way it rarely gets far into a state machine: other acts come before.
    The goal is a link that has not led to a 2xx yet, those to an operation that none has led to twice as often as others;
    then each comes up as often as the others.
    """

    def __init__(self, transitions, roots):
        super().__init__(transitions, roots)
        links = sorted({pair(link) for each in transitions.operations.values() for link in each.outgoing})
        self.goal = min(links, key=lambda link: (link in followed, tried[link] // (1 if link[1] in reached else 2)))
        tried[self.goal] += 1
        self.distance = distances(self.goal[0], [link for link in links if not is_shortcut(*link, links)])

    def record_step(self, input, recorder):
        super().record_step(input, recorder)
        if input.transition and input.is_applied:
            before = recorder.cases[input.transition.parent_id].value
            following[input.case.id] = (before.operation.label, input.case.operation.label)

    def count(self, source, target):
        return sum(each[target] for each in self.statistic.get(source, {}).values())

    def allow_transition(self, source, target):
        answers, is_free = len(self.statistic.get(source, {})), self.count(*self.goal)
        if self.count(source, target) >= answers * (FOLLOWED if is_free else 1):
            return False
        leads_there = self.distance.get(target, len(self.distance)) < self.distance.get(source, 0)
        return is_free or leads_there or (source, target) == self.goal

    def allow_root_transition(self, source, bundles):
        on_the_way = [root for root in self.roots if root in self.distance]
        # Where none leads to the goal, something must begin all the same: a chain without a beginning ends the walk.
        on_the_way = self.roots if self.count(*self.goal) or not on_the_way else on_the_way
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

# Schemathesis 4.32 knows no end but its time and a number of chains.
_is_late = ExecutionControl.has_reached_time_limit.fget


def _has_walked(control):
    walked = time.monotonic() - control._start_time
    return walked >= MOST or (wanted <= reached and walked >= LEAST)


ExecutionControl.has_reached_time_limit = property(lambda control: _is_late(control) or _has_walked(control))


# Where a chain goes depends on what was answered before. Hypothesis ends a run when the same choices lead elsewhere than
# before, and Schemathesis takes that for the end of the walk.
_outcome = _executor._classify_suite_error


def _goes_on(error, **about):
    status, again, events = _outcome(error, **about)
    return status, again or isinstance(error, FlakyStrategyDefinition), events


_executor._classify_suite_error = _goes_on


def named(context):
    return context.operation.definition.raw["operationId"]


@schemathesis.hook
def before_generate_body(context, strategy):
    accepted = seen["bodies"].get(named(context))
    if (bytes_sent := seen["bytes"].get(named(context))) is not None:
        return strategies.just(bytes_sent.encode())
    if accepted is None:
        return strategy

    def body(turn):
        if turn == GENERATED_BODY:
            return strategy
        return strategies.just(dict(accepted[-1 if turn == OTHER_BODY else 0]))

    return strategies.integers(1, GENERATED_BODY).flatmap(body)


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
    if 200 <= response.status_code < 300 and case.id in following:
        followed.add(following[case.id])
        reached.add(following[case.id][1])
    if response.status_code != 200 or "json" not in response.headers.get("content-type", [""])[0]:
        return
    body = response.json()
    for parameter in operation_of(case).located("query"):
        if parameter["name"] in PLACES and "nextCursor" in body:
            # Filters stay the same from page to page.
            pages[body["nextCursor"]] = dict(case.query or {}) | {parameter["name"]: body["nextCursor"]}
