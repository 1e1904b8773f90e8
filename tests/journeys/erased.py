"""A case that should never have been entered is erased: by two people, for a reason, and for good.

Told at the machine of the node: `trm erase` is a command, no operation. Needs a sandbox node, its database in DATABASE_URL
and the program in TRM_BIN. Everything and everybody is invented.
"""

import hashlib
import json
import os
import subprocess
import uuid

from client import Unexpected
from mechanism import lives, taken_in, unlike_any
from telling import chapter, tell, told

SEEN = ["beg_adult_collects", "beg_target_sum"]
BY_TWO = ("--requested-by", "Mari Maasikas", "--approved-by", "Juta Tamm")


def trm(*words, expect=0, says=()):
    """Runs the program; what it said."""
    done = subprocess.run([os.environ["TRM_BIN"], *words], capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    if done.returncode != expect or any(it not in said for it in says):
        raise Unexpected(f"trm {' '.join(words)}: {done.returncode}\n{said}")
    return said


def main(node):
    """Tells the story."""
    police = node.client("tallinn-police", id="p-tp-03", role="case_manager")
    manager = node.client("tallinn-child-protection")
    supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
    ledger = node.state / "erasures.of-the-journey"
    child = {"child": {"givenName": "Erna", "familyName": unlike_any(), "birthDate": "2013-02-11",
                       "ageCertainty": "declared"}}
    erase = ("erase", "--reason", "entered_in_error", "--ledger", str(ledger), "--case")

    chapter(1, "A case is entered that is not one")
    case = taken_in(manager, SEEN, child)
    file = f"/v1/cases/{case['id']}"
    trm(*erase, case["reference"], "--check", expect=1, says=["refused", "work on it goes on"])
    told("trm erase --check -> refused: work on the case goes on")
    lives(supervisor, file, "mark-erroneous", {"reasons": "An exercise."}).has({"status": "erroneous"})
    told("supervisor: POST .../mark-erroneous -> 200")

    chapter(2, "Nobody erases alone")
    told("trm erase --check -> " + trm(*erase, case["reference"], "--check", says=["would go"]).splitlines()[0])
    trm(*erase, case["reference"], "--requested-by", "Juta Tamm", "--approved-by", "juta  tamm", expect=1,
        says=["does not also agree"])
    told("trm erase, asked for and agreed to by one person -> refused")
    trm(*erase, case["reference"], expect=2)
    manager.get(file)

    chapter(3, "Two do, and it has never been")
    trm(*erase, case["reference"], *BY_TWO, says=["are gone"])
    for rest in ("", "/child", "/lifecycle", "/timeline", "/deadlines"):
        manager.get(file + rest, expect=404)
    for who in (manager, supervisor, police):
        for path in ("/v1/cases", "/v1/events", "/v1/deadlines?scope=agency", "/v1/screenings"):
            answer = who.get(path)
            if case["id"] in answer.raw or case["reference"] in answer.raw:
                answer.fail("it is still told of")
    told("GET of the case, five ways -> 404; no list and no feed tells of it")
    trm(*erase, case["reference"], *BY_TWO, expect=1, says=["no such case"])

    chapter(4, "The ledger keeps it so")
    line = ledger.read_text()
    if case["id"] not in line or "Erna" in line or case["reference"] in line:
        raise Unexpected(f"the ledger: {line}")
    trm("erase", "--replay", str(ledger), says=["0 rows"])
    told("the ledger has a line with ids and no names; trm erase --replay -> 0 rows: all of it is gone already")
    told_of = json.loads(line.split(" ", 1)[1])
    text = json.dumps({**told_of, "id": str(uuid.uuid4())}, separators=(",", ":"))
    other = node.state / "erasures.from-elsewhere"
    other.write_text(f"{hashlib.sha256(text.encode()).hexdigest()} {text}\n")
    serve = ("serve", "--demo", "--sandbox", "--port", "0", "--state", str(node.state), "--ledger", str(other))
    trm(*serve, expect=2, says=["does not know of 1 of the erasures", "trm erase --replay"])
    told("trm serve with a ledger that tells of an erasure that the database does not know -> refuses to serve")
    other.write_text(other.read_text().replace("entered_in_error", "court_order"))
    trm(*serve, expect=2, says=["line 1 of the ledger of erasures is damaged"])
    trm("erase", "--replay", str(other), expect=2, says=["line 1 of the ledger of erasures is damaged"])
    told("- with a line that somebody has changed -> neither serves nor replays")


if __name__ == "__main__":
    tell(main)
