"""A second verifier of logs, written from the specifications alone, with nothing but Python's own library.

    python3 verify.py FOLDER

Each folder in FOLDER is a log: `policy` (C2SP tlog-policy), `checkpoint` (tlog-checkpoint with cosignatures), `tile/`
(tlog-tiles), and proofs: NAME.tlog-proof (tlog-proof) beside NAME.leaf. Writes a line for each thing: its path, and
`ok` or `refused`. RFC 6962 for the tree, RFC 8032 for Ed25519, C2SP signed-note and tlog-cosignature for notes.
"""
import base64
import hashlib
import pathlib
import re
import sys

# RFC 8032, 5.1: the curve.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


class Refused(Exception):
    pass


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        raise Refused("point")
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        raise Refused("point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    try:
        r, a = point(signature[:32]), point(key)
    except Refused:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, a)))


def decode(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise Refused("base64")
    return data


def number(text):
    if not re.fullmatch("0|[1-9][0-9]*", text):
        raise Refused("number")
    return int(text)


def vkey(text):
    name, key_id, rest = text.split("+", 2)
    data = decode(rest)
    digest = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if digest.hex() != key_id or len(data) != 33 or data[0] not in (1, 4):
        raise Refused("vkey")
    return name, digest, data[0], data[1:]


class Policy:
    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        for line in text.split("\n"):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "log":
                self.logs.append(vkey(words[1]))
            elif words[0] == "witness":
                self.witnesses[words[1]] = vkey(words[2])
            elif words[0] == "group":
                least = {"all": len(words) - 3, "any": 1}.get(words[2]) or number(words[2])
                self.groups[words[1]] = (least, words[3:])
            elif words[0] == "quorum":
                self.quorum = words[1]
            else:
                raise Refused("policy")

    def met(self, name, cosigned):
        if name in self.groups:
            least, members = self.groups[name]
            return sum(self.met(m, cosigned) for m in members) >= least
        return name == "none" or name in cosigned


def head(note, policy):
    """Size and root of a checkpoint that a log of the policy has signed and a quorum cosigned."""
    at = note.rindex("\n\n")
    text, lines = note[: at + 1], note[at + 2 :]
    if not lines.endswith("\n") or re.search("[\x00-\x09\x0b-\x1f]", note):
        raise Refused("note")
    issued, cosigned = False, set()
    origin, size, root, *_ = text.split("\n")
    for line in lines[:-1].split("\n"):
        dash, name, signature = line.split(" ")
        if dash != "—":
            raise Refused("signature line")
        data = decode(signature)
        keys = [(None, k) for k in policy.logs] + list(policy.witnesses.items())
        for witness, (key_name, key_id, kind, key) in keys:
            if key_name != name or key_id != data[:4]:
                continue
            message, proof = text.encode(), data[4:]
            if kind == 4:
                time = int.from_bytes(proof[:8], "big")
                message, proof = f"cosignature/v1\ntime {time}\n".encode() + message, proof[8:]
            if not signed(key, message, proof):
                raise Refused("signature")
            if witness is not None:
                cosigned.add(witness)
            elif name == origin:
                issued = True
    if not issued or not policy.met(policy.quorum, cosigned):
        raise Refused("quorum")
    root = decode(root)
    if len(root) != 32:
        raise Refused("root")
    return number(size), root


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def tree_hash(hashes):
    """RFC 6962, 2.1."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree_hash(hashes[:k]) + tree_hash(hashes[k:])).digest()


def tiles(folder, kind, count):
    """Bytes of the tiles of a level, or of entry bundles, in a tree of so many hashes there."""
    for n in range((count + 255) // 256):
        width = min(256, count - 256 * n)
        digits = f"{n:03d}"
        digits = digits.zfill((len(digits) + 2) // 3 * 3)
        parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        path = "/".join(["x" + p for p in parts[:-1]] + parts[-1:])
        yield width, (folder / "tile" / kind / (path + (f".p/{width}" if width < 256 else ""))).read_bytes()


def check_log(folder, policy):
    size, root = head((folder / "checkpoint").read_bytes().decode(), policy)
    hashes = []
    for width, bundle in tiles(folder, "entries", size):
        for _ in range(width):
            length = int.from_bytes(bundle[:2], "big")
            if len(bundle) < 2 + length:
                raise Refused("bundle")
            hashes.append(leaf_hash(bundle[2 : 2 + length]))
            bundle = bundle[2 + length :]
        if bundle:
            raise Refused("bundle")
    if tree_hash(hashes) != root:
        raise Refused("root")
    level = 0
    while hashes:
        if b"".join(t for _, t in tiles(folder, str(level), len(hashes))) != b"".join(hashes):
            raise Refused("tile")
        hashes = [tree_hash(hashes[i : i + 256]) for i in range(0, len(hashes) - 255, 256)]
        level += 1


def check_proof(file, policy):
    """RFC 9162, 2.1.3.2."""
    own, note = file.read_bytes().decode().split("\n\n", 1)
    title, *lines = own.split("\n")
    if lines[0].startswith("extra "):
        decode(lines.pop(0)[6:])
    if title != "c2sp.org/tlog-proof@v1" or not lines[0].startswith("index "):
        raise Refused("proof")
    index, path = number(lines[0][6:]), [decode(h) for h in lines[1:]]
    size, root = head(note, policy)
    if index >= size or any(len(h) != 32 for h in path):
        raise Refused("proof")
    at, last, hash = index, size - 1, leaf_hash(file.with_suffix(".leaf").read_bytes())
    for sibling in path:
        if last == 0:
            raise Refused("too long")
        if at & 1 or at == last:
            hash = hashlib.sha256(b"\1" + sibling + hash).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hash = hashlib.sha256(b"\1" + hash + sibling).digest()
        at, last = at >> 1, last >> 1
    if last or hash != root:
        raise Refused("inclusion")


def verdict(path, check):
    try:
        check()
        print(path, "ok")
    except (Refused, ValueError, IndexError, OSError, UnicodeError):
        print(path, "refused")


for log in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    known = Policy((log / "policy").read_text())
    verdict(log.name, lambda: check_log(log, known))
    for proof in sorted(log.glob("*.tlog-proof")):
        verdict(f"{log.name}/{proof.name}", lambda: check_proof(proof, known))
