"""Many hosted zones, by the API, from several processes at once: what boto takes for a call would be most of the time."""

import http.client
import multiprocessing
import os
import socket

from measure import LOAD_CORE
from signed import signed

PROCESSES = 4
NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'


class _Maker:
    def __init__(self, world):
        self.world, self.port = world, world.lf.api_port
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path, body):
        headers = signed(self.world, "route53", "POST", f"http://127.0.0.1:{self.port}{path}", body, {"Content-Type": "application/xml"})
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 300:
            raise RuntimeError(f"POST {path}: {answer.status} {text[:300]}")
        return text

    def make(self, name, records):
        made = self.post("/2013-04-01/hostedzone", f"<CreateHostedZoneRequest {NAMESPACE}><Name>{name}</Name><CallerReference>{name}</CallerReference>"
                                                   "</CreateHostedZoneRequest>")
        zone = made.split("<Id>/hostedzone/")[1].split("<")[0]
        changes = "".join(f"<Change><Action>CREATE</Action><ResourceRecordSet><Name>{label}.{name}</Name><Type>A</Type><TTL>300</TTL><ResourceRecords>"
                          f"<ResourceRecord><Value>{address}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>"
                          for label, address in records.items())
        self.post(f"/2013-04-01/hostedzone/{zone}/rrset/", f"<ChangeResourceRecordSetsRequest {NAMESPACE}><ChangeBatch><Changes>{changes}</Changes>"
                                                           "</ChangeBatch></ChangeResourceRecordSetsRequest>")
        return zone


def _make_some(world, zones):
    os.sched_setaffinity(0, {LOAD_CORE})
    maker = _Maker(world)
    return [maker.make(name, records) for name, records in zones][-1]


def make_zones(world, zones):
    """zones: {name: {label: address}}. Returns when edge answers with all of them."""
    world.lf.env()  # once, before there are several
    every = list(zones.items())
    shares = [(world, every[first::PROCESSES]) for first in range(PROCESSES)]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        pool.starmap(_make_some, shares)
