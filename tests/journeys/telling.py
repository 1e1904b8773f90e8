"""How journeys are told: chapters, what was asked and answered, what a refusal says; and how each ends."""

import sys
import textwrap

from client import Node, Unexpected

WIDTH = 118


def told(text):
    """Prints a line of the story."""
    print(textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="        ", break_on_hyphens=False))


def chapter(number, title):
    """Prints the heading of a part of the story."""
    print(f"\n{number}  {title}")


def because(violation):
    """A rule, its first source and what would make the act lawful."""
    told(f"- {violation['rule']} {violation['code']}: {violation['message']}")
    told(f"- source: {violation['sources'][0]['citation']}")
    told(f"- remedy: {violation['remedy']}")


def tell(story):
    """Tells a story against the node at TRM_URL; ends with 1 on anything unexpected."""
    try:
        node = Node()
        print(f"TRM, told by a client at {node.url} (everybody is invented)")
        story(node)
        print("\nEvery answer was as expected.")
    except Unexpected as unexpected:
        sys.stdout.flush()
        sys.exit(f"\nUNEXPECTED: {unexpected}")
