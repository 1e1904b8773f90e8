"""Executes every example of the contract against the running node.

    examples.py OPENAPI.YAML REPORT.JSON

Each request example must get a documented 2xx whose body and headers are as documented. README.md says how paths,
bodies and clients are found and what walk.json can say about them. Prints a line for each failure and
`<passed> <failed>` as its last line; the report lists statuses and objects for the fuzzing step.
"""

import json
import os
import re
import sys
import time
import uuid
from collections import ChainMap, Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from answers import complaints
from client import Client
from contract import PARAMETER, Contract, examples_of, pluralised_kebab
from values import Unresolved, evaluate, replaced

HERE = Path(__file__).resolve().parent
UUID = re.compile(r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")
FORM = "application/x-www-form-urlencoded"
# Set by the walk itself, never from an example.
OWN_HEADERS = {"authorization", "idempotency-key", "if-match", "if-none-match", "content-type"}
KEPT_OBJECTS = 20


class NothingToDo(Exception):
    """An example that this data cannot execute, such as a cursor where there is one page."""


@dataclass
class Answer:
    """A successful answer and the path values it was asked with."""

    body: object
    values: dict


@dataclass
class Execution:
    """One way to call an operation."""

    operation: object
    label: str
    media_type: str = None
    body: object = None
    query: dict = field(default_factory=dict)
    accept: str = None
    is_main: bool = True


def executions(operation):
    """Every documented way to call the operation: each body example, each optional parameter, each media type."""
    bodies = [
        (f"{name}" if len(operation.request_media) == 1 else f"{media_type} {name}", media_type, body)
        for media_type, media in operation.request_media.items()
        for name, body in examples_of(media).items()
    ] or [("call", None, None)]
    dry_run = next((p for p in operation.located("query") if p["name"] == "validateOnly"), None)
    for label, media_type, body in bodies:
        if dry_run:
            dry = f"{label}, validateOnly"
            yield Execution(operation, dry, media_type, body, {"validateOnly": True}, is_main=False)
        yield Execution(operation, label, media_type, body)
    if not operation.is_safe:
        return
    _, media_type, body = bodies[0]
    for parameter in operation.located("query"):
        for name, value in examples_of(parameter).items() if not parameter.get("required") else ():
            label = f"{parameter['name']} {name}"
            yield Execution(operation, label, media_type, body, {parameter["name"]: value}, is_main=False)
    offered = {each for response in operation.successes.values() for each in response.get("content", {})}
    for accept in sorted(offered) if len(offered) > 1 else ():
        yield Execution(operation, f"accept {accept}", media_type, body, accept=accept, is_main=False)


def rank(operation):
    """What makes objects first, what only reads them, what changes them, what ends them."""
    if operation.method == "post" and "201" in operation.responses:
        return 0
    return 1 if operation.is_safe else {"patch": 2, "put": 2, "post": 3, "delete": 4}[operation.method]


def wire(value):
    """A parameter as it is written in a URL or a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return [wire(each) for each in value] if isinstance(value, list) else value


class Walk:
    """The walk over all operations; answers of earlier operations feed later ones."""

    def __init__(self, contract, client, plan):
        self.contract, self.client, self.plan = contract, client, plan
        self.default_client = os.environ.get("TRM_DEMO_CLIENT") or plan.get("client")
        self.shared = ChainMap({})
        self.done, self.running = set(), []
        self.passed, self.failures, self.idle = 0, [], []
        self.statuses = defaultdict(Counter)
        self.values = defaultdict(list)
        self.objects = defaultdict(list)
        self.bodies, self.bytes, self.answers = defaultdict(list), {}, {}

    def run(self):
        planned = {name.partition("@")[0] for name in self.plan["operations"]}
        for name in sorted(planned - set(self.contract.operations)):
            self.failures.append(f"walk.json: there is no operation {name}")
        for operation in sorted(self.contract.operations.values(), key=rank):
            for execution in executions(operation):
                self.perform(execution)

    def settings(self, execution):
        """What walk.json says of this execution: of the operation, then of its example."""
        operations = self.plan["operations"]
        name = execution.operation.id
        return operations.get(name, {}) | operations.get(f"{name}@{execution.label}", {})

    def main(self, name):
        """The first execution of an operation that has its effect, or that of `operation@example`."""
        operation, _, label = name.partition("@")
        mains = [each for each in executions(self.contract.operations[operation]) if each.is_main]
        return next(each for each in mains if label in ("", each.label))

    def perform(self, execution):
        """Executes once and counts."""
        key = (execution.operation.id, execution.label)
        if key in self.done:
            return
        self.done.add(key)
        # What the node does by itself takes a while.
        late = time.monotonic() + self.settings(execution).get("within", 0)
        try:
            _, found = self.attempt(execution, self.shared)
            while found and time.monotonic() < late:
                time.sleep(0.5)
                _, found = self.attempt(execution, self.shared)
        except NothingToDo as reason:
            self.idle.append(f"{key[0]} ({key[1]}): {reason}")
            return
        except Unresolved as reason:
            found = [str(reason)]
        self.failures.extend(f"{key[0]} ({key[1]}): {each}" for each in found[:3])
        self.passed += not found

    def attempt(self, execution, scope, is_given=False, changed=None):
        """Executes and says whether it succeeded and what is wrong with the answer; a success is remembered.

        What is given for another operation is listed whole there, so it brings nothing given of its own; where it is
        given otherwise than it is done by itself, `changed` says how.
        """
        operation, settings = execution.operation, self.settings(execution) | (changed or {})
        for name in settings.get("after", []):
            self.perform(self.main(name))
        given = scope
        if settings.get("given") and not is_given:
            given = scope.new_child()
            for entry in settings["given"]:
                name, changed = (entry, None) if isinstance(entry, str) else (entry["operation"], entry)
                succeeded, found = self.attempt(self.main(name), given, is_given=True, changed=changed)
                if not succeeded:
                    raise Unresolved(f"given {name}: {found[0]}")
        self.running.append(operation.id)
        try:
            actor = None if operation.is_public else settings.get("as", self.default_client)
            values = self.path_values(operation, settings, given)
            request = self.request(execution, settings, values, actor, given)
        finally:
            self.running.pop()
        path = self.client.url(operation.path, values)
        response = self.client.send(operation.method, path, actor=actor, **request)
        self.statuses[operation.id][response.status_code] += 1
        found = complaints(operation, response)
        if "validateOnly" in execution.label:
            # What was only tried has no state whose tag could be sent.
            found = [each for each in found if each != "header ETag is missing"]
        succeeded = str(response.status_code) in operation.successes
        if succeeded and execution.is_main:
            self.remember(operation, response, values, scope)
            if (execution.media_type or "").endswith("json"):
                accepted, body = self.bodies[operation.id], json.loads(request["data"])
                # The latest that is as documented comes first, those that are given otherwise at the end.
                accepted.insert(len(accepted) if changed else 0, body)
            elif execution.media_type == "application/octet-stream":
                self.bytes[operation.id] = request["data"].decode()
            if operation.method == "get" and "304" in operation.responses:
                found += self.unchanged(operation, path, actor, request, response.headers.get("ETag"))
        return succeeded, found

    def unchanged(self, operation, path, actor, request, tag):
        """Asks again with the ETag of the answer."""
        headers = request["headers"] | {"If-None-Match": tag or '"none"'}
        again = self.client.send("get", path, actor=actor, headers=headers, query=request["query"])
        self.statuses[operation.id][again.status_code] += 1
        if again.status_code == 304 and not again.content:
            return []
        return [f"304 without a body expected for {tag}, got {again.status_code}"]

    def remember(self, operation, response, values, scope):
        is_json = "json" in response.headers.get("Content-Type", "")
        body = response.json() if is_json and response.content else None
        self.answers.setdefault(operation.id, {})[response.status_code] = body if is_json else response.text[:100]
        answer = Answer(body, values)
        if scope is self.shared:
            scope.maps[0].setdefault(operation.id, answer)
        else:
            scope.maps[0][operation.id] = answer
        if values not in self.values[operation.id]:
            self.values[operation.id].append(values)
        if isinstance(body, dict) and (response.status_code == 201 or operation.is_list):
            for item in [body] if response.status_code == 201 else body.get("data", []):
                self.objects[operation.path].append({"values": values, "item": item})

    def answer(self, name, scope):
        """The answer of an operation, which is executed first where it has not been."""
        if name not in scope:
            if name in self.running:
                raise Unresolved(f"{name} needs its own answer")
            self.perform(self.main(name))
        if name not in scope:
            raise Unresolved(f"needs {name}, which has no answer")
        return scope[name]

    def value(self, entry, scope):
        return evaluate(entry, lambda name: self.answer(name, scope).body)

    def path_values(self, operation, settings, scope):
        """Values of the path parameters: from walk.json, else from what made or lists the objects, else the example."""
        values = {name: self.value(entry, scope) for name, entry in settings.get("path", {}).items()}
        for match in reversed(list(PARAMETER.finditer(operation.path))):
            name = match.group(1)
            if name in values:
                continue
            found = self.object_of(operation.path[: match.start()].rstrip("/"), name, scope)
            if found:
                values[name] = found[0]
                values = found[1] | values
                continue
            parameter = next(p for p in operation.located("path") if p["name"] == name)
            example = next(iter(examples_of(parameter).values()), None)
            if example is None:
                raise Unresolved(f"no value for {name}: neither an object nor an example")
            values[name] = example
        return values

    def object_of(self, collection, name, scope):
        """An id from a collection and the path values it belongs to: a made object, else the first listed one."""
        for source in (self.contract.at("post", collection), self.contract.at("get", collection)):
            if source is None or source.id in self.running:
                continue
            if not source.is_list and "201" not in source.responses:
                continue
            answer = self.answer(source.id, scope)
            item = answer.body if not source.is_list else next(iter(answer.body["data"]), {})
            for key in (name, "id", "code"):
                if isinstance(item, dict) and key in item:
                    return item[key], answer.values
        return None

    def related(self, name, example, scope):
        """The id to use for a member or parameter named like `caseId` instead of the example's, or the example."""
        if not (name.endswith("Id") and isinstance(example, str) and UUID.match(example)):
            return example
        segment = pluralised_kebab(name[:-2])
        collections = {o.path for o in self.contract.operations.values() if o.path.rpartition("/")[2] == segment}
        for collection in sorted(collections, key=lambda path: (path.count("{"), path)):
            found = self.object_of(collection, "id", scope)
            if found:
                return found[0]
        return example

    def related_within(self, node, scope, kept, at=""):
        """A copy of an example body with the ids of other objects replaced, except at the pointers in `kept`."""
        if isinstance(node, dict):
            return {
                name: self.related_within(self.related(name, inner, scope), scope, kept, f"{at}/{name}")
                if f"{at}/{name}" not in kept
                else inner
                for name, inner in node.items()
            }
        if isinstance(node, list):
            return [self.related_within(inner, scope, kept, f"{at}/{index}") for index, inner in enumerate(node)]
        return node

    def request(self, execution, settings, values, actor, scope):
        """Headers, query and body of the request."""
        return {
            "headers": self.headers(execution, settings, values, actor, scope),
            "query": self.query(execution, settings, values, actor, scope),
            "data": self.body(execution, settings, scope) if execution.media_type else None,
        }

    def headers(self, execution, settings, values, actor, scope):
        operation = execution.operation
        headers = {}
        for parameter in operation.located("header"):
            if parameter["name"].lower() not in OWN_HEADERS:
                for example in list(examples_of(parameter).values())[:1]:
                    headers[parameter["name"]] = str(wire(example))
        if execution.media_type:
            headers["Content-Type"] = execution.media_type
        if execution.accept:
            headers["Accept"] = execution.accept
        if operation.header("Idempotency-Key"):
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if operation.header("If-Match"):
            source = self.contract.operations.get(settings.get("ifMatch")) or self.contract.tag_source(operation)
            tag = source and self.client.tag(source, values, settings.get("ifMatchAs", actor))
            if not tag:
                raise Unresolved(f"no ETag for If-Match from {source.id if source else 'any operation'}")
            headers["If-Match"] = tag
        return headers | {name: self.value(entry, scope) for name, entry in settings.get("headers", {}).items()}

    def query(self, execution, settings, values, actor, scope):
        operation, named = execution.operation, settings.get("query", {})
        query = {}
        for parameter in operation.located("query"):
            name = parameter["name"]
            if name not in execution.query and not parameter.get("required"):
                continue
            if named.get(name) is not None:
                query[name] = wire(self.value(named[name], scope))
            elif name == "cursor":
                query |= self.second_page(operation, values, actor)
            else:
                example = execution.query.get(name, next(iter(examples_of(parameter).values()), None))
                if example is None:
                    raise Unresolved(f"no example of {name}")
                query[name] = wire(example if name in named else self.related(name, example, scope))
        return query

    def second_page(self, operation, values, actor):
        path = self.client.url(operation.path, values)
        first = self.client.send("get", path, actor=actor, query={"limit": 1})
        cursor = first.json().get("nextCursor") if first.ok else None
        if cursor is None:
            raise NothingToDo("there is no second page")
        return {"limit": 1, "cursor": cursor}

    def body(self, execution, settings, scope):
        entries = settings.get("body", {})
        body = self.related_within(execution.body, scope, set(entries))
        changes = {pointer: self.value(entry, scope) for pointer, entry in entries.items() if entry is not None}
        body = replaced(body, changes)
        if execution.media_type == FORM:
            return {name: wire(value) for name, value in body.items()}
        return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def main(document, report):
    plan = json.loads((Path(os.environ.get("TRM_WALK") or HERE / "walk.json")).read_text())
    walk = Walk(Contract(document), Client(), plan)
    if not walk.default_client:
        sys.exit("no client to act as: set `client` in walk.json or TRM_DEMO_CLIENT")
    walk.run()
    for line in walk.failures:
        print(line)
    for line in walk.idle:
        print(f"not executed: {line}")
    found = {
        "statuses": walk.statuses,
        "values": walk.values,
        "bodies": walk.bodies,
        "bytes": walk.bytes,
        "answers": walk.answers,
        "objects": {path: each[:KEPT_OBJECTS] for path, each in walk.objects.items()},
    }
    Path(report).write_text(json.dumps(found, indent=1))
    total = len(walk.done) - len(walk.idle)
    print(walk.passed, total - walk.passed + sum(line.startswith("walk.json") for line in walk.failures))


if __name__ == "__main__":
    main(*sys.argv[1:])
