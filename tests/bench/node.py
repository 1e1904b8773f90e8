"""The node under measurement: its life, its tokens and the few requests that prepare the ground."""

import http.client
import json
import os
import socket
import subprocess
import time
import urllib.request
import uuid
from pathlib import Path

from load import BenchError

# A token lives 300 s.
FRESH_SECONDS = 150


class Node:
    """A release build of `trm serve --demo` on a free port of 127.0.0.1."""

    def __init__(self, database_url, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._trm, self._folder, self._tokens = os.environ["TRM_BIN"], Path(folder), {}
        self._log = self._folder / "node.log"
        self._started = time.monotonic()
        self._environment = {**os.environ, "DATABASE_URL": database_url, "TRM_STATE": str(self._folder / "state")}
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [self._trm, "serve", "--demo", "--port", str(self.port), "--requests-per-second", "1000000"],
                env=self._environment, stdout=log, stderr=log, start_new_session=True)
        self.pid = self._process.pid

    def wait(self):
        """Until it is ready; answers how many seconds after its start that was."""
        for _ in range(1500):
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return time.monotonic() - self._started
            except OSError:
                time.sleep(0.02)
        raise BenchError(f"the node does not get ready:\n{self._log.read_text()[-3000:]}")

    def forget_log(self):
        """The log is written as in service, and not kept."""
        os.truncate(self._log, 0)

    def memory_mib(self):
        """Resident memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self):
        """Ends it and waits."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def token(self, client):
        """A file with an access token of a demo client that is good for a while."""
        path = self._folder / f"token-{client}"
        if time.monotonic() - self._tokens.get(client, -1e9) > FRESH_SECONDS:
            done = subprocess.run([self._trm, "token", "--as", client, "--url", self.url], env=self._environment,
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise BenchError(f"no token for {client}: {done.stderr.strip()}")
            path.write_text(done.stdout.strip() + "\n", encoding="ascii")
            self._tokens[client] = time.monotonic()
        return path

    def connection(self, client):
        """One connection on which requests go out one after the other."""
        return Connection(self.port, self.token(client).read_text(encoding="ascii").strip())


class Connection:
    """Requests of one client."""

    def __init__(self, port, token):
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._token = token

    def send(self, method, path, body=None, **headers):
        """The answer's body and headers; anything but success is an error."""
        headers = {"Authorization": f"Bearer {self._token}", **headers}
        if method == "POST":
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        self._http.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._http.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise BenchError(f"{method} {path}: {answer.status} {text.decode()[:2000]}")
        return json.loads(text), answer.headers
