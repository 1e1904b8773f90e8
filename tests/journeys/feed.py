"""The feed of events, read as a program does that keeps its cursor."""

import time

WAIT_SECONDS = 15


class Feed:
    """What the agency of a client hears from now on."""

    def __init__(self, client):
        self.client = client
        self.cursor = {}
        while True:
            page = client.get("/v1/events", limit=200, **self.cursor)
            self.cursor = {"after": page["nextCursor"]}
            if not page["data"]:
                break

    def hears(self, enough, case):
        """The events of a case until there are enough of them; an event comes once nothing older can be committed."""
        until, heard = time.monotonic() + WAIT_SECONDS, []
        while not enough(heard):
            page = self.client.get("/v1/events", **self.cursor)
            heard += [it for it in page["data"] if it.get("caseId") == case]
            self.cursor = {"after": page["nextCursor"]}
            if time.monotonic() > until:
                page.fail(f"after {WAIT_SECONDS} s the feed has {[it['type'] for it in heard]}")
            if not page["data"]:
                time.sleep(0.1)
        return heard
