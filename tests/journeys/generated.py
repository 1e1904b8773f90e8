"""Carries the requests of a journey through the client that openapi-python-client makes of the contract.

A request is found in the contract by method and path and sent by the generated function of that operation: parameters
and body in the generated types, the answer parsed by them. Both ways nothing may be lost: what a generated model
writes again must be the JSON that it was read from. tests/contract/run makes the package `trm_client` and puts it
on the path.
"""

import importlib
import inspect
import io
import json
import pkgutil
import re
import typing
from datetime import date, datetime
from enum import Enum
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import httpx
import trm_client
import trm_client.api
from trm_client.api.operations import get_openapi_json
from trm_client.errors import UnexpectedStatus
from trm_client.types import File, Unset

# A sandbox node has this besides; it is not in openapi.yaml.
SANDBOX = "/v1/sandbox/"
METHODS = ("get", "post", "put", "patch", "delete")
# Sent by the generated client itself.
OWN_HEADERS = ("authorization", "accept", "content-type")
ABSENT = object()
OPTIONS = {"httpx_args": {"trust_env": False}, "raise_on_unexpected_status": True}


class Lossy(Exception):
    """Something that the generated client cannot say or read."""


def modules():
    """The generated modules by operation, names in small letters without underscores."""
    found = pkgutil.walk_packages(trm_client.api.__path__, "trm_client.api.")
    named = {each.name.rpartition(".")[2].replace("_", ""): each.name for each in found if not each.ispkg}
    return {name: importlib.import_module(module) for name, module in named.items()}


def plain(name):
    """A name as the generator might have changed it: `If-Match` is `if_match`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def read(body, content_type):
    """The body of a request, as it is given to a generated function."""
    if content_type.endswith("octet-stream"):
        return body
    return dict(parse_qsl(body.decode())) if content_type.endswith("form-urlencoded") else json.loads(body)


def instant(text):
    try:
        return datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None


def differences(one, other, at=""):
    """Where two JSON values differ; an instant may be written in two ways."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            yield from differences(one.get(name, ABSENT), other.get(name, ABSENT), f"{at}/{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (first, second) in enumerate(zip(one, other)):
            yield from differences(first, second, f"{at}/{place}")
    elif isinstance(one, str) and isinstance(other, str):
        if one != other and (instant(one) is None or instant(one) != instant(other)):
            yield at
    elif one != other or type(one) is not type(other):
        yield at


class Operation:
    """One operation of the contract and the module that was generated for it."""

    def __init__(self, method, path, definition, module):
        self.id, self.method, self.module = definition["operationId"], method, module
        self.names = re.findall(r"{(\w+)}", path)
        self.pattern = re.compile(re.sub(r"{\w+}", "([^/]+)", path) + "$")
        signature = inspect.signature(module.sync_detailed)
        self.parameters = {plain(name): each for name, each in signature.parameters.items()}

    def arguments(self, values, body):
        """The arguments of the generated function: texts and JSON in the types that it takes."""
        found = {}
        for name, text in values.items():
            parameter = self.parameters.get(plain(name)) or self.lacks(name)
            found[parameter.name] = typed(text, kind(parameter))
        if body is not None:
            model = kind(self.parameters.get("body") or self.lacks("body"))
            if model is File:
                return {**found, "body": File(io.BytesIO(body))}
            found["body"] = self.lossless(f"the body {model.__name__}", body, lambda: model.from_dict(body))
        return found

    def reads(self, status, body):
        """Sees that the generated models read a body of an answer and lose nothing of it."""
        client, answer = trm_client.Client("", **OPTIONS), httpx.Response(status, json=body)
        parse = self.module._parse_response
        return self.lossless(f"the answer {status}", body, lambda: parse(client=client, response=answer))

    def lossless(self, what, body, parse):
        """What the JSON was parsed to, if it can be written again."""
        try:
            model = parse()
            lost = list(differences(body, model.to_dict()))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Lossy(f"{self.id}: {what} cannot be read: {error!r}") from error
        if lost:
            raise Lossy(f"{self.id}: {what} loses {', '.join(lost)}")
        return model

    def lacks(self, name):
        raise Lossy(f"{self.id}: takes no {name}")


def kind(parameter):
    """The type of a generated parameter, when it is given."""
    options = typing.get_args(parameter.annotation) or (parameter.annotation,)
    return next(each for each in options if each not in (Unset, type(None)))


def typed(text, wanted):
    """The value of a parameter in its generated type."""
    if wanted is bool:
        return {"true": True, "false": False}[text.lower()]
    if wanted in (date, datetime):
        return wanted.fromisoformat(text)
    if wanted in (int, str, UUID) or issubclass(wanted, Enum):
        return wanted(text)
    raise Lossy(f"no value of {wanted} is known")


def operations(document):
    """Every operation of the contract; each has its module."""
    generated = modules()
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and not path.startswith(SANDBOX):
                yield Operation(method, path, item[method], generated[plain(item[method]["operationId"])])


class Generated:
    """The generated client of the node at an address; `failure` is raised for what it cannot do."""

    def __init__(self, url, failure):
        self.url, self.failure = url, failure
        answer = get_openapi_json.sync_detailed(client=trm_client.Client(url, **OPTIONS))
        # Paths with a parameter come after those without.
        self.operations = sorted(operations(json.loads(answer.content)), key=lambda each: len(each.names))

    def send(self, method, path, headers, body):
        """Sends a request; status, headers and text of the answer."""
        try:
            return self._send(method, path, {name.lower(): value for name, value in headers.items()}, body)
        except (Lossy, KeyError, ValueError, httpx.HTTPError, UnexpectedStatus) as error:
            raise self.failure(f"the generated client: {error!r}\n{method} {path}") from error

    def _send(self, method, path, headers, body):
        split = urlsplit(path)
        operation, found = self._find(method.lower(), split.path)
        values = dict(zip(operation.names, map(unquote, found.groups()))) | dict(parse_qsl(split.query))
        values |= {name: value for name, value in headers.items() if name not in OWN_HEADERS}
        if body is not None:
            body = read(body, headers["content-type"])
        arguments = operation.arguments(values, body)
        answer = operation.module.sync_detailed(client=self._client(headers), **arguments)
        if isinstance(answer.parsed, File):
            if answer.parsed.payload.read() != answer.content:
                raise Lossy(f"{operation.id}: other bytes arrive")
        elif answer.content:
            operation.lossless(f"the answer {answer.status_code}", json.loads(answer.content), lambda: answer.parsed)
        return int(answer.status_code), dict(answer.headers), answer.content.decode()

    def _find(self, method, path):
        for operation in self.operations:
            found = operation.pattern.match(path)
            if found and operation.method == method:
                return operation, found
        raise Lossy("there is no such operation")

    def _client(self, headers):
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if not token:
            return trm_client.Client(self.url, **OPTIONS)
        return trm_client.AuthenticatedClient(self.url, token=token, prefix=scheme, **OPTIONS)
