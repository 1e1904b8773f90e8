"""Sees that every operation was answered with a 2xx, by an example or by a generated request.

    seen.py OPENAPI.YAML REPORT.JSON...

Each report is the `statuses` of a step: operationId to status to count. Also sees that the fuzzing step did not run
into the rate limit, which would make its other results empty. Last line: `<passed> <failed>`.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from contract import Contract

LIMITED_SHARE = 0.02


def main(document, *reports):
    seen = {name: Counter() for name in Contract(document).operations}
    for report in reports:
        found = json.loads(Path(report).read_text())
        for name, counts in found.get("statuses", found).items():
            seen[name].update({int(status): count for status, count in counts.items()})
    failed = 0
    for name, counts in seen.items():
        if not any(200 <= status < 300 for status in counts):
            failed += 1
            print(f"{name} was never seen with a 2xx: {dict(sorted(counts.items())) or 'never called'}")
    total = sum(seen.values(), Counter())
    if total[429] > LIMITED_SHARE * total.total():
        failed += 1
        print(f"{total[429]} of {total.total()} answers were 429: the limits of the demo node are too low for this run")
    print("statuses: " + ", ".join(f"{status} {count}" for status, count in sorted(total.items())))
    print(len(seen) - min(failed, len(seen)), failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
