"""Counts the outcome of the fuzzing step: operations without a finding, and findings, errors, operations left out.

    outcome.py SCHEMATHESIS-REPORT.JSON

Last line: `<passed> <failed>`.
"""

import json
import sys
from pathlib import Path


def main(report):
    found = json.loads(Path(report).read_text())
    operations = found["operations"] or {"total": 0, "tested": 0}
    for each in found["failures"]:
        print(f"{each['count']} × {each['title']}: {', '.join(each['operations'])}")
    for each in found["errors"]:
        print(f"{each['count']} × {each['title']}")
    wrong = {name for each in found["failures"] for name in each["operations"]}
    untested = operations["total"] - operations["tested"]
    if untested or not found["complete"]:
        print(f"{untested} of {operations['total']} operations not tested ({found['stop_reason']})")
    failed = sum(len(each["operations"]) for each in found["failures"]) + len(found["errors"]) + untested
    # Schemathesis says by its exit code what the lists may leave out.
    failed += not found["complete"] or (found["exit_code"] != 0 and failed == 0)
    print(f"{found['test_cases']['generated']} requests generated, seed {found['seed']}")
    print(max(operations["tested"] - len(wrong), 0), failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
