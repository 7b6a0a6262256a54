"""DNS messages (RFC 1035 section 4), made and read without the program under test and without a library."""

import dataclasses
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "HINFO": 13, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "NAPTR": 35, "OPT": 41, "DS": 43,
         "RRSIG": 46, "DNSKEY": 48, "TLSA": 52, "HTTPS": 65, "IXFR": 251, "AXFR": 252, "MAILB": 253, "ANY": 255, "CAA": 257, "TYPE65280": 65280}
NAMES_IN_DATA = {2: (0, 1), 5: (0, 1), 6: (0, 2), 12: (0, 1), 15: (2, 1)}  # type: octets before, names
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH", 16: "BADVERS"}


def labels(text):
    """Labels of a name in presentation form: "a.b", with \\DDD for an octet, in decimal as in master files."""
    out, label, i = [], bytearray(), 0
    while i < len(text):
        if text[i] == "\\":
            label.append(int(text[i + 1:i + 4]))
            i += 4
        elif text[i] == ".":
            out.append(bytes(label))
            label, i = bytearray(), i + 1
        else:
            label.append(ord(text[i]))
            i += 1
    return [each for each in [*out, bytes(label)] if each]


def wire(name_labels):
    return b"".join(bytes([len(label)]) + label for label in name_labels) + b"\0"


def opt(size=1232, version=0, flags=0, options=b""):
    return b"\0" + struct.pack(">HHBBHH", TYPES["OPT"], size, 0, version, flags, len(options)) + options


def query(name_labels, type_, klass=1, number=7, flags=0x0100, additional=b"", additionals=0):
    return struct.pack(">6H", number, flags, 1, 0, 0, additionals) + wire(name_labels) + struct.pack(">HH", type_, klass) + additional


class Broken(Exception):
    pass


def _take_name(data, at):
    out, end, lowest = [], None, at
    while True:
        if at >= len(data):
            raise Broken("a name is cut short")
        length = data[at]
        if length >= 0xc0:
            target = struct.unpack(">H", data[at:at + 2])[0] & 0x3fff
            end = at + 2 if end is None else end
            if target >= lowest:
                raise Broken("a pointer leads forward")
            at = lowest = target
        elif length == 0:
            return tuple(out), at + 1 if end is None else end
        elif length > 63:
            raise Broken("a label of an unknown kind")
        else:
            out.append(data[at + 1:at + 1 + length])
            at += 1 + length


@dataclasses.dataclass(frozen=True, order=True)
class Record:
    owner: tuple
    type: int
    klass: int
    ttl: int
    data: tuple

    def __str__(self):
        name = ".".join(label.decode("latin1") for label in self.owner) + "."
        kind = next((text for text, number in TYPES.items() if number == self.type), str(self.type))
        return f"{name} {self.ttl} {kind} " + " ".join(
            ".".join(label.decode("latin1") for label in part) + "." if isinstance(part, tuple) else part.hex() for part in self.data)


@dataclasses.dataclass
class Answer:
    rcode: str
    flags: int
    question: list
    sections: list  # of lists of records: answer, authority, additional without OPT
    opt: tuple      # (size, version, flags) or None
    size: int

    @property
    def authoritative(self):
        return bool(self.flags & 0x0400)

    @property
    def truncated(self):
        return bool(self.flags & 0x0200)


def _take_data(data, kind, at, length):
    if kind not in NAMES_IN_DATA:
        return (data[at:at + length],)
    before, names = NAMES_IN_DATA[kind]
    out, end = [data[at:at + before]] if before else [], at + length
    at += before
    for _ in range(names):
        name, at = _take_name(data, at)
        out.append(tuple(label.lower() for label in name))
    return tuple([*out, data[at:end]] if at < end else out)


def parse(data):
    if len(data) < 12:
        raise Broken("shorter than a header")
    _, flags, *counts = struct.unpack(">6H", data[:12])
    at, question, sections, edns = 12, [], [], None
    for _ in range(counts[0]):
        name, at = _take_name(data, at)
        question.append((name, *struct.unpack(">HH", data[at:at + 4])))
        at += 4
    rcode = flags & 0xf
    for count in counts[1:]:
        records = []
        for _ in range(count):
            owner, at = _take_name(data, at)
            if at + 10 > len(data):
                raise Broken("a record is cut short")
            kind, klass, ttl, length = struct.unpack(">HHIH", data[at:at + 10])
            at += 10
            if at + length > len(data):
                raise Broken("a record's data is cut short")
            if kind == TYPES["OPT"]:
                edns = (klass, ttl >> 16 & 0xff, ttl & 0xffff)
                rcode |= ttl >> 24 << 4
            else:
                records.append(Record(owner, kind, klass, ttl, _take_data(data, kind, at, length)))
            at += length
        sections.append(records)
    if at != len(data):
        raise Broken("octets behind the message")
    return Answer(RCODES.get(rcode, str(rcode)), flags, question, sections, edns, len(data))
