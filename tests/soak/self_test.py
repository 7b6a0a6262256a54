"""That a soak can fail: each kind of finding is made to happen, without a Landfall, and found. Seconds."""

import http.server
import random
import socket
import threading
import time
import types

import clients
import faults
import ledger
import soak as soaking
import watch

PAGE = bytes(range(256)) * 40


class Expected(AssertionError):
    pass


def check(condition, message):
    if not condition:
        raise Expected(message)


# ---- a server and an S3 that lie on demand ----

class Pages:
    """Serves PAGE under every path; every `bad_every`th answer has one wrong byte."""

    def __init__(self, bad_every=0):
        pages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, wbufsize = "HTTP/1.1", 65536

            def do_GET(self):  # pylint: disable=invalid-name
                pages.count += 1
                body = bytearray(PAGE)
                if bad_every and pages.count % bad_every == 0:
                    body[1234] ^= 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self.count = 0
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def port(self):
        return self.server.server_address[1]


class FakeS3:
    """As much of boto's S3 as Objects asks for. lie: what it does to the nth put."""

    def __init__(self, lie=lambda number, body: body):
        self.kept, self.puts, self.lie = {}, 0, lie
        self.exceptions = types.SimpleNamespace(NoSuchKey=KeyError)

    def put_object(self, Bucket, Key, Body):  # pylint: disable=invalid-name,unused-argument
        self.puts += 1
        kept = self.lie(self.puts, Body)
        if kept is not None:
            self.kept[Key] = kept

    def get_object(self, Bucket, Key, Range=""):  # pylint: disable=invalid-name,unused-argument
        body = self.kept[Key]
        if Range:
            first, last = Range.removeprefix("bytes=").split("-")
            body = body[int(first):int(last) + 1]
        return {"Body": types.SimpleNamespace(read=lambda: body)}

    def delete_object(self, Bucket, Key):  # pylint: disable=invalid-name,unused-argument
        self.kept.pop(Key, None)

    def list_objects_v2(self, Bucket, Prefix):  # pylint: disable=invalid-name,unused-argument
        return {"Contents": [{"Key": key} for key in self.kept if key.startswith(Prefix)]}


def quiet_soak(s3=None):
    soak = soaking.Soak(seed=1)
    soak.find = soak.findings.append  # not printed: these are meant
    soak.bucket, soak.aws = "b", lambda service: s3
    return soak


def objects_findings(lie):
    """What a client of an S3 that lies reports."""
    client = clients.Objects(quiet_soak(FakeS3(lie)))
    client.multipart = client.put
    for _ in range(300):
        client.turn()
    client.read_back()
    return client.soak.findings


def pages_soak(port):
    soak = quiet_soak()
    soak.addresses, soak.https_port, soak.secure = {"cdn.myapp.com": ["127.0.0.1"]}, port, lambda raw, name: raw
    soak.site = {"/page": PAGE}
    return soak


class SitePages(clients.Cdn):
    pause = 0

    def turn(self):
        self.fetch("/page", {ledger.digest(PAGE)}, PAGE)


def load(soak, kind, condition):
    """Runs one such client until the condition holds; findings of its end, and how long that took."""
    every = soaking.Clients(soak, (clients.Population(kind, 1),))
    every.start()
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        soak.stop.wait(0.01)
    began = time.monotonic()
    every.end(2)
    return time.monotonic() - began


# ---- the tests ----

def test_right_bytes_are_no_finding():
    pages = Pages()
    soak = pages_soak(pages.port())
    load(soak, SitePages, lambda: pages.count >= 50)
    check(pages.count >= 50 and not soak.findings and not soak.failures, f"{pages.count} requests, {soak.findings}, {soak.failures}")


def test_one_wrong_byte_of_an_answer_is_found():
    soak = pages_soak(Pages(bad_every=40).port())
    load(soak, SitePages, lambda: soak.findings)
    check(soak.findings and "first wrong byte at 1234" in soak.findings[0], f"{soak.findings}")


def test_an_honest_s3_is_no_finding():
    check(not objects_findings(lambda number, body: body), "findings of an honest S3")


def test_a_lost_object_is_found():
    found = objects_findings(lambda number, body: None if number == 20 else body)
    check(any(what.startswith(("lost", "wrong bytes")) for what in found), f"{found}")


def test_one_wrong_byte_of_an_object_is_found():
    found = objects_findings(lambda number, body: bytes([body[0] ^ 1]) + body[1:] if number % 20 == 0 and body else body)
    check(any("first wrong byte at 0" in what for what in found), f"{found}")


def test_a_write_whose_answer_never_came_may_be_there_or_not():
    book = ledger.Ledger()
    book.begin("k", "a")
    check(book.allowed("k") == {ledger.ABSENT, "a"}, "before the answer")
    book.settled("k", "a")
    check(book.allowed("k") == {"a"}, "after it")
    began = time.monotonic()
    book.begin("k", "b")
    book.settled("k", "b")
    check(book.allowed("k") == {"b"} and book.allowed("k", began) == {"a", "b"}, "a read that began before may have the old one")


def series(slope_mib_an_hour, noise_mib, minutes=30, fills_mib=0):
    chance = random.Random(7)
    return [(float(t), int((100 + slope_mib_an_hour * t / 3600 + fills_mib * min(1, t / 600) + chance.uniform(-noise_mib, noise_mib)) * (1 << 20)))
            for t in range(0, minutes * 60, 5)]


def test_memory_that_goes_on_growing_is_found_and_noise_and_a_filling_cache_are_not():
    check(watch.memory_leak(series(60, 3)), "60 MiB an hour")
    check(not watch.memory_leak(series(0, 8)), "noise")
    check(not watch.memory_leak(series(0, 1, fills_mib=64)), "a cache that fills in ten minutes")


def sample(role=None, **counts):
    return types.SimpleNamespace(when=0.0, roles={"edge": role} if role else {}, counts=counts)


def test_descriptors_mounts_and_processes_that_stay_are_found():
    def role(sockets, deleted=0):
        return watch.Role(1, 0, watch.collections.Counter({"socket": sockets, "deleted file": deleted}), 4)
    check(not watch.count_findings(sample(role(100), mounts=5), sample(role(110), mounts=5)), "a few sockets")
    check(watch.count_findings(sample(role(100)), sample(role(101 + watch.DESCRIPTOR_SLACK["socket"]))), "many sockets")
    check(watch.count_findings(sample(role(100)), sample(role(100, deleted=5))), "deleted files")
    check(watch.count_findings(sample(mounts=5), sample(mounts=6)), "a mount")
    check(watch.count_findings(sample(processes=5), sample(processes=50)), "processes")


def test_a_role_that_ended_by_itself_is_found():
    samples = [types.SimpleNamespace(when=float(i), roles={"edge": watch.Role(1 + i // 10, 0, {}, 4)}) for i in range(20)]
    check(watch.memory_findings(samples) == ["edge ended by itself and was started again"], "a role that ended")


def test_a_failure_is_excused_only_by_a_fault_that_may_cause_it_and_near_it():
    soak = quiet_soak()
    now = time.monotonic()
    fault = soak.begin_fault(faults.CONTROL)
    fault.began, fault.ended = now, now + 1
    soak.failures = [soaking.Failure("api", now + 0.5, now + 0.6, "during"), soaking.Failure("api", now - 3, now + 0.1, "touches"),
                     soaking.Failure("s3", now + 0.5, now + 0.6, "not control's"), soaking.Failure("api", now + 60, now + 61, "late"),
                     soaking.Failure("api", now - 3, now - 1, "before")]
    check([failure.why for failure in soak.unexcused()] == ["not control's", "late", "before"], f"{soak.unexcused()}")
    check(soaking.verdict(types.SimpleNamespace(unexcused=lambda: [], findings=[], seed=1, interrupted=False)) == 0, "nothing found is 0")
    check(soaking.verdict(types.SimpleNamespace(unexcused=lambda: [], findings=["x"], seed=1, interrupted=False)) == 1, "a finding is 1")


def test_a_server_that_does_not_answer_fails_requests_and_holds_no_client():
    clients.TIMEOUT_SECONDS, kept = 0.5, clients.TIMEOUT_SECONDS
    with socket.create_server(("127.0.0.1", 0)) as mute:
        soak = pages_soak(mute.getsockname()[1])
        took = load(soak, SitePages, lambda: soak.failures)
    clients.TIMEOUT_SECONDS = kept
    check(soak.failures and took < 2 and not soak.findings, f"{soak.failures} {soak.findings} in {took:.1f} s")


def test_a_client_that_hangs_or_ends_is_a_finding_and_holds_nobody():
    class Hangs(clients.Client):
        def turn(self):
            while True:
                time.sleep(0.1)

    class Breaks(clients.Client):
        def turn(self):
            raise ValueError("not what a server does")

    soak = quiet_soak()
    took = load(soak, Hangs, lambda: True)
    check(took < 4 and any("hangs" in what for what in soak.findings), f"{soak.findings} in {took:.1f} s")
    soak = quiet_soak()
    load(soak, Breaks, lambda: soak.findings)
    check(any("ended" in what for what in soak.findings), f"{soak.findings}")


def test_dns_answers_are_read():
    name = b"\x03api\x05myapp\x03com\0"
    head = b"\x12\x34\x81\x80\0\1\0\1\0\0\0\0" + name + b"\0\1\0\1"
    check(clients.dns_answers(head + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\x60\1\0") == (0, [b"\x7f\x60\1\0"]), "an address")


def main():
    failed = 0
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            began = time.monotonic()
            try:
                test()
                print(f"ok {name} ({time.monotonic() - began:.1f} s)", flush=True)
            except Expected as failure:
                failed += 1
                print(f"FAILED {name}: {failure}", flush=True)
    print(f"soak's self-test: {failed} failed")
    return 1 if failed else 0
