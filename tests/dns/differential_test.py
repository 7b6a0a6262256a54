#!/usr/bin/python3
"""One question, three servers: the same zones in Landfall's DNS, in NSD and in Knot, and random and hostile messages to all.

  differential_test.py PATH/TO/dns_server [--seed N] [--questions N]

Where NSD and Knot say the same, Landfall has to say it too; where they differ, one of both. What Landfall says otherwise on
purpose is in EXPLAINED, each with its reason; an explanation that nothing needs any more is a failure too. A hostile message is
followed by a good one on the same socket, so that silence needs no waiting. Peers that are not installed are skipped, and that is said.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

import message
import zones
from message import TYPES

PORT = 4750  # on loopback addresses of this process's own
PING = message.query(message.labels("www.example.com"), TYPES["A"], number=0xfeed)

# ---- servers ----


class Server:
    def __init__(self, name, address, process):
        self.name, self.address, self.process = name, address, process
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.connect((address, PORT))
        self.udp.settimeout(5)

    def over_udp(self, data):
        """The answers to `data`: none or one."""
        self.udp.send(data)
        self.udp.send(PING)
        answers = []
        while not (answer := self.udp.recv(65535)).startswith(b"\xfe\xed"):
            answers.append(answer)
        return answers

    def over_tcp(self, messages):
        """All at once down one connection; the answers by their ids."""
        answers = {}
        with socket.create_connection((self.address, PORT), timeout=5) as connection:
            connection.sendall(b"".join(struct.pack(">H", len(each)) + each for each in messages))
            stream = connection.makefile("rb")
            while len(answers) < len(messages):
                size = struct.unpack(">H", stream.read(2))[0]
                answer = stream.read(size)
                answers[answer[:2]] = answer
        return [answers[each[:2]] for each in messages]

    def stop(self):
        self.udp.close()
        if self.process.stdin:
            self.process.stdin.close()
        else:
            self.process.terminate()
        self.process.wait(10)


def await_answer(server):
    server.udp.settimeout(0.2)
    for _ in range(100):
        if server.process.poll() is not None:
            raise RuntimeError(f"{server.name} ended with {server.process.returncode}")
        with contextlib.suppress(OSError):
            server.udp.send(PING)
            if message.parse(server.udp.recv(65535)).rcode == "NOERROR":
                break
        time.sleep(0.05)  # a server that is not ours has no event to wait for
    else:
        raise RuntimeError(f"{server.name} does not answer")
    with contextlib.suppress(TimeoutError):  # what else was asked while it started
        while True:
            server.udp.recv(65535)
    server.udp.settimeout(5)
    return server


def start_landfall(binary, folder, address):
    file = folder / "zones.json"
    file.write_text(zones.snapshots(), encoding="utf-8")
    process = subprocess.Popen([binary, address, str(PORT), str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if process.stdout.readline() != b"ready\n":
        raise RuntimeError("dns_server did not start")
    return Server("Landfall", address, process)


def start_peer(name, command, folder, address):
    with open(folder / "output", "wb") as output:
        return await_answer(Server(name, address, subprocess.Popen(command, stdin=None, stdout=output, stderr=output)))


def zone_files(folder):
    for name, records in zones.ZONES.items():
        (folder / f"{name}zone").write_text(zones.master_file(records), encoding="utf-8")
    return zones.ZONES


def start_nsd(folder, address):
    text = (f"server:\n  server-count: 1\n  ip-address: {address}@{PORT}\n  username: \"\"\n  database: \"\"\n  zonesdir: {folder}\n  pidfile: {folder}/pid\n"
            f"  xfrdfile: {folder}/xfrd\n  zonelistfile: {folder}/zones\n  xfrdir: {folder}\n  rrl-ratelimit: 0\n  round-robin: no\n  minimal-responses: yes\n"
            "remote-control:\n  control-enable: no\n")
    text += "".join(f"zone:\n  name: {name}\n  zonefile: {folder}/{name}zone\n" for name in zone_files(folder))
    (folder / "nsd.conf").write_text(text, encoding="utf-8")
    return start_peer("NSD", ["nsd", "-d", "-c", str(folder / "nsd.conf")], folder, address)


def start_knot(folder, address):
    text = (f"server:\n  rundir: {folder}\n  listen: {address}@{PORT}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n"
            f"database:\n  storage: {folder}\ntemplate:\n  - id: default\n    storage: {folder}\n    journal-content: none\n    zonefile-load: whole\n"
            "    zonefile-sync: -1\nzone:\n")
    text += "".join(f"  - domain: {name}\n    file: {folder}/{name}zone\n" for name in zone_files(folder))
    (folder / "knot.conf").write_text(text, encoding="utf-8")
    return start_peer("Knot", ["knotd", "-c", str(folder / "knot.conf")], folder, address)


# ---- questions ----

SMALL = ["a", "www", "*", "ent", "wild", "cut", "x", "ns", "loop", "star", "child", "mail", "below", "_tcp", "zz", "\\000", "\\046", "A-B", "d7"]
ASKED_TYPES = [*(kind for kind in TYPES if kind not in ("OPT", "AXFR", "IXFR", "MAILB", "RRSIG")), "A", "A", "A", "NS", "DS", "CNAME", "MX", "TXT", "ANY"]


def some_name(rng, known):
    """One of the zones' names, or near one: below, beside, above; rarely of nobody's."""
    name = rng.choice(known)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        step, parts = rng.randrange(4), name.split(".")
        if step == 0 or len(parts) < 3:
            name = f"{rng.choice(SMALL)}.{name}"
        elif step == 1:
            name = ".".join(parts[1:])
        elif step == 2:
            name = ".".join([rng.choice(SMALL), *parts[1:]])
        else:
            cut = rng.randrange(len(parts))
            name = ".".join([*parts[:cut], rng.choice(SMALL), *parts[cut:]])
    return "".join(rng.choice((letter.upper(), letter)) for letter in name) if rng.random() < 0.3 else name


def questions(rng, count):
    """(what it is, bytes)"""
    known, asked = zones.names(), []
    for number in range(count):
        name, kind = some_name(rng, known), rng.choice(ASKED_TYPES)
        split = message.labels(name)
        if len(message.wire(split)) > 255 or any(len(label) > 63 for label in split):
            continue
        edns = rng.choice([None, None, 0, 512, 1232, 4096, 65535])
        additional = b"" if edns is None else message.opt(edns, flags=rng.choice([0, 0, 0x8000]), options=rng.choice([b"", b"", b"\xfd\xe9\0\3abc"]))
        data = message.query(split, TYPES[kind], number=number % 0xfe00, flags=rng.choice([0, 0x0100, 0x0110, 0x0010]), additional=additional,
                             additionals=int(edns is not None))
        asked.append((f"{name} {kind} edns={edns}", data))
    return asked


def hostile_fixed():
    www = message.labels("www.example.com")
    good, name = message.query(www, 1), message.wire(www)
    yield "empty", b""
    yield "11 octets", good[:11]
    yield "header only", good[:12]
    for cut in range(13, len(good)):
        yield f"cut at {cut}", good[:cut]
    yield "two questions", good[:4] + b"\0\2" + good[6:] + name + b"\0\1\0\1"
    yield "no question", good[:4] + b"\0\0" + good[6:12]
    yield "a response", b"\0\7\x80\0" + good[4:]
    yield "a response of opcode NOTIFY", b"\0\7\xa0\0" + good[4:]
    for opcode in (1, 2, 3, 6, 15):
        yield f"opcode {opcode}", b"\0\7" + bytes([opcode << 3, 0]) + good[4:]
    for flags in (0x0200, 0x0400, 0x0080, 0x0040, 0x0020, 0x000f):
        yield f"flags {flags:04x}", b"\0\7" + struct.pack(">H", flags) + good[4:]
    for klass in (0, 2, 3, 4, 254, 255, 65535):
        yield f"class {klass}", message.query(www, 1, klass)
    for kind in (0, 41, 128, 249, 250, 251, 252, 253, 254, 256, 65535):
        yield f"type {kind}", message.query(www, kind)
    yield "AXFR of a zone", message.query(message.labels("example.com"), TYPES["AXFR"])
    yield "IXFR of a zone", message.query(message.labels("example.com"), TYPES["IXFR"])
    soa = b"\xc0\x0c\0\6\0\1\0\0\0\0\0\x16\0\0" + b"\0\0\0\1" * 5
    yield "IXFR of a zone with its SOA", b"\0\7\0\0\0\1\0\0\0\1\0\0" + message.query(message.labels("example.com"), TYPES["IXFR"])[12:] + soa
    yield "root", message.query([], TYPES["NS"])
    yield "com", message.query([b"com"], TYPES["NS"])
    yield "of 255 octets", message.query([b"l" * 63] * 3 + [b"l" * 49, b"example", b"com"], 1)
    yield "of 256 octets", message.query([b"l" * 63] * 3 + [b"l" * 50, b"example", b"com"], 1)
    yield "127 labels", message.query([b"a"] * 120 + [b"example", b"com"], 1)
    yield "a label of 64", good[:12] + b"\x40" + b"a" * 64 + b"\0\0\1\0\1"
    for pointer in (b"\xc0\x0c", b"\xc0\x00", b"\xc0\x0e", b"\xff\xff", b"\1a\xc0\x0c", b"\x80\0", b"\x41a"):
        yield f"pointer {pointer.hex()}", good[:12] + pointer + b"\0\1\0\1"
    one = b"\0\7\0\0\0\1\0\0\0\0\0\1" + good[12:]
    for version in (1, 255):
        yield f"EDNS version {version}", one + message.opt(version=version)
    for size in (0, 511, 512, 513):
        yield f"EDNS size {size}", one + message.opt(size)
    yield "two OPT", b"\0\7\0\0\0\1\0\0\0\0\0\2" + good[12:] + message.opt() * 2
    yield "OPT of another owner", one + b"\1a" + message.opt()
    yield "OPT cut short", one + message.opt(options=b"\0\x0a\0\x08abcdefgh")[:-3]
    yield "OPT with an option longer than it", one + message.opt(options=b"\xfd\xe9\0\xffab")
    yield "OPT with half an option", one + message.opt(options=b"\xfd\xe9\0")
    yield "OPT of unknown flags", one + message.opt(flags=0x4321)
    yield "OPT missing", one
    yield "a record behind the question", b"\0\7\0\0\0\1\0\1\0\0\0\0" + good[12:] + b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4abcd"
    yield "an authority record", b"\0\7\0\0\0\1\0\0\0\1\0\0" + good[12:] + b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4abcd"
    yield "an additional A", one + b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4abcd"
    yield "octets behind the question", good + b"trash"
    yield "octets behind OPT", one + message.opt() + b"trash"


def hostile_random(rng, count):
    known = zones.names()
    for number in range(count):
        data = bytearray(message.query(message.labels(some_name(rng, known)), rng.choice([1, 2, 15, 16, 255]), additional=message.opt(), additionals=1))
        for _ in range(rng.randrange(1, 4)):
            step, at = rng.randrange(4), rng.randrange(2, len(data))
            if step == 0:
                data[at] ^= 1 << rng.randrange(8)
            elif step == 1:
                data[at] = rng.choice([0, 1, 0x3f, 0x40, 0xc0, 0xff])
            elif step == 2 and len(data) > 14:
                del data[at:at + rng.randrange(1, 4)]
            else:
                data[at:at] = rng.randbytes(rng.randrange(1, 6))
        yield f"random {number}: {bytes(data).hex()}", bytes(data)


# ---- comparing ----

def lower(name):
    return tuple(label.lower() for label in name)


def shape(answers):
    """What is compared, hashable: all but the order within a section, letters of owners, sizes that the sender chooses, and what is optional."""
    if not answers:
        return "FORMERR"  # whether what cannot be read is told so, or dropped, is free
    try:
        answer = message.parse(answers[0])
    except message.Broken as broken:
        return f"unreadable: {broken}"
    if answer.rcode in ("FORMERR", "NOTIMP"):
        return answer.rcode
    # Optional: what more there is to an answer (RFC 2181 section 9), and which glue of a truncated referral is the one that fits.
    if answer.sections[0] or answer.truncated:
        answer.sections[2] = []
    sections = tuple(tuple(sorted((lower(r.owner), *message.dataclasses.astuple(r)[1:]) for r in section)) for section in answer.sections)
    return (answer.rcode, "AA" if answer.authoritative else "--", "TC" if answer.truncated else "--", f"{answer.flags & 0x7970:04x}",
            "EDNS" if answer.opt else "plain", "question" if answer.question else "no question", sections)


def asked(data):
    """Type and class of a question without pointers."""
    at = 12
    while at < len(data) and data[at] not in range(64, 256) and data[at] != 0:
        at += 1 + data[at]
    return struct.unpack(">HH", data[at + 1:at + 5]) if at + 5 <= len(data) else (None, None)


def told(form):
    if isinstance(form, str):
        return form
    sections = "; ".join(name + " " + ", ".join(str(message.Record(*record)) for record in section[:3]) + (" ..." if len(section) > 3 else "")
                         for name, section in zip(("answer", "authority", "additional"), form[-1]) if section)
    return " ".join(form[:-1]) + (" | " + sections if sections else "")


EXPLAINED = {}  # why: whether it is so


def explained(reason):
    def keep(accepts):
        EXPLAINED[reason] = accepts
        return accepts
    return keep


@explained("RFC 8482 section 4.2: ANY has one synthesized HINFO for an answer; the peers give what they have, or some of it")
def _any(_, data, ours, theirs):
    return isinstance(ours, tuple) and ours[0] == "NOERROR" and [r[4] for r in ours[-1][0]] == [(b"\7RFC8482\0",)] and any(each[0] == "NOERROR" for each in theirs)


@explained("class ANY is a question for a server with several classes: refused, as all but IN")
def _class_any(_, data, ours, theirs):
    return asked(data)[1] == 255 and ours[0] == "REFUSED" and all(each[0] == "NOERROR" for each in theirs)


@explained("what is no QUERY is not implemented, whatever stands in it: sections of other opcodes mean other things")
def _other_opcode(_, data, ours, theirs):
    return ours == "NOTIMP" and data[2] >> 3 & 0xf != 0


@explained("zone transfers are refused over either transport (RFC 5936 section 2.2.1); the peers say over UDP that there are none, or none of this zone")
def _transfer(_, data, ours, theirs):
    return asked(data)[0] in (TYPES["AXFR"], TYPES["IXFR"]) and ours[0] == "REFUSED" and not any(each[0] == "NOERROR" for each in theirs)




def explanation(what, data, ours, theirs):
    return next((reason for reason, accepts in EXPLAINED.items() if accepts(what, data, ours, theirs)), None)


def wrong_by_itself(data, answers):
    """What needs no peer: ids, letters, sizes, and that a response is never answered, nor less than a header."""
    if answers and (len(data) < 12 or data[2] & 0x80):
        return "answered"
    for raw in answers:
        answer = message.parse(raw)
        if raw[:2] != data[:2]:
            return "another id"
        if answer.question and raw[12:12 + len(message.wire(answer.question[0][0]))] != message.wire(answer.question[0][0]):
            return "the question is compressed"
        if answer.question and message.wire(answer.question[0][0]) not in data:
            return "the question's letters are not kept"
        if answer.question and not any(section for section in answer.sections[:1] for r in section[:1] if r.owner == answer.question[0][0]) and answer.sections[0]:
            return "the owner's letters are not those of the question"
        if len(raw) > 1232:
            return f"{len(raw)} octets over UDP"
    return ""


class Report:
    def __init__(self):
        self.failures, self.used, self.same, self.split = [], collections.Counter(), 0, 0

    def judge(self, what, data, ours, theirs):
        ours, theirs = shape(ours), [shape(each) for each in theirs]
        if not theirs or ours in theirs:
            self.same += 1
            self.split += len(set(theirs)) > 1
            return
        reason = explanation(what, data, ours, theirs)
        if reason:
            self.used[reason] += 1
        else:
            self.failures.append(f"{what}\n    Landfall {told(ours)}\n" + "\n".join(f"    peer     {told(each)}" for each in theirs))

    def fail(self, what, why):
        self.failures.append(f"{what}: {why}")


def compare_udp(servers, cases, report):
    for what, data in cases:
        answers = [server.over_udp(data) for server in servers]
        if why := wrong_by_itself(data, answers[0]):
            report.fail(what, why)
        report.judge(what, data, answers[0], answers[1:])


def compare_tcp(servers, cases, report, batch=50):
    for at in range(0, len(cases), batch):
        part = cases[at:at + batch]
        answers = [server.over_tcp([data for _, data in part]) for server in servers]
        for i, (what, data) in enumerate(part):
            report.judge(f"TCP {what}", data, [answers[0][i]], [[each[i]] for each in answers[1:]])


def start_all(stack, binary, folder):
    pid = os.getpid()
    addresses = [f"127.98.{pid // 80 % 250}.{pid % 80 * 3 + n + 1}" for n in range(3)]
    servers = [start_landfall(binary, folder, addresses[0])]
    stack.callback(servers[0].stop)
    os.environ["PATH"] += ":/usr/sbin"
    for program, start, address in (("nsd", start_nsd, addresses[1]), ("knotd", start_knot, addresses[2])):
        if not shutil.which(program):
            print(f"SKIPPED: {program} is not installed, so nothing is compared with it", flush=True)
            continue
        (folder / program).mkdir()
        servers.append(start(folder / program, address))
        stack.callback(servers[-1].stop)
    return servers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=3000)
    options = parser.parse_args()
    rng, report = random.Random(options.seed), Report()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="landfall-dns-")))
        folder.chmod(0o755)
        servers = start_all(stack, options.binary, folder)
        asked = questions(rng, options.questions)
        compare_udp(servers, asked, report)
        compare_tcp(servers, asked[:len(asked) // 4], report)
        compare_udp(servers, list(hostile_fixed()), report)
        compare_udp(servers, list(hostile_random(rng, options.questions // 2)), report)
    print(f"{report.same} the same ({report.split} where the peers differ from each other)")
    for reason, count in report.used.items():
        print(f"{count} explained: {reason}")
    if len(servers) == 3 and options.seed == 1:
        report.failures += [f"nothing needs this explanation: {reason}" for reason in EXPLAINED if reason not in report.used]
    for failure in report.failures[:40]:
        print(f"[  FAILED  ] {failure[:2000]}")
    print(f"{len(report.failures)} failed")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
