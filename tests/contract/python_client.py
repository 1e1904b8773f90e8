"""Sees that the generated Python client says and reads everything that the examples said and were answered.

    python_client.py OPENAPI.YAML REPORT.JSON

Every JSON body of the report of examples.py, read by the generated model and written again, must be the same; every
text must arrive as one. Last line: `<passed> <failed>`, by operation.
"""

import json
import os
import sys
from pathlib import Path

import trm_client

from contract import Contract
from generated import OPTIONS, Lossy, operations


# What is text and needs no token; the bytes of a document are compared by a test of the node.
PUBLIC_TEXTS = {"getMetrics", "getOpenapiYaml", "listProblems", "getProblem"}


def check(operation, seen):
    """Raises where something is lost."""
    for body in seen["bodies"].get(operation.id, []):
        operation.arguments({}, body)
    for status, body in seen["answers"].get(operation.id, {}).items():
        if not isinstance(body, str):
            operation.reads(int(status), body)
        elif body and operation.id in PUBLIC_TEXTS:
            client = trm_client.Client(os.environ["TRM_URL"], **OPTIONS)
            arguments = operation.arguments(seen["values"][operation.id][0], None)
            text = operation.module.sync_detailed(client=client, **arguments).parsed
            if not isinstance(text, str) or not text:
                raise Lossy(f"{operation.id}: {text!r} is no text")


def main(document, report):
    seen = json.loads(Path(report).read_text())
    every, wrong = list(operations(Contract(document).document)), 0
    for operation in every:
        try:
            if operation.id not in seen["answers"]:
                raise Lossy(f"{operation.id}: no example was answered")
            check(operation, seen)
        except Lossy as lost:
            wrong += 1
            print(lost)
    print(len(every) - wrong, wrong)


if __name__ == "__main__":
    main(*sys.argv[1:])
