"""Counts the outcome of the step that follows links: links that led to a 2xx, findings, operations that none leads to.

    followed.py OPENAPI.YAML SCHEMATHESIS-REPORT.JSON SCHEMATHESIS-EVENTS.NDJSON

To every operation on something that has an id a chain of links must lead from one that needs no id. That is read from
the contract: which of them were walked to a 2xx depends on chance and on the machine, so what was not is shown and no
failure; that no link at all led to one is. Shows the chain of the most different links. Last line:
`<passed> <failed>`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from contract import Contract
from outcome import findings


@dataclass
class Step:
    """A request of a chain: the link that led to it, if one did, and the step before."""

    link: str | None
    before: str | None
    succeeded: bool


def chains(events):
    """The steps of each chain, by their ids."""
    with open(events, encoding="utf-8") as lines:
        finished = [json.loads(line).get("ScenarioFinished") for line in lines]
    for recorder in (each["recorder"] for each in finished if each):
        answers = {name: each.get("response") or {} for name, each in recorder.get("interactions", {}).items()}
        yield {
            name: Step(
                link=each.get("transition", {}).get("id"),
                before=each.get("parent_id"),
                # A link whose values were left out, to try others, has not been followed.
                succeeded=200 <= answers.get(name, {}).get("status_code", 0) < 300
                and each.get("is_transition_applied", True),
            )
            for name, each in recorder.get("cases", {}).items()
        }


def way_to(steps, name):
    """The links that led to a step, as far back as each was answered with a 2xx."""
    links = []
    while name in steps and steps[name].succeeded and steps[name].link:
        links.append(steps[name].link)
        name = steps[name].before
    return links[::-1]


def linked(contract):
    """The operations that need no id, and those to which a chain of links leads from them."""
    found = [each.id for each in contract.operations.values() if not each.collection]
    for source in found:
        targets = (link["operationId"] for link in contract.operations[source].links.values())
        found.extend(target for target in dict.fromkeys(targets) if target not in found)
    return set(found)


def main(document, report, events):
    contract = Contract(document)
    names = {f"{each.method.upper()} {each.path}": each.id for each in contract.operations.values()}
    documented = {
        f"{label} -> [{status}] {name} -> {target}": link["operationId"]
        for label, source in names.items()
        for (status, name), link in contract.operations[source].links.items()
        for target, operation in names.items()
        if operation == link["operationId"]
    }
    followed, longest = set(), []
    for steps in chains(events):
        for name in steps:
            way = way_to(steps, name)
            followed.update(way)
            longest = max(longest, way, key=lambda links: len(set(links)))
    failed = findings(json.loads(Path(report).read_text()))
    reached = {documented[link] for link in followed}
    for name in sorted(set(contract.operations) - linked(contract)):
        failed += 1
        print(f"no chain of links leads to {name}")
    if not followed:
        failed += 1
        print("no link led to a 2xx")
    for operation in contract.operations.values():
        if operation.collection and operation.id not in reached:
            print(f"not reached in this walk: {operation.id}")
    for link in sorted(set(documented) - followed):
        print(f"never with a 2xx: {link}")
    if longest:
        first = names[longest[0].partition(" -> ")[0]]
        print("longest chain: " + ", ".join([first, *(documented[link] for link in longest)]))
    print(f"{len(followed)} of {len(documented)} links led to a 2xx")
    print(len(followed), failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
