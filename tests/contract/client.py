"""Talks to the running node: tokens by client name, requests with a time limit."""

import os
import re
import shlex
import subprocess
import threading
import time
from urllib.parse import quote

import requests

# A token lives 300 s; a new one is asked for well before.
TOKEN_SECONDS = 200
REQUEST_SECONDS = 30


def run_command(arguments):
    """What `trm` (its path in TRM_COMMAND) prints for the arguments."""
    command = [os.environ["TRM_COMMAND"], *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{shlex.join(command)}: {done.stderr.strip()}")
    return done.stdout.strip()


class Tokens:
    """Access tokens of the demo clients, by client name, or by `name/role` for somebody who acts in another role."""

    def __init__(self):
        self._held = {}
        self._lock = threading.Lock()

    def get(self, name, case=None):
        """A token of the client that is good for at least another minute, bound to a case if one is named."""
        with self._lock:
            token, fetched = self._held.get((name, case), (None, 0.0))
            if token is None or time.monotonic() - fetched > TOKEN_SECONDS:
                arguments = shlex.split(os.environ["TRM_TOKEN_ARGUMENTS"])
                client, _, role = name.partition("/")
                as_whom = [client, "--role", role, "--professional", f"p-{role}"] if role else [client]
                bound = ["--case", case] if case else []
                token, fetched = run_command([*arguments, *as_whom, *bound]), time.monotonic()
                self._held[name, case] = (token, fetched)
            return token


def bound_to(path):
    """The case to which a token must be bound for this path: where a child is, is shown to no other, and no other opens a
    case in an emergency."""
    found = re.fullmatch(r"/v1/cases/([0-9a-f-]{36})/(?:whereabouts|emergency-access)", path)
    return found and found.group(1)


class Client:
    """Sends requests to the node at TRM_URL."""

    def __init__(self):
        self.base = os.environ["TRM_URL"].rstrip("/")
        self.tokens = Tokens()
        self._local = threading.local()

    @property
    def session(self):
        # requests' sessions are not safe across threads.
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        return self._local.session

    def url(self, template, values):
        """The path template with its parameters filled in."""
        for name, value in values.items():
            template = template.replace("{" + name + "}", quote(str(value), safe=""))
        return template

    def send(self, method, path, *, actor=None, headers=None, query=None, data=None):
        """The answer to a request, made as the client `actor` or without a token."""
        headers = dict(headers or {})
        if actor:
            headers["Authorization"] = f"Bearer {self.tokens.get(actor, bound_to(path))}"
        return self.session.request(
            method.upper(), self.base + path, headers=headers, params=query, data=data,
            timeout=REQUEST_SECONDS, allow_redirects=False,
        )

    def tag(self, source, values, actor):
        """The present ETag of a resource, or None when this client cannot read it."""
        return self.send("get", self.url(source.path, values), actor=actor).headers.get("ETag")
