"""Clients that hold on without asking or taking: what edge keeps for them is bounded, and others are served."""

import os
import pathlib
import resource
import socket
import subprocess
import time
import urllib.parse

from landfall import check, equal, until

HALF_OPEN = 10_000
# What one that has sent half a head may cost: a block (proxy's kSmallBlockBytes, 16 KiB) and the connection itself.
HALF_OPEN_BYTES = 24 * 1024
SLOW_READERS, OBJECT_BYTES = 32, 32 << 20
# What one that does not read may cost: the server's queue and the kernel's buffers, of which only the first is edge's.
SLOW_READER_BYTES = 2 << 20
# What one connection may hold its worker up, many times over: a turn is half a megabyte to a megabyte.
FAST_READER_BYTES, HELD_UP_SECONDS = 256 << 20, 0.1


def edge(lf):
    """(resident bytes, descriptors)"""
    pid = lf.role_pid("edge")
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024, len(os.listdir(f"/proc/{pid}/fd"))


def answers_soon(lf):
    began = time.monotonic()
    equal(lf.curl("https://api.myapp.com/health").status, 200, "another client's answer")
    check(time.monotonic() - began < 5, f"it took {time.monotonic() - began:.1f} s")


def test_ten_thousand_half_open_connections_cost_little_and_hold_nobody_up(lf):
    wanted = HALF_OPEN + 1_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), max(hard, wanted)))
    address = lf.resolve("api.myapp.com")[0]
    before, descriptors = edge(lf)
    clients = []
    try:
        for _ in range(HALF_OPEN):
            client = socket.create_connection((address, 80), timeout=10)
            clients.append(client)
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: ")
        until(lambda: edge(lf)[1] >= descriptors + HALF_OPEN * 9 // 10, 20, "edge to have taken the connections")
        answers_soon(lf)
        grown = edge(lf)[0] - before
        check(grown < HALF_OPEN * HALF_OPEN_BYTES, f"edge grew by {grown >> 20} MiB for {HALF_OPEN} half-open connections")
    finally:
        for client in clients:
            client.close()
    until(lambda: edge(lf)[1] < descriptors + 500, 20, "edge to let go of them")


def test_readers_that_do_not_read_cost_a_bounded_amount(lf):
    s3, bucket = lf.boto("s3"), "slow-readers"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="large", Body=b"x" * OBJECT_BYTES)
    url = urllib.parse.urlsplit(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "large"}))
    before, _ = edge(lf)
    clients = []
    try:
        for _ in range(SLOW_READERS):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(20)
            client.connect((url.hostname, url.port))
            clients.append(client)
            client.sendall(f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
            check(client.recv(12) == b"HTTP/1.1 200", "the answer's beginning")
        answers_soon(lf)
        equal(s3.head_object(Bucket=bucket, Key="large")["ContentLength"], OBJECT_BYTES, "S3 serves others")
        grown = edge(lf)[0] - before
        check(grown < SLOW_READERS * SLOW_READER_BYTES, f"edge grew by {grown >> 20} MiB for {SLOW_READERS} readers of {OBJECT_BYTES >> 20} MiB")
    finally:
        for client in clients:
            client.close()
        s3.delete_object(Bucket=bucket, Key="large")
        s3.delete_bucket(Bucket=bucket)


def test_a_client_that_reads_as_fast_as_it_is_sent_to_holds_nobody_up(lf):
    s3, bucket = lf.boto("s3"), "fast-reader"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="large", Body=b"x" * FAST_READER_BYTES)
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "large"}).replace("http://", "https://")
    times = []
    try:
        with subprocess.Popen(["curl", "-sfk", "-o", "/dev/null", url, "-o", "/dev/null", url]) as reader:
            while reader.poll() is None:
                began = time.monotonic()
                with socket.create_connection(("127.0.0.1", lf.api_port), timeout=10) as client:  # on either worker
                    client.sendall(b"GET /fast-reader/none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    check(client.recv(9) == b"HTTP/1.1 ", "an answer")
                times.append(time.monotonic() - began)
            equal(reader.returncode, 0, "the reader")
    finally:
        s3.delete_object(Bucket=bucket, Key="large")
        s3.delete_bucket(Bucket=bucket)
    times.sort()
    check(len(times) > 20, f"only {len(times)} others were answered meanwhile")
    check(times[len(times) * 9 // 10] < HELD_UP_SECONDS, f"of {len(times)} others a tenth waited {times[len(times) * 9 // 10] * 1000:.0f} ms and more")
