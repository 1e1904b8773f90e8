"""Schemathesis extension: tokens, objects that exist, present ETags, fresh keys, and a record of every status.

Only those parts of a request are touched that were generated to be valid; what is meant to be refused stays as it is.
Environment: TRM_URL, TRM_COMMAND, TRM_TOKEN_ARGUMENTS, TRM_CONTRACT, TRM_DEMO_CLIENT, TRM_WALK, TRM_EXAMPLES (the
report of examples.py), TRM_STATUSES (written at the end).
"""

import atexit
import json
import os
import threading
import uuid
from collections import Counter, defaultdict
from pathlib import Path

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from client import Client, bound_to
from contract import Contract, examples_of

HERE = Path(__file__).resolve().parent
# One in so many valid requests keeps its invented ids and tags, so that 404 and 412 are seen as well.
KEEP_INVENTED = 4
# Query parameters that hold a place in a list.
PLACES = ("cursor", "after")

client = Client()
contract = Contract(os.environ["TRM_CONTRACT"])
plan = json.loads(Path(os.environ.get("TRM_WALK") or HERE / "walk.json").read_text())
seen = json.loads(Path(os.environ["TRM_EXAMPLES"]).read_text())
statuses = defaultdict(Counter)
turn = Counter()
# Every ETag that was answered, with the client that got it.
tags = set()
lock = threading.Lock()


def operation_of(case):
    return contract.operations[case.operation.definition.raw["operationId"]]


def actor_of(operation):
    """The client that the walk uses for the operation."""
    default = os.environ.get("TRM_DEMO_CLIENT") or plan.get("client")
    return plan["operations"].get(operation.id, {}).get("as", default)


def known_values(operation):
    """Path values of existing objects: those that the walk used, those that it made or saw in lists."""
    found = list(seen["values"].get(operation.id, []))
    if operation.collection:
        prefix, name = operation.collection
        for each in seen["objects"].get(prefix, []):
            identifier = each["item"].get("id") or each["item"].get("code")
            if identifier:
                found.append(each["values"] | {name: identifier})
    return found


validators = {
    (operation.id, parameter["name"]): contract.validator(parameter["schema"])
    for operation in contract.operations.values()
    for parameter in operation.located("header")
}
values = {operation.id: known_values(operation) for operation in contract.operations.values()}


def is_valid(case, location):
    component = case.meta and case.meta.components.get(location)
    return component is not None and component.mode.is_positive


@schemathesis.auth(refresh_interval=None)
class DemoClient:
    """A token of the client that the walk uses for the operation; client.py renews it in time."""

    def get(self, case, context):
        operation = operation_of(case)
        if operation.is_public:
            return None
        path = client.url(operation.path, case.path_parameters or {})
        return client.tokens.get(actor_of(operation), bound_to(path))

    def set(self, case, data, context):
        if data is not None:
            case.headers["Authorization"] = f"Bearer {data}"


def mend_headers(case, operation):
    """Puts right the headers of a request that counts as valid.

    Schemathesis 4.32 has no valid value for a header whose pattern demands quotes, such as an ETag, and puts an
    invalid one into requests that it then expects to be accepted.
    """
    for parameter in operation.located("header"):
        name = parameter["name"]
        if name in case.headers and not validators[operation.id, name].is_valid(case.headers[name]):
            examples = list(examples_of(parameter).values())
            if parameter.get("required") and examples:
                case.headers[name] = examples[0]
            else:
                del case.headers[name]


def is_linked(case):
    """Whether the request belongs to a chain of links, where earlier answers say which object is meant."""
    return case.meta is not None and case.meta.phase.name == TestPhase.STATEFUL


def use_known_object(case, operation, count):
    """Puts an object that exists into the path."""
    candidates = values[operation.id]
    if candidates and is_valid(case, ParameterLocation.PATH):
        # The newest objects are those that no act has ended yet, so they come up as often as all others.
        chosen = candidates[-1] if count % 2 else candidates[count % len(candidates)]
        case.path_parameters = case.path_parameters | chosen


def renew_headers(case, operation):
    """A fresh key, and the present ETag, unless this client was answered the one that is there."""
    if not is_valid(case, ParameterLocation.HEADER):
        return
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    source = operation.header("If-Match") and "If-Match" in case.headers and contract.tag_source(operation)
    actor = None if operation.is_public else actor_of(operation)
    if source and (actor, case.headers["If-Match"]) not in tags:
        tag = client.tag(source, case.path_parameters, actor)
        if tag:
            case.headers["If-Match"] = tag


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method.lower() != case.operation.method.lower():
        return
    operation = operation_of(case)
    is_positive = case.meta and case.meta.generation.mode.is_positive
    if is_valid(case, ParameterLocation.HEADER) or is_positive:
        mend_headers(case, operation)
    if not is_linked(case):
        if is_valid(case, ParameterLocation.QUERY) or is_positive:
            # A place in a list is what an answer gave, never invented; the tests walk the lists to their end.
            for name in PLACES:
                (case.query or {}).pop(name, None)
        with lock:
            turn[operation.id] += 1
            count = turn[operation.id]
        if count % KEEP_INVENTED == 0:
            return
        use_known_object(case, operation, count)
    renew_headers(case, operation)


@schemathesis.hook
def after_call(context, case, response):
    # A probe with another method is no call of this operation.
    if response.request.method.lower() == case.operation.method.lower():
        operation = operation_of(case)
        with lock:
            statuses[operation.id][response.status_code] += 1
            tags.update((actor_of(operation), tag) for tag in response.headers.get("etag", []))


@atexit.register
def write_statuses():
    Path(os.environ["TRM_STATUSES"]).write_text(json.dumps(statuses, indent=1, sort_keys=True))
