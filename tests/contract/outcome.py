"""Counts the outcome of the fuzzing step: operations without a finding, and findings, errors, operations left out.

    outcome.py SCHEMATHESIS-REPORT.JSON              last line: `<passed> <failed>`
    outcome.py SCHEMATHESIS-REPORT.JSON all-tested   no output; exits with 1 when operations were left out

What Schemathesis printed is beside the report, in a file of the same name that ends with .txt.
"""

import json
import sys
from pathlib import Path


# Of so many operations one may be left out.
FEW = 20


def findings(found):
    """Prints what was found and counts it; what Schemathesis says by its exit code, the lists may leave out."""
    for each in found["failures"]:
        print(f"{each['count']} × {each['title']}: {', '.join(each['operations'])}")
    for each in found["errors"]:
        print(f"{each['count']} × {each['title']}")
    count = sum(len(each["operations"]) for each in found["failures"]) + len(found["errors"])
    if not found["complete"]:
        print(f"not complete: {found['stop_reason']}")
    print(f"{found['test_cases']['generated']} requests generated, seed {found['seed']}")
    return count + (not found["complete"]) + (found["exit_code"] != 0 and count == 0)


def broken_off(report):
    """How often a worker of Schemathesis died: it then ends a phase early and says of it that all is well."""
    printed = Path(report).with_suffix(".txt").read_text()
    count = printed.count("Exception in thread")
    if count:
        print(f"{count} × a worker of Schemathesis broke off")
    return count


def main(report, *asked):
    found = json.loads(Path(report).read_text())
    operations = found["operations"] or {"total": 0, "tested": 0}
    if asked == ("all-tested",):
        sys.exit(operations["tested"] < operations["total"])
    failed = findings(found) + broken_off(report)
    wrong = {name for each in found["failures"] for name in each["operations"]}
    untested = operations["total"] - operations["tested"]
    if untested:
        print(f"{untested} of {operations['total']} operations not tested")
    # A slow machine may leave out a few, whose examples were executed and whose links were followed all the same.
    print(max(operations["tested"] - len(wrong), 0), failed + (untested if untested * FEW > operations["total"] else 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
