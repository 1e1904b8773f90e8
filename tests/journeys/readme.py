"""Runs the tour of README.md against a running node, and checks that it answers what the README shows.

The blocks ```sh that follow `<!-- tour -->` are run in order, as one shell. Each must end with 0. Where a block ```json
follows, the output must be JSON with every member shown there: with the same value, or, for what differs from run to
run (ids, references, instants, dates), with a value of the same form. TRM_URL and TRM_STATE name the node; TRM_BIN
names the program `trm`, unless it is found as the README says.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.compile(r"<!-- tour -->\s*```sh\n(.*?)```(?:\s*```json\n(.*?)```)?", re.DOTALL)
FORMS = [re.compile(it) for it in (
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    r"\d{4}-\d\d-\d\d",
)]
MARK = "\x1e"


def differences(shown, got, at=""):
    """Every way in which an answer is not as shown."""
    if isinstance(shown, dict) and isinstance(got, dict):
        for name, value in shown.items():
            if name in got:
                yield from differences(value, got[name], f"{at}/{name}")
            else:
                yield f"{at}/{name} is missing"
    elif isinstance(shown, list) and isinstance(got, list):
        if len(got) < len(shown):
            yield f"{at} has {len(got)} items"
        for place, (one, other) in enumerate(zip(shown, got)):
            yield from differences(one, other, f"{at}/{place}")
    elif shown != got and not same_form(shown, got):
        yield f"{at} is {json.dumps(got, ensure_ascii=False)}, shown is {json.dumps(shown, ensure_ascii=False)}"


def same_form(shown, got):
    """Whether both are the same but for ids, references, instants and dates inside them."""
    return isinstance(shown, str) and isinstance(got, str) and formed(shown) == formed(got)


def formed(text):
    """A text with its ids, references, instants and dates taken out."""
    for place, form in enumerate(FORMS):
        text = form.sub(f"<{place}>", text)
    return text


def run(blocks):
    """What each block writes, until the first one that fails."""
    script = "set -euo pipefail\n" + "".join(f"{block}\nprintf '{MARK}'\n" for block, _ in blocks)
    environment = dict(os.environ)
    if "TRM_BIN" in environment:
        folder = str(Path(environment["TRM_BIN"]).resolve().parent)
        environment["PATH"] = folder + os.pathsep + environment["PATH"]
    if "TRM_STATE" in environment:
        environment["TRM_STATE"] = str(Path(environment["TRM_STATE"]).resolve())
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.split(MARK), done.returncode


def main():
    """Runs the tour."""
    blocks = BLOCKS.findall((ROOT / "README.md").read_text())
    if not any(shown for _, shown in blocks):
        sys.exit("README.md has no tour")
    outputs, status = run(blocks)
    if len(outputs) <= len(blocks) or status != 0:
        sys.exit(f"this block of README.md fails ({status}):\n{blocks[len(outputs) - 1][0]}\n{outputs[-1]}")
    wrong = []
    for (block, shown), output in zip(blocks, outputs):
        if not shown:
            continue
        try:
            found = list(differences(json.loads(shown), json.loads(output)))
        except ValueError as error:
            found = [f"no JSON: {error}"]
        if found:
            wrong.append("\n".join([block, *found, output]))
    if wrong:
        sys.exit("README.md shows what is not answered:\n\n" + "\n\n".join(wrong))
    print(f"README.md: {len(blocks)} blocks ran, {sum(1 for _, shown in blocks if shown)} answers as shown")


if __name__ == "__main__":
    main()
