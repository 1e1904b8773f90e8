"""The value language of walk.json, and JSON pointers."""

import copy
import re
import secrets
from datetime import UTC, datetime, timedelta

from client import run_command

REFERENCE = re.compile(r"^([a-z][A-Za-z0-9]*)#(/.*)?$")
OFFSET = re.compile(r"^([+-]\d+)([dhm])$")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class Unresolved(Exception):
    """A value that an earlier answer should have given and did not."""


def parts(pointer):
    """The unescaped tokens of a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def pick(body, pointer):
    """What the pointer points to; in an array `name=value` is the first item with that member."""
    for token in parts(pointer):
        try:
            if isinstance(body, list) and "=" in token:
                name, _, value = token.partition("=")
                body = next(item for item in body if str(item.get(name)) == value)
            else:
                body = body[int(token)] if isinstance(body, list) else body[token]
        except (KeyError, IndexError, ValueError, TypeError, StopIteration):
            raise Unresolved(f"nothing at {pointer}") from None
    return body


def replaced(body, changes):
    """A copy of the body with the values of `changes` (pointer to value) put in."""
    body = copy.deepcopy(body)
    for pointer, value in changes.items():
        *way, last = parts(pointer)
        node = body
        for token in way:
            node = node[int(token)] if isinstance(node, list) else node.setdefault(token, {})
        node[int(last) if isinstance(node, list) else last] = value
    return body


def shifted(offset):
    """Now, moved by `+3d`, `-2h`, `+30m`."""
    amount, unit = OFFSET.match(offset).groups()
    return datetime.now(UTC) + timedelta(**{UNITS[unit]: int(amount)})


def evaluate(value, answer_body):
    """The value that an entry of walk.json stands for; `answer_body` gives the answer of an operation by its id."""
    if isinstance(value, str) and (reference := REFERENCE.match(value)):
        operation, pointer = reference.groups()
        return pick(answer_body(operation), pointer or "")
    if isinstance(value, dict) and len(value) == 1:
        [(kind, argument)] = value.items()
        if kind == "value":
            return argument
        if kind == "invented":
            # Letters without a likeness: of two that are alike the second child would be refused (R70).
            return "".join(secrets.choice("abdegiklmnoprstuv") for _ in range(12)).capitalize()
        if kind == "command":
            return run_command(argument)
        if kind == "now":
            return shifted(argument).strftime("%Y-%m-%dT%H:%M:%SZ")
        if kind == "today":
            return shifted(argument).strftime("%Y-%m-%d")
    return value
