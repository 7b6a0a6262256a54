"""The zones that all three servers hold: the corners of RFC 1034, 2181, 2308 and 4592, within what Route 53 can hold."""

import json

LONG = "l" * 63
DEEP = ".".join(f"d{i}" for i in range(30))  # empty non-terminals all the way
SOA = "ns1.{0} host.{0} 7 7200 900 1209600 300"


def _example():
    add = []

    def record(name, kind, *values, ttl=300):
        add.append((f"{name}.example.com." if name else "example.com.", kind, ttl, list(values)))

    record("", "SOA", SOA.format("example.com."), ttl=900)
    record("", "NS", "ns1.example.com.", "ns2.elsewhere.test.")
    record("", "MX", "10 mail.example.com.", "20 mail.elsewhere.test.")
    record("", "TXT", '"v=spf1 -all"', '"two" "strings"')
    record("", "CAA", '0 issue "ca.example.net"')
    record("ns1", "A", "192.0.2.53")
    record("mail", "A", "192.0.2.25")
    record("mail", "AAAA", "2001:db8::25")
    record("www", "A", "192.0.2.1", "192.0.2.2", "192.0.2.3")
    record("www", "AAAA", "2001:db8::1")
    record("_sip._tcp", "SRV", "1 2 5060 www.example.com.", "1 2 5061 www.elsewhere.test.")  # _tcp is an empty non-terminal
    record("ptr", "PTR", "www.example.com.")
    record("naptr", "NAPTR", '10 20 "S" "SIP+D2U" "" _sip._tcp.example.com.')
    record(f"{LONG}.{LONG}", "A", "192.0.2.63")
    record(DEEP, "A", "192.0.2.30")
    # CNAMEs: a chain, out of the zone, to nothing, to no data, into a wildcard, below a cut, into the child, round in circles
    record("chain1", "CNAME", "chain2.example.com.")
    record("chain2", "CNAME", "chain3.example.com.", ttl=60)
    record("chain3", "CNAME", "www.example.com.")
    record("out", "CNAME", "www.elsewhere.test.")
    record("dangling", "CNAME", "nothing.at.all.example.com.")
    record("nodata", "CNAME", "ptr.example.com.")
    record("towild", "CNAME", "some.thing.wild.example.com.")
    record("tocut", "CNAME", "www.cut.example.com.")
    record("tochild", "CNAME", "www.child.example.com.")
    record("tosibling", "CNAME", "www.other.test.")
    record("self", "CNAME", "self.example.com.")
    record("loop1", "CNAME", "loop2.example.com.")
    record("loop2", "CNAME", "loop3.example.com.")
    record("loop3", "CNAME", "loop1.example.com.")
    record("intoloop", "CNAME", "loop2.example.com.")
    # wildcards
    record("*.wild", "A", "192.0.2.100")
    record("*.wild", "TXT", '"wild"')
    record("here.wild", "TXT", '"here"')
    record("a.ent.wild", "TXT", '"below an empty non-terminal"')
    record("*.alias", "CNAME", "www.example.com.")
    record("*.loop", "CNAME", "again.loop.example.com.")
    record("below.*.star", "A", "192.0.2.101")  # *.star itself is empty
    record("*.mx", "MX", "10 mail.example.com.")
    # zone cuts
    record("cut", "NS", "ns.cut.example.com.", "ns.elsewhere.test.", ttl=3600)
    record("cut", "DS", "12345 13 2 " + "ab" * 32)
    record("ns.cut", "A", "192.0.2.200")
    record("ns.cut", "AAAA", "2001:db8::200")
    record("hidden.cut", "A", "192.0.2.201")
    record("*.cut", "A", "192.0.2.202")
    record("bare", "NS", "ns.elsewhere.test.")
    record("sib", "NS", "ns.cut.example.com.")
    record("under.wild", "NS", "ns.under.wild.example.com.")
    record("ns.under.wild", "A", "192.0.2.203")
    record("child", "NS", "ns1.child.example.com.")
    record("child", "DS", "54321 13 2 " + "cd" * 32)
    record("ns1.child", "A", "192.0.2.204")
    record("many", "NS", *(f"ns{i}.many.example.com." for i in range(13)))
    for i in range(13):
        record(f"ns{i}.many", "A", f"198.51.100.{i}")
        record(f"ns{i}.many", "AAAA", f"2001:db8:1::{i:x}")
    # sizes
    record("big", "TXT", *(f'"{i:03} {"x" * 60}"' for i in range(12)))
    record("bigger", "TXT", *(f'"{i:03} {"x" * 200}"' for i in range(40)))
    record("bigalias", "CNAME", "bigger.example.com.")
    record("wide", "A", *(f"198.51.100.{i}" for i in range(200)))
    return add


def _child():
    name = "child.example.com."
    return [(name, "SOA", 900, [SOA.format(name)]), (name, "NS", 300, [f"ns1.{name}"]), (f"ns1.{name}", "A", 300, ["192.0.2.204"]),
            (f"www.{name}", "A", 30, ["192.0.2.205"]), (f"up.{name}", "CNAME", 300, ["www.example.com."]), (f"*.{name}", "TXT", 300, ['"child"'])]


def _other():
    name = "other.test."
    return [(name, "SOA", 60, [f"ns1.{name} host.{name} 7 7200 900 1209600 86400"]), (name, "NS", 300, ["ns.elsewhere.test."]),
            (f"www.{name}", "A", 300, ["192.0.2.7"]), (f"back.{name}", "CNAME", 300, ["tosibling.example.com."]),
            (f"*.{name}", "A", 300, ["192.0.2.8"])]


ZONES = {"example.com.": _example(), "child.example.com.": _child(), "other.test.": _other()}


def names():
    return sorted({name for records in ZONES.values() for name, *_ in records})


def master_file(records):
    return "".join(f"{name} {ttl} IN {kind} {value}\n" for name, kind, ttl, values in records for value in values)


def snapshots():
    """A ZoneSnapshot a line (src/services/route53/snapshot.h)."""
    return "".join(json.dumps({"id": name, "name": name, "record_sets": [
        {"name": owner, "type": kind, "ttl": ttl, "values": values} for owner, kind, ttl, values in records]}) + "\n"
                   for name, records in ZONES.items())
