"""Checks the sealed log from outside: proofs of random trees, then those of a node, its bundle, and what becomes of a
database that was changed behind the seal or rolled back."""

import base64
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from client import Node
from judge import Tree, consistent, hash_of, included, opened

TRM = os.environ["TRM_BIN"]
SERVER = os.environ["TRM_TEST_SERVER"]
DATABASE = f"audit_{os.getpid()}"
passed = failed = 0


def check(name, good):
    """Counts one check; names it where it failed."""
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"failed: {name}")


def random_trees():
    """A thousand trees of 1 to 10,000 leaves: roots and both proofs are those of the judge, and changed ones are not good."""
    chance = random.Random(6962)
    asked, trees = [], {}
    for seed in range(100):
        largest = chance.choice([chance.randint(1, 70), chance.randint(1, 700), chance.randint(1, 10_000)])
        trees[seed] = Tree(f"{seed}:{it}".encode() for it in range(largest))
        for _ in range(10):
            size = chance.randint(1, largest)
            asked.append((seed, largest, size, chance.randrange(size), chance.randint(1, size)))
    lines = "".join(" ".join(map(str, it)) + "\n" for it in asked)
    done = subprocess.run([os.environ["TREE_PROOFS"]], input=lines, capture_output=True, text=True, check=True)
    for (seed, _, size, index, first), line in zip(asked, done.stdout.splitlines(), strict=True):
        root, before, *proofs = line.split(" ")
        root, before = bytes.fromhex(root), bytes.fromhex(before)
        inclusion, consistency = ([bytes.fromhex(h) for h in it.strip("[]").split(",") if h] for it in proofs)
        tree, about = trees[seed], f"tree {seed}, leaf {index} and the first {first} of {size}"
        check(f"root of {about}", root == tree.root(size) and before == tree.root(first))
        check(f"the proofs of {about}", (inclusion, consistency) == (tree.inclusion(index, size), tree.consistency(first, size)))
        entry, another = f"{seed}:{index}".encode(), hash_of(b"another")
        check(f"inclusion in {about}", included(entry, index, size, inclusion, root))
        check(f"consistency of {about}", consistent(first, before, size, root, consistency))
        check(f"another leaf in {about}", not included(b"another", index, size, inclusion, root))
        check(f"another beginning of {about}", not consistent(first, another, size, root, consistency))


def psql(statement, database=DATABASE):
    """Runs a statement as an administrator of the database."""
    url = f"{SERVER.rsplit('/', 1)[0]}/{database}"
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", url, "-c", statement], check=True, capture_output=True)


def trm(*words):
    """Runs `trm` with the test's database."""
    return subprocess.run([TRM, *words], capture_output=True, text=True)


class Served:
    """A demo node on the test's database and folder."""

    def __init__(self, state):
        with socket.socket() as it:
            it.bind(("127.0.0.1", 0))
            port = str(it.getsockname()[1])
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [TRM, "serve", "--demo", "--port", port, "--state", state], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self):
        """Waits until it answers, or has ended."""
        for _ in range(300):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/readyz")
                break
            except OSError:
                time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=30)


def decoded(all_of):
    """Hashes of an answer."""
    return [base64.b64decode(it) for it in all_of]


def sealed_checkpoint(auditor, size):
    """The checkpoint once it covers so many rows."""
    for _ in range(100):
        answer = auditor.get("/v1/audit/checkpoint")
        if answer["size"] >= size:
            return answer
        time.sleep(0.2)
    raise SystemExit("nothing is sealed")


def a_node():
    """What the node proves over HTTP is good to the judges; gives its last checkpoint."""
    node = Node()
    police, auditor = node.client("tallinn-police"), node.client("ee-data-protection")
    seen = []
    for n in range(3):
        for _ in range(5 + n):
            police.post("/v1/concerns", {"description": "An invented concern.", "location": "Nowhere"}, expect=201)
            police.get("/v1/concerns")
        auditor.get("/v1/audit/access")
        answer = sealed_checkpoint(auditor, (seen[-1][1] if seen else 0) + 10 + 2 * n)
        checkpoint = opened(answer["note"], answer["verifierKey"])
        check("the checkpoint is signed", checkpoint is not None)
        check("the note says what the answer says", checkpoint[1:] == (answer["size"], base64.b64decode(answer["rootHash"])))
        seen.append(checkpoint)
    for index in range(0, seen[-1][1], 3):
        it = auditor.get(f"/v1/audit/proofs/inclusion?leafIndex={index}").body
        entry, root = it["entry"].encode(), base64.b64decode(it["checkpoint"]["rootHash"])
        check(f"leaf {index} is the hash of its row", base64.b64decode(it["leafHash"]) == hash_of(entry))
        good = included(entry, index, it["checkpoint"]["size"], decoded(it["path"]), root)
        check(f"leaf {index} is proven", good)
    for (_, first, before), (_, second, after) in [(seen[0], seen[1]), (seen[0], seen[2]), (seen[1], seen[2])]:
        it = auditor.get(f"/v1/audit/proofs/consistency?first={first}&second={second}").body
        check(f"{first} before {second}", consistent(first, before, second, after, decoded(it["path"])))
    return seen[-1]


def bundle_of(folder, name):
    """A fresh bundle."""
    path = Path(folder) / name
    done = trm("audit", "export", "--out", str(path))
    check(f"export {name}: {done.stderr}", done.returncode == 0)
    return path


def a_bundle(folder, seals, checkpoint):
    """The bundle holds the tree that was signed, to the judges and to `trm audit verify`."""
    path = bundle_of(folder, "honest.jsonl")
    lines = [json.loads(it) for it in path.read_text().splitlines()]
    entries = [it["leaf"]["entry"].encode() for it in lines if "leaf" in it]
    tree = Tree(entries)
    check("the tree of the bundle is the one that was signed", tree.root(checkpoint[1]) == checkpoint[2])
    kept = (Path(seals) / "leaves").read_bytes()
    hashes = [kept[it:it + 32] for it in range(0, len(kept), 32)]
    check("the hashes outside are those of the bundle", all(a == hash_of(b) for a, b in zip(hashes, entries)))
    for entry in entries:
        row = json.loads(entry)
        again = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        check("a row has one spelling", again == entry)
    notes = [opened(it["checkpoint"]["note"], it["checkpoint"]["key"]) for it in lines if "checkpoint" in it]
    check("every checkpoint is signed for its tree", all(it and it[2] == tree.root(it[1]) for it in notes))
    done = trm("audit", "verify", str(path), "--seals", seals)
    check(f"verify: {done.stdout}{done.stderr}", done.returncode == 0 and "nothing is wrong" in done.stdout)


def changed(folder, seals):
    """Rows that an administrator changes are found and located."""
    row = "(SELECT seq FROM log_leaves WHERE log = 'access_log' AND index = (SELECT max(index) FROM log_leaves WHERE log = 'access_log'))"
    psql(f"BEGIN; SET LOCAL session_replication_role = replica; UPDATE access_log SET outcome = 'refused' WHERE seq = {row}; COMMIT")
    done = trm("audit", "verify", str(bundle_of(folder, "changed.jsonl")), "--seals", seals)
    check(f"the change is found: {done.stdout}", done.returncode == 1 and "the row is not the one that was sealed" in done.stdout)
    check("and nothing else", "1 finding" in done.stderr)


def rolled_back(state, seals):
    """A node whose database is behind its seals does not serve until that is acknowledged."""
    psql("BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM log_leaves; DELETE FROM log_nodes; "
         "DELETE FROM log_checkpoints; COMMIT")
    with Served(state) as served:
        told = served.process.stderr.read() if served.process.poll() is not None else ""
        check("it does not serve", served.process.poll() == 2)
        check(f"and says why: {told}", "trm audit acknowledge" in told)
    done = trm("audit", "acknowledge", "--seals", seals)
    check(f"acknowledged: {done.stderr}", done.returncode == 0)
    with Served(state) as served:
        check("then it serves again", served.process.poll() is None)
    check("the evidence is kept", len(list(Path(seals).glob("lost-*/leaves"))) == 1)


def main():
    """All checks."""
    random_trees()
    psql(f"CREATE DATABASE {DATABASE}", "postgres")
    os.environ["DATABASE_URL"] = f"{SERVER.rsplit('/', 1)[0]}/{DATABASE}"
    try:
        with tempfile.TemporaryDirectory() as folder:
            state = str(Path(folder) / "state")
            seals = str(Path(state) / "seals")
            with Served(state) as served:
                os.environ |= {"TRM_URL": served.url, "TRM_STATE": state}
                checkpoint = a_node()
                a_bundle(folder, seals, checkpoint)
            changed(folder, seals)
            rolled_back(state, seals)
    finally:
        psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", "postgres")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
