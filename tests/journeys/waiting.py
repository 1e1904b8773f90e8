"""The steps of the scenarios that wait for a room that is not there yet, from `waiting.json`; and that they still do.

A step names its room and parts of the paths by which that room will be served. As soon as a node has such a path, this
fails: the step is to be told in the journey of its scenario, and taken off the list.
"""

import json
from pathlib import Path

from client import Unexpected
from telling import chapter, tell, told

ROOMS = {"transnational", "coordination", "proceedings", "protection", "solutions", "access", "statistics"}
LIST = Path(__file__).with_suffix(".json")


def steps_of(scenario):
    """The steps of a scenario that wait, each with its room."""
    return {it["step"]: it["room"] for it in json.loads(LIST.read_text())[scenario]}


def served(part, paths):
    """The paths with a part such as `/proceedings`, which ends where a word ends."""
    return [path for path in paths if f"{part}/" in f"{path}/" or f"{part}-" in path]


def main(node):
    """Holds the list against the contract of the node."""
    paths = list(node.request("GET", "/openapi.json", expect=200, send=node.plainly)["paths"])
    if not served("/exploitation-episodes", paths) or not served("/exploitation", paths) or served("/exploit", paths):
        raise Unexpected(f"what is served is not found in the contract: {paths}")
    chapter(1, "What waits for rooms to come")
    for scenario, steps in json.loads(LIST.read_text()).items():
        for it in steps:
            if it["room"] not in ROOMS or not it["served"]:
                raise Unexpected(f"{scenario} waits for nothing: {it}")
            there = [path for part in it["served"] for path in served(part, paths)]
            if there:
                raise Unexpected(f"{scenario} waits no longer, tell it and take it off waiting.json: {it}, {there}")
        told(f"- {scenario}: {len(steps)} steps, for {', '.join(sorted({it['room'] for it in steps}))}")


if __name__ == "__main__":
    tell(main)
