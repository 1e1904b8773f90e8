"""Runs Spectral or Redocly on the contract and takes the accepted findings of exceptions.json off.

    lint.py spectral|redocly OPENAPI.YAML
    lint.py self-check

Prints what is left, one finding a line, and `<passed> <failed>` as its last line. An exception is a rule, a
place (JSON pointer, everything below it included) and a reason. The run fails when the number of exceptions is
not the number written in the file, or when an exception no longer matches anything: the list may only shrink.
Exceptions are taken off here, and not by an `overrides` section of the ruleset, because Spectral cannot tell
that an override has become useless.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = HERE / "node_modules" / ".bin"
SPECTRAL_ERRORS = 1  # exit code of "findings of at least the fail severity"


def pointer(parts):
    """A JSON pointer from the parts of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def spectral(document):
    """The findings of Spectral as (rule, pointer, message)."""
    command = [BIN / "spectral", "lint", "--ruleset", HERE / "spectral.yaml", "--format", "json", "--quiet",
               "--fail-severity", "hint", document]
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE)
    if done.returncode not in (0, SPECTRAL_ERRORS):
        sys.exit(f"spectral did not run:\n{done.stdout}{done.stderr}")
    findings = [(each["code"], pointer(each["path"]), each["message"]) for each in json.loads(done.stdout or "[]")]
    if done.returncode == SPECTRAL_ERRORS and not findings:
        sys.exit(f"spectral failed without findings:\n{done.stderr}")
    return findings


def redocly(document):
    """The findings of Redocly as (rule, pointer, message)."""
    command = [BIN / "redocly", "lint", "--config", HERE / "redocly.yaml", "--format", "json",
               "--max-problems", "100000", document]
    environment = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE, env=environment)
    try:
        problems = json.loads(done.stdout)["problems"]
    except (ValueError, KeyError):
        sys.exit(f"redocly did not run:\n{done.stdout}{done.stderr}")
    if done.returncode != 0 and not problems:
        sys.exit(f"redocly failed without findings:\n{done.stderr}")
    return [(each["ruleId"], each["location"][0].get("pointer", "#").removeprefix("#"), each["message"])
            for each in problems]


def self_check():
    """Sees that each of our rules finds the breach planted for it in broken.yaml, and that both rulesets are on."""
    found = {rule for rule, _, _ in spectral(HERE / "broken.yaml")}
    expected = set(re.findall(r'^    "(trm-[a-z-]+)":', (HERE / "rules.js").read_text(), re.MULTILINE))
    expected |= {"operation-description", "owasp:api4:2023-rate-limit"}
    silent = sorted(expected - found)
    for rule in silent:
        print(f"{rule} does not find its breach in broken.yaml")
    print(len(expected) - len(silent), len(silent))


def covers(exception, finding):
    """Whether the exception accepts the finding."""
    rule, where, _ = finding
    return exception["rule"] == rule and (where + "/").startswith(exception["where"] + "/")


def main(linter, document):
    accepted = json.loads((HERE / "exceptions.json").read_text())
    exceptions = [each for each in accepted["exceptions"] if each["linter"] == linter]
    findings = {"spectral": spectral, "redocly": redocly}[linter](Path(document).resolve())
    left = [finding for finding in findings if not any(covers(each, finding) for each in exceptions)]
    complaints = [f"{where or '/'}  {rule}  {message}" for rule, where, message in left]
    for each in exceptions:
        if not each.get("reason"):
            complaints.append(f"exceptions.json: no reason for {each['rule']} at {each['where']}")
        if not any(covers(each, finding) for finding in findings):
            complaints.append(f"exceptions.json: {each['rule']} at {each['where']} matches nothing any more: remove it")
    if len(accepted["exceptions"]) != accepted["count"]:
        complaints.append(f"exceptions.json: {len(accepted['exceptions'])} exceptions, count says {accepted['count']}")
    rules = sorted({rule for rule, _, _ in left})
    for complaint in complaints:
        print(complaint)
    if rules:
        print("by rule: " + ", ".join(f"{rule} {sum(each[0] == rule for each in left)}" for rule in rules))
    print(0 if complaints else 1, len(complaints))


if __name__ == "__main__":
    if sys.argv[1:] == ["self-check"]:
        self_check()
    else:
        main(*sys.argv[1:])
