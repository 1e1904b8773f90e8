"""An invented case waits for whoever opens it without a reason, and the alarm is raised while the answer is still warm.

Told at the machine of the node: `trm canary` is a command, no operation. Needs a node whose time passes, its database in
DATABASE_URL and the program in TRM_BIN. Everything and everybody is invented, the child twice over.
"""

import json
import os
import subprocess
import time
import urllib.request

from client import Unexpected
from feed import Feed
from mechanism import unlike_any
from telling import chapter, tell, told

# What the threat model promises, in seconds (T-I1).
WITHIN = 60


def trm(*words, expect=0, says=()):
    """Runs the program; what it said."""
    done = subprocess.run([os.environ["TRM_BIN"], *words], capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    if done.returncode != expect or any(it not in said for it in says):
        raise Unexpected(f"trm {' '.join(words)}: {done.returncode}\n{said}")
    return said


def alarms(node):
    """How many alarms the node has counted."""
    with urllib.request.urlopen(f"{node.url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return int(next(it for it in lines if it.startswith("trm_canary_alarms_total")).split()[1])


def main(node):
    """Tells the story."""
    insider = node.client("tallinn-police", id="p-tp-07", role="case_manager")
    stranger = node.client("tallinn-shelter", id="p-ts-07")
    feeds = [Feed(node.client(it)) for it in ("tallinn-child-protection", "ee-data-protection")]
    invented = node.state / "invented.json"
    invented.write_text(json.dumps({
        "professional": "p-tp-01", "judgement": "She is afraid and does not say of whom.",
        "child": {"name": {"given": "Salme", "family": unlike_any()}, "birthDate": "2012-09", "sex": "female"},
        "whereabouts": {"accommodationType": "emergency_shelter_child", "address": "Invented Street 9"},
    }))
    invented.chmod(0o600)
    add = ("canary", "add", "--agency", "EE/demo-police-north", "--child", str(invented), "--by", "Mari Maasikas",
           "--node-key-file", str(node.state / "node.key"))

    chapter(1, "A case is invented")
    reference, case = trm(*add).split()[:2]
    told(f"trm canary add -> {reference}")
    trm(*add, expect=1, says=["a child like this is known"])
    listed = insider.get("/v1/cases").find("data", id=case)
    if listed["reference"] != reference:
        raise Unexpected(f"the list: {listed}")
    before = alarms(node)
    told("GET /v1/cases -> it is there like every other, and nobody is alarmed")

    chapter(2, "Somebody opens it")
    began = time.monotonic()
    insider.get(f"/v1/cases/{case}")
    stranger.get(f"/v1/cases/{case}", expect=404)
    while alarms(node) < before + 2:
        if time.monotonic() - began > WITHIN:
            raise Unexpected(f"no alarm within {WITHIN} s")
        time.sleep(0.2)
    told(f"GET of the case -> 200, and 404 for a stranger; two alarms within {WITHIN} s")
    for feed in feeds:
        # A fact that names no case belongs to none.
        told_of = feed.hears(lambda heard: sum(it["type"] == "access.alarm_raised" for it in heard) >= 2, None)
        if any(case in json.dumps(it) for it in told_of):
            raise Unexpected("the fact names the case")
    told("lead and data protection authority: GET /v1/events -> who it was, and not which case")
    trm("canary", "list", says=[reference, "by professional"])

    chapter(3, "It is watched no more")
    trm("canary", "remove", "--case", reference, "--by", "Juta Tamm", says=["watched no more"])
    trm("canary", "remove", "--case", reference, "--by", "Juta Tamm", expect=1)
    told("trm canary remove -> the case is one that nobody counts")


if __name__ == "__main__":
    tell(main)
