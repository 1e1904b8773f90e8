"""A small client for journeys: it gets its own tokens, sends requests and checks every answer.

It shares no code with the server and needs Python's standard library and the `openssl` command only. A journey calls
`Node()`, then `node.client("tallinn-police")`, then `get`, `post` and `patch`; each names the status that it expects
and gets an `Answer`, whose `has` checks members. Anything unexpected raises `Unexpected` with request and answer.
With TRM_CLIENT=generated the same requests go through the client generated from the contract (`generated.py`); but
for `clock`, a tool for tests that the contract does not have.
"""

import base64
import http.client
import json
import os
import secrets
import subprocess
import tempfile
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

REQUEST_SECONDS = 30
# A token lives 300 s; a new one is asked for well before.
TOKEN_SECONDS = 200
ASSERTION_SECONDS = 50
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

BYTES = "application/octet-stream"

PRESENT = object()
ABSENT = object()


class Unexpected(Exception):
    """An answer that is not as expected, with the request that led to it."""


class Answer:
    """What the node answered to one request."""

    def __init__(self, asked, status, headers, raw):
        self.asked = asked
        self.status = status
        self.headers = headers
        self.raw = raw
        self.body = None

    def fail(self, why):
        """Raises, showing the request and the answer."""
        shown = json.dumps(self.body, indent=2, ensure_ascii=False) if self.body is not None else self.raw
        raise Unexpected(f"{why}\n--- the request\n{self.asked}\n--- the answer\n{self.status}\n{shown}")

    def __getitem__(self, path):
        """The member at a dotted path, such as `child.ageStatus` or `violations.0.rule`."""
        found = self._find(path)
        return self.fail(f"{path} is missing") if found is ABSENT else found

    def _find(self, path):
        here = self.body
        for step in path.split("."):
            if isinstance(here, dict) and step in here:
                here = here[step]
            elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
                here = here[int(step)]
            else:
                return ABSENT
        return here

    def has(self, expected):
        """Checks members: path to value, to PRESENT or to ABSENT."""
        for path, wanted in expected.items():
            found = self._find(path)
            if wanted is PRESENT or wanted is ABSENT:
                if (found is ABSENT) != (wanted is ABSENT):
                    self.fail(f"{path} is {'missing' if wanted is PRESENT else 'there'}")
            elif found != wanted or type(found) is not type(wanted):
                self.fail(f"{path} is not {wanted!r}")
        return self

    def instant(self, path):
        """The instant at a path."""
        return datetime.fromisoformat(self[path].replace("Z", "+00:00"))

    def find(self, path, **members):
        """The first item of the list at a path that has these members."""
        for item in self[path]:
            if all(item.get(name) == value for name, value in members.items()):
                return item
        return self.fail(f"{path} has no item with {members}")

    @property
    def tag(self):
        """The ETag, for `If-Match`."""
        return self.headers.get("etag") or self.fail("there is no ETag")


class Node:
    """A running node, at TRM_URL, with the keys of its clients in the folder TRM_STATE."""

    def __init__(self):
        self.url = os.environ.get("TRM_URL", "http://127.0.0.1:8080").rstrip("/")
        self.state = Path(os.environ.get("TRM_STATE", ".trm"))
        self.plainly = _plain(self.url)
        self.send = _carrier(self.url) or self.plainly
        self.issuer = self.request("GET", "/.well-known/oauth-authorization-server", expect=200)["issuer"]

    def client(self, name, **professional):
        """The calling system of an agency; `id`, `role`, `unit` and `purpose` name another professional than its file,
        `case` binds its tokens, and with `why=False` they say nothing of the decision behind them."""
        file = self.state / "clients" / f"{name}.json"
        try:
            return Client(self, json.loads(file.read_text()), professional)
        except (OSError, ValueError) as error:
            raise Unexpected(f"the key of the client {name} cannot be read: {error}") from error

    def request(self, method, path, *, expect, headers=None, body=None, send=None):
        """Sends one request and checks what holds for every answer of the node."""
        headers = dict(headers or {})
        asked = f"{method} {self.url}{path}\n" + "\n".join(
            f"{name}: {'…' if name == 'Authorization' else value}" for name, value in headers.items())
        if body is not None and b"client_assertion" not in body:
            asked += "\n\n" + body.decode()
        try:
            answer = Answer(asked, *(send or self.send)(method, path, headers, body))
        except (OSError, http.client.HTTPException) as error:
            raise Unexpected(f"no answer: {error}\n--- the request\n{asked}") from error
        return _checked(answer, expect)


def _carrier(url):
    """What carries requests instead of the standard library, if TRM_CLIENT says so."""
    if os.environ.get("TRM_CLIENT") != "generated":
        return None
    # Needs packages, and is there only once it has been generated.
    from generated import Generated
    return Generated(url, Unexpected).send


def _plain(url):
    """What carries requests: method, path, headers and body to status, headers and text of the answer."""
    to = urlsplit(url)

    def send(method, path, headers, body):
        kind = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
        connection = kind(to.hostname, to.port, timeout=REQUEST_SECONDS)
        try:
            connection.request(method, to.path + path, body, headers)
            got = connection.getresponse()
            return got.status, {k.lower(): v for k, v in got.getheaders()}, got.read().decode("utf-8", "replace")
        finally:
            connection.close()

    return send


def _checked(answer, expect):
    """What holds for every answer, whatever was asked."""
    if answer.raw and answer.headers.get("content-type") != BYTES:
        try:
            answer.body = json.loads(answer.raw, parse_constant=lambda it: answer.fail(f"{it} is no JSON"))
        except ValueError:
            answer.fail("the answer is not JSON")
    if answer.status != expect:
        answer.fail(f"expected {expect}, not {answer.status}")
    if answer.body is not None and _has_null(answer.body):
        answer.fail("a member is null")
    for name in ("request-id", "api-version"):
        if name not in answer.headers:
            answer.fail(f"the header {name} is missing")
    if answer.status == 201 and not answer.headers.get("location", "").endswith(str(answer.body.get("id"))):
        answer.fail("Location does not name what was made")
    if answer.status >= 400 and answer.headers.get("content-type") == "application/problem+json":
        code = answer["code"]
        answer.has({"status": answer.status, "type": f"/problems/{code}", "title": PRESENT})
        answer.has({"instance": f"urn:uuid:{answer.headers['request-id']}"})
    elif answer.status >= 400:
        answer.fail("an error that is no problem document")
    return answer


def _has_null(it):
    if isinstance(it, dict):
        return any(_has_null(value) for value in it.values())
    if isinstance(it, list):
        return any(_has_null(value) for value in it)
    return it is None


class Client:
    """The calling system of one agency, acting for one of its professionals."""

    def __init__(self, node, key, professional):
        self.node = node
        self.key = key
        self.name = key["clientId"]
        self.role = professional.get("role", key["professional"]["role"])
        self.professional = {"id": professional.get("id", key["professional"]["id"]), "role": self.role}
        if "unit" in professional:
            self.professional["unit"] = professional["unit"]
        self.purpose = professional.get("purpose", key["purpose"])
        self.case = professional.get("case")
        self.decision = {"decisionRef": "journey"} if professional.get("why", True) else {}
        self._token, self._since, self._agency, self._bound = None, 0.0, None, {}

    def bound(self, case):
        """The same professional with tokens that are good for one case only: whereabouts are shown to no others."""
        if case not in self._bound:
            self._bound[case] = Client(self.node, self.key, {
                **self.professional, "purpose": self.purpose, "case": case})
        return self._bound[case]

    @property
    def agency(self):
        """The id of the agency."""
        if self._agency is None:
            me = self.get("/v1/me").has({"role": self.role, "purpose": self.purpose})
            self._agency = me["agencyId"]
        return self._agency

    def get(self, path, *, expect=200, **query):
        """Reads; `query` has the parameters."""
        path += f"?{urlencode(query)}" if query else ""
        return self._send("GET", path, expect=expect)

    def post(self, path, body=None, *, expect=200, match=None, key=None, plainly=False):
        """Creates or acts; `match` is the ETag that an act was decided on, `key` repeats an earlier request. A body
        that the contract does not allow goes `plainly`: a generated client cannot say it."""
        headers, send = {"Idempotency-Key": key or secrets.token_hex(16)}, self.node.plainly if plainly else None
        return self._send("POST", path, expect=expect, body=body or {}, match=match, headers=headers, send=send)

    def ask(self, path, body, *, expect=200):
        """Asks by a POST that changes nothing."""
        return self._send("POST", path, expect=expect, body=body)

    def put(self, path, body, *, expect=200):
        """Makes what is named in the body, or brings it up to date."""
        return self._send("PUT", path, expect=expect, body=body)

    def upload(self, path, content, *, expect=200):
        """Sends the bytes of a document."""
        return self._send("PUT", path, expect=expect, body=content, kind=BYTES)

    def patch(self, path, body, *, match, expect=200):
        """Changes plain data by a merge patch."""
        kind = "application/merge-patch+json"
        return self._send("PATCH", path, expect=expect, body=body, match=match, kind=kind)

    def clock(self, to=None, *, expect=200):
        """The test clock of a sandbox node: where it stands, or what setting it has brought."""
        method, body = ("GET", None) if to is None else ("PUT", {"now": to})
        return self._send(method, "/v1/sandbox/clock", expect=expect, body=body, send=self.node.plainly)

    def _send(self, method, path, *, expect, body=None, match=None, headers=None, kind="application/json", send=None):
        headers = {"Authorization": f"Bearer {self.token()}", "Accept": "application/json", **(headers or {})}
        if match:
            headers["If-Match"] = match
        if body is not None:
            headers["Content-Type"] = kind
            body = body if kind == BYTES else json.dumps(body, ensure_ascii=False).encode()
        answer = self.node.request(method, path, expect=expect, headers=headers, body=body, send=send)
        if answer.headers.get("cache-control") != "no-store":
            answer.fail("the answer may be stored by a cache")
        return answer

    def token(self):
        """An access token, for which the client signs a fresh assertion that names its professional."""
        if self._token is None or time.monotonic() - self._since > TOKEN_SECONDS:
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self._assertion(),
            }
            answer = self.node.request(
                "POST", "/oauth/token", expect=200, body=urlencode(form).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"})
            answer.has({"token_type": "Bearer", "expires_in": PRESENT, "scope": PRESENT})
            self._token, self._since = answer["access_token"], time.monotonic()
        return self._token

    def _assertion(self):
        now = int(time.time())
        header = {"alg": "EdDSA", "typ": "client-authentication+jwt", "kid": self.key["kid"]}
        claims = {
            "iss": self.name, "sub": self.name, "aud": self.node.issuer, "jti": secrets.token_hex(16),
            "iat": now, "exp": now + ASSERTION_SECONDS,
            "authorization_details": [{
                "type": "urn:trm:professional:v1", "professional": self.professional, "purpose": self.purpose,
                "assurance": {"acr": "high", "amr": ["hwk"], "authTime": now}, **self.decision,
                **({"case": self.case} if self.case else {}),
            }],
        }
        signed = ".".join(_base64url(json.dumps(it).encode()) for it in (header, claims))
        return f"{signed}.{_base64url(self._sign(signed.encode()))}"

    def _sign(self, message):
        # openssl signs Ed25519 from files only, since it must know the length first.
        with tempfile.TemporaryDirectory() as folder:
            key, text = Path(folder, "key.pem"), Path(folder, "text")
            key.touch(mode=0o600)
            key.write_text(self.key["privateKeyPem"])
            text.write_bytes(message)
            command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(key), "-in", str(text)]
            done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 0:
            raise Unexpected(f"openssl cannot sign: {done.stderr.decode().strip()}")
        return done.stdout


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
