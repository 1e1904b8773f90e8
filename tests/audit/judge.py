"""The judges: scitt-cose for trees and proofs, cryptography for signatures. Neither shares code with the node."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from scitt_cose.merkle import consistency_proof, inclusion_proof, leaf_hash, merkle_root
from scitt_cose.merkle import verify_consistency, verify_inclusion

# A key of signed notes is Ed25519.
ED25519 = 1


class Tree:
    """The entries of a log, as the judge sees them."""

    def __init__(self, entries):
        self.entries = [it.hex() for it in entries]
        self.roots = {}

    def root(self, size):
        """The root of the first entries."""
        if size not in self.roots:
            self.roots[size] = merkle_root(self.entries[:size])
        return bytes.fromhex(self.roots[size])

    def inclusion(self, index, size):
        """The judge's own proof that an entry is among the first so many."""
        return [bytes.fromhex(it) for it in inclusion_proof(self.entries[:size], index)]

    def consistency(self, first, second):
        """The judge's own proof that the first entries were the beginning."""
        return [bytes.fromhex(it) for it in consistency_proof(self.entries, first, second)]


def hash_of(entry):
    """The leaf hash of an entry."""
    return bytes.fromhex(leaf_hash(entry.hex()))


def included(entry, index, size, path, root):
    """Whether a path leads from an entry to a root."""
    return verify_inclusion(entry.hex(), index, size, [it.hex() for it in path], root.hex())


def consistent(first, first_root, second, second_root, path):
    """Whether a path shows that the second tree began as the first."""
    return verify_consistency(first_root.hex(), second_root.hex(), first, second, [it.hex() for it in path])


def opened(note, key):
    """Origin, size and root of a signed note (C2SP), with the key `name+id+key`; None where it is not good."""
    name, key_id, encoded = key.split("+", 2)
    typed = base64.b64decode(encoded)
    if typed[0] != ED25519 or hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4].hex() != key_id:
        return None
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, value = line.split(" ")
        signature = base64.b64decode(value)
        if (dash, signer, signature[:4].hex()) != ("\u2014", name, key_id):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(typed[1:]).verify(signature[4:], text.encode())
        except InvalidSignature:
            continue
        origin, size, root, *_ = text.split("\n")
        return origin, int(size), base64.b64decode(root)
    return None
