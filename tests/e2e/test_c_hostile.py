"""Hostile input at every port: a clear 4xx or a closed connection, and the process unharmed."""

import base64
import json
import os
import random
import select
import socket
import ssl
import struct
import time

from landfall import check, equal

GARBAGE = [
    b"\x00" * 4096,
    os.urandom(65536),
    b"GET " + b"/" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(5000)) + b"\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\xff\xff" + os.urandom(2000),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + os.urandom(512),
    b"GET / HTTP/1.1\r\nHost: x",
]


def pids(lf):
    return {role["name"]: role["pid"] for role in lf.status()["roles"]}


def send_and_listen(address, port, bytes_, tls_name=None, ca=None, patience=1):
    """The first line of the answer, or b"" if the other side closed or said nothing for so long."""
    try:
        with socket.create_connection((address, port), timeout=3) as raw:
            connection = raw
            if tls_name:
                context = ssl.create_default_context(cafile=ca)
                connection = context.wrap_socket(raw, server_hostname=tls_name)
            connection.sendall(bytes_)
            connection.settimeout(3 if bytes_.endswith(b"\r\n\r\n") else patience)
            return connection.recv(65536).split(b"\r\n")[0]
    except (OSError, ssl.SSLError):
        return b""


def attack(lf, address, port, **tls):
    before = pids(lf)
    for bytes_ in GARBAGE:
        line = send_and_listen(address, port, bytes_, **tls)
        if line.startswith(b"HTTP/1."):
            check(line[9:10] in (b"4", b"5") or line[9:12] in (b"301", b"302"), f"answer {line!r} to {bytes_[:60]!r}")
    equal(pids(lf), before, f"the processes after garbage at {address}:{port}")


def test_garbage_at_the_api(lf):
    attack(lf, "127.0.0.1", lf.api_port)
    attack(lf, lf.address(1), 80)
    equal(lf.boto("sts").get_caller_identity()["Account"], "123456789012", "it serves on")


def test_garbage_at_the_load_balancer(lf):
    address = lf.resolve("api.myapp.com")[0]
    attack(lf, address, 80)
    attack(lf, address, 443)
    attack(lf, address, 443, tls_name="api.myapp.com", ca=lf.data_dir + "/ca/ca.pem")
    equal(lf.curl("https://api.myapp.com/health").status, 200, "it serves on")


def test_garbage_at_the_cdn(lf):
    attack(lf, lf.address(3), 80)
    attack(lf, lf.address(3), 443, tls_name="cdn.myapp.com", ca=lf.data_dir + "/ca/ca.pem")
    equal(lf.curl("https://cdn.myapp.com/").status, 200, "it serves on")


def test_garbage_at_dns(lf):
    before = pids(lf)
    rng = random.Random(4)
    # Queries with lying counts, compression loops, cut names, and noise.
    header = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0)
    packets = [b"", b"\x00", header, header + b"\xc0\x0c\x00\x01\x00\x01", header + b"\x3f" + b"a" * 10,
               struct.pack(">HHHHHH", 7, 0x0100, 65535, 65535, 65535, 65535), header + b"\x01a" * 200,
               struct.pack(">HHHHHH", 7, 0x8180, 1, 1, 0, 0) + b"\x01a\x00\x00\x01\x00\x01"]
    packets += [bytes(rng.randrange(256) for _ in range(rng.randrange(1, 600))) for _ in range(500)]
    for server in (1, 2):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            for packet in packets:
                udp.sendto(packet, (lf.address(server), 53))
        for packet in packets[:12]:
            send_and_listen(lf.address(server), 53, struct.pack(">H", (len(packet) * 7) & 0xffff) + packet, patience=0.2)
    equal(pids(lf), before, "the processes")
    check(lf.resolve("s3.us-east-1.amazonaws.com"), "it answers on")


INSIDE = """
import base64, json, socket, sys
odd = []
for bytes_ in map(base64.b64decode, json.load(sys.stdin)):
    for address, port in (("169.254.169.254", 80), ("169.254.169.252", 80), ("169.254.169.252", 443), ("169.254.169.253", 53)):
        try:
            with socket.create_connection((address, port), timeout=3) as connection:
                connection.settimeout(0.5)
                connection.sendall(bytes_)
                line = connection.recv(65536).split(b"\\r\\n")[0]
                if line.startswith(b"HTTP/1.") and line[9:10] not in (b"4", b"5") and line[9:12] not in (b"301", b"302"):
                    odd.append([address, port, repr(line), repr(bytes_[:60])])
        except OSError:
            pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(bytes_[:1400], ("169.254.169.253", 53))
print(json.dumps(odd))
"""


def test_garbage_from_an_instance_at_what_its_vpc_offers(lf):
    before = pids(lf)
    instance = lf.api_instances()[0]["InstanceId"]
    done = lf.exec(instance, "python3", "-c", INSIDE, input=json.dumps([base64.b64encode(one).decode() for one in GARBAGE]))
    equal(done.returncode, 0, f"the script: {done.stderr}")
    equal(json.loads(done.stdout), [], "answers that are no refusals")
    equal(pids(lf), before, "the processes")
    check(lf.exec(instance, "getent", "hosts", "s3.us-east-1.amazonaws.com").returncode == 0, "the resolver answers on")
    token = "curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token"
    check(lf.exec(instance, "sh", "-c", token).stdout.strip(), "the metadata service answers on")


def test_slow_clients_are_let_go_and_hold_nobody_up(lf):
    slow = []
    try:
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", lf.api_port), timeout=5)
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            slow.append(connection)
        began = time.monotonic()
        lf.boto("sts").get_caller_identity()
        check(time.monotonic() - began < 2, "others are served meanwhile")
        slow[0].settimeout(30)
        answer = slow[0].recv(1000)
        check(answer == b"" or b" 408 " in answer, f"closed or 408: {answer!r}")
    finally:
        for connection in slow:
            connection.close()


def test_a_body_that_is_too_long_is_refused(lf):
    limit = 256 * 1024 * 1024
    head = (b"POST / HTTP/1.1\r\nHost: ec2.us-east-1.amazonaws.com\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 99999999999\r\n\r\n")
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", lf.api_port), timeout=5) as connection:
        try:
            connection.sendall(head)
            connection.setblocking(False)
            while sent < limit and not answer:
                readable, writable, _ = select.select([connection], [connection], [], 5)
                if readable:
                    answer = connection.recv(4096) or b"closed"
                elif writable:
                    sent += connection.send(b"a" * 65536)
                else:
                    break  # it has stopped reading: back-pressure
        except ConnectionError:
            answer = b"closed"
    check(answer == b"closed" or answer[9:10] == b"4", f"after {sent} bytes: {answer[:60]!r}")
