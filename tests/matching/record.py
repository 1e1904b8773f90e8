"""Puts the table of a report in place of the section of matching: record.py REPORT DOCUMENT."""

import datetime
import os
import pathlib
import re
import sys

TITLE = "## Finding a child among a hundred thousand"
ABOUT = """\
`make proof-matching`: a register of invented children in thirteen languages and three scripts
(`tests/matching/register.py`) is loaded through the store into PostgreSQL and asked about. A fifth of the questions is
altered in one way each. A candidate shares a token with the question and is opened; a hit is alike enough to be
answered. A search is the whole of it, from the question to the cases with how the caller stands to them.
"""

report, document = map(pathlib.Path, sys.argv[1:])
cores = os.cpu_count()
section = f"{TITLE}\n\n{ABOUT}\nLast run: {datetime.date.today()}, {cores} cores.\n\n" \
          f"| | measured | goal |\n|---|---|---|\n{report.read_text().strip()}\n"
text = document.read_text() if document.exists() else "# Long proofs and their last results\n"
rest = re.sub(rf"{re.escape(TITLE)}\n.*?(?=\n## |\Z)", "", text, flags=re.S).rstrip()
document.write_text(f"{rest}\n\n{section}")
