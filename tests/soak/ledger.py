"""What each key may hold: the answers that are right, when writes are acknowledged, under way, or their end is unknown.

Invariants: a value may be read from begin() on; once settled() no other value may be, except by who began to read before.
A write whose answer never came stays possible beside what was there, until a later one is settled. Any thread may call.
"""

import hashlib
import random
import threading
import time

ABSENT = "absent"


def content(seed, key, generation, size):
    """Always the same bytes for the same words, so that a wrong answer can be compared with what it should have been."""
    return random.Random(f"{seed}/{key}/{generation}").randbytes(size)


def digest(body):
    return hashlib.sha256(body).hexdigest()


class Ledger:
    def __init__(self):
        self._lock = threading.Lock()
        self._values = {}  # key -> {value: when it stopped being possible, None while it is}

    def begin(self, key, value):
        with self._lock:
            self._values.setdefault(key, {ABSENT: None})[value] = None

    def settled(self, key, value):
        with self._lock:
            now = time.monotonic()
            values = self._values.setdefault(key, {})
            for other, until in values.items():
                if other != value and until is None:
                    values[other] = now
            values[value] = None
            for old in [v for v, until in values.items() if until is not None and until < now - 120]:
                del values[old]  # nobody reads for that long

    def allowed(self, key, since=None):
        """Values that a read which began at `since` (now) may have given."""
        since = time.monotonic() if since is None else since
        with self._lock:
            return {value for value, until in self._values.get(key, {ABSENT: None}).items() if until is None or until >= since}

    def is_settled(self, key):
        return len(self.allowed(key)) == 1

    def keys(self):
        with self._lock:
            return sorted(self._values)


def difference(got, wanted):
    """Where two bodies part, for the report."""
    if len(got) != len(wanted):
        return f"{len(got)} bytes instead of {len(wanted)}"
    at = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b), None)
    return "the same bytes" if at is None else f"first wrong byte at {at}: {got[at]:#04x} instead of {wanted[at]:#04x}"
