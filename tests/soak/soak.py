#!/usr/bin/python3
"""A soak: the example stack under load for long, first undisturbed, then with processes killed under it.

  soak.py [--landfall BINARY] [--minutes 60] [--seed N] [--keep] | --self-test

First 60 % of the time: clients of every service (clients.py), nothing else; each role's memory and descriptors are sampled. Then the
same while edge, control, host, all three, and instances are killed with SIGKILL in an order that follows from the seed (faults.py).
A line every 30 s. The verdict, and the exit status is 1 for any of them:

  wrong bytes    an answer that is not what was written: no fault excuses one
  lost writes    acknowledged by S3, by an API or by the database, and not there
  failures       requests that failed and no fault may have failed
  leaks          memory that goes on growing; descriptors, processes, mounts, namespaces, folders that do not go away (watch.py)

Ctrl-C ends the load and gives the verdict of what was seen (exit status 130). --self-test shows within seconds, without a
Landfall, that each kind of finding is found.
"""

import argparse
import collections
import concurrent.futures
import pathlib
import random
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests/e2e")]
sys.dont_write_bytecode = True

import botocore.config  # noqa: E402
import botocore.exceptions  # noqa: E402

import clients  # noqa: E402 (the path comes first)
import faults  # noqa: E402
import landfall as harness  # noqa: E402
import watch  # noqa: E402
from ledger import Ledger  # noqa: E402

CALM_SHARE, WARM_UP_SHARE = 0.6, 0.25  # of the whole; of the calm time
SAMPLE_SECONDS, LINE_SECONDS, FAULT_EVERY_SECONDS = 5, 30, 20
STOP_SECONDS = 45  # for all clients together; a turn's sockets time out before
KEPT_ITEMS, KEPT_UPLOADS = 2_000, 100
SHOWN = 10
EXPECTED_ERRORS = clients.EXPECTED_ERRORS + (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError,
                                             subprocess.TimeoutExpired)

Failure = collections.namedtuple("Failure", "group began ended why")


class Soak:
    """What the clients share. Any thread may call. Times are monotonic."""

    https_port = 443

    def __init__(self, seed):
        self.seed = seed
        self.stop, self.interrupted = threading.Event(), False
        self._lock = threading.Lock()
        self.counts, self.failures, self.findings, self.faults = collections.Counter(), [], [], []
        self._shown = collections.Counter()
        self.objects, self.cdn, self.tags = Ledger(), Ledger(), Ledger()
        self.cdn_made, self.items, self.uploads = {}, {}, collections.deque(maxlen=KEPT_UPLOADS)
        self.addresses, self.name_servers, self.site = {}, [], {}

    def attach(self, lf):
        """Where the example stack's things are."""
        outputs = lf.outputs()
        self.lf, self.ca = lf, lf.data_dir + "/ca/ca.pem"
        self.context = ssl.create_default_context(cafile=self.ca)
        self.site_bucket, self.distribution, self.bucket = outputs["BucketName"], outputs["DistributionId"], "soak"
        self.addresses = {name: sorted(lf.resolve(name)) for name in ("api.myapp.com", "cdn.myapp.com")}
        self.name_servers = [lf.address(1), lf.address(2)]
        self.zone = lf.boto("route53").list_hosted_zones()["HostedZones"][0]["Id"]
        self.vpc = [vpc for vpc in lf.boto("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]][0]["VpcId"]
        site = ROOT / "examples/myapp/site"
        self.site = {"/" + str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}

    def aws(self, service):
        """A client that does not try again and does not wait for long."""
        env = self.lf.env()
        return harness.boto3.client(
            service, endpoint_url=f"http://127.0.0.1:{self.lf.api_port}", region_name="us-east-1",
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"], aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
            config=botocore.config.Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, connect_timeout=5,
                                          read_timeout=clients.TIMEOUT_SECONDS))

    def secure(self, raw, name):
        return self.context.wrap_socket(raw, server_hostname=name)

    # ---- what the clients say ----

    def did(self, what):
        with self._lock:
            self.counts[what] += 1

    def failed(self, group, began, why):
        with self._lock:
            self.failures.append(Failure(group, began, time.monotonic(), str(why)[:300]))
            calm = not self.faults
            shown = self._shown[group] = self._shown[group] + 1
        if calm and shown <= SHOWN:
            print(f"FAILED request of {group} ({time.monotonic() - began:.1f} s): {str(why)[:300]}", flush=True)

    def wrong(self, what):
        self.find("wrong bytes: " + what)

    def lost(self, what):
        self.find("lost: " + what)

    def find(self, what):
        with self._lock:
            self.findings.append(what)
        print("FOUND " + what, flush=True)

    def created(self, item):
        with self._lock:
            self.items[item["id"]] = item
            while len(self.items) > KEPT_ITEMS:
                del self.items[next(iter(self.items))]

    def begin_fault(self, kind):
        with self._lock:
            self.faults.append(faults.Fault(kind))
            return self.faults[-1]

    # ---- verdicts ----

    def unexcused(self):
        with self._lock:
            failures, known = list(self.failures), list(self.faults)
        return [failure for failure in failures if not any(fault.excuses(failure.group, failure.began, failure.ended) for fault in known)]


def run_client(soak, client):
    """Until the soak stops. What a server that ends makes of a request is a failure; anything else is a bug, here or there."""
    while not soak.stop.is_set():
        began = time.monotonic()
        try:
            client.turn()
        except EXPECTED_ERRORS as error:
            client.close()
            soak.failed(client.group, began, f"{client.name}: {error!r}")
            soak.stop.wait(0.1)  # not in a circle while something is down
        except Exception:  # pylint: disable=broad-except  # the thread's last words; the soak fails for it
            soak.find(f"{client.name} ended: {traceback.format_exc(limit=-4)}")
            break
        soak.stop.wait(client.pause)
    client.close()


class Clients:
    def __init__(self, soak, population=clients.POPULATION):
        self.soak = soak
        self.all = [kind(soak, number) for kind, count in population for number in range(count)]
        self.threads = [threading.Thread(target=run_client, args=(soak, client), name=client.name, daemon=True) for client in self.all]

    def start(self):
        for thread in self.threads:
            thread.start()

    def end(self, seconds=STOP_SECONDS):
        """One deadline for all; who is not back is a finding, with where it is."""
        self.soak.stop.set()
        deadline = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0, deadline - time.monotonic()))
        frames = sys._current_frames()  # pylint: disable=protected-access
        for thread in self.threads:
            if thread.is_alive():
                self.soak.find(f"{thread.name} hangs: {''.join(traceback.format_stack(frames[thread.ident])[-3:])}")


class Course:
    """The time's course: samples, lines, faults."""

    def __init__(self, soak, lf, minutes):
        self.soak, self.lf, self.samples = soak, lf, []
        self.began, self.seconds = time.monotonic(), minutes * 60
        self.next_sample = self.next_line = self.began

    def say(self, text):
        print(f"{time.monotonic() - self.began:6.0f} s  {text}", flush=True)

    def until(self, when):
        """Samples and lines until then, or the end of the soak."""
        while not self.soak.stop.is_set() and time.monotonic() < when:
            now = time.monotonic()
            if now >= self.next_sample:
                self.samples.append(watch.Sample(self.lf))
                self.next_sample = now + SAMPLE_SECONDS
            if now >= self.next_line and self.samples:
                self.say(f"{sum(self.soak.counts.values())} requests, {len(self.soak.failures)} failed, {len(self.soak.unexcused())} of them "
                         f"unexcused, {len(self.soak.findings)} findings  {self.samples[-1].line()}")
                self.next_line = now + LINE_SECONDS
            self.soak.stop.wait(max(0.05, min(self.next_sample, when) - time.monotonic()))

    def calm(self):
        self.until(self.began + self.seconds * CALM_SHARE)
        warm = self.began + self.seconds * CALM_SHARE * WARM_UP_SHARE
        return watch.memory_findings([sample for sample in self.samples if sample.when >= warm])

    def disturbed(self):
        chance, turn = random.Random(f"{self.soak.seed}/faults"), []
        while not self.soak.stop.is_set() and time.monotonic() < self.began + self.seconds:
            if not turn:  # each kind once, then again in another order
                turn = chance.sample(faults.KINDS, len(faults.KINDS))
            fault = self.soak.begin_fault(turn.pop())
            try:
                faults.inject(self.lf, fault, chance, self.soak.stop)
            except (harness.Failure, OSError, *EXPECTED_ERRORS) as failure:
                self.soak.find(f"after kill -9 of {fault.kind.name}: {failure}")
            fault.over()
            self.say(f"killed {fault.kind.name}: over after {fault.ended - fault.began:.2f} s")
            self.until(min(time.monotonic() + FAULT_EVERY_SECONDS, self.began + self.seconds))


def read_back(soak, every):
    """Everything that was acknowledged."""
    objects = [client for client in every if isinstance(client, clients.Objects)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        for done in [pool.submit(client.read_back) for client in objects]:
            done.result()
    reader = next((client for client in every if isinstance(client, clients.Items)), None)
    for item in list(soak.items.values()):
        status, _, body = reader.request("GET", f"/items/{item['id']}")
        if status != 200:
            soak.lost(f"item {item['id']}: status {status}")
        elif clients.json.loads(body) != item:
            soak.wrong(f"item {item['id']} at the end: {body[:200]!r}")
    print(f"read back: {len(soak.objects.keys())} keys of S3, {len(soak.items)} items", flush=True)
    for client in objects:
        client.remove_all()
    s3 = soak.aws("s3")
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=soak.bucket):  # a kill took their client's last words
        for upload in page.get("Uploads", []):
            s3.abort_multipart_upload(Bucket=soak.bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=soak.site_bucket, Prefix="uploads/soak-"):
        s3.delete_objects(Bucket=soak.site_bucket, Delete={"Objects": [{"Key": entry["Key"]} for entry in page.get("Contents", [])]})


def settled(soak, lf, before):
    """What does not go away."""
    deadline = time.monotonic() + watch.SETTLE_SECONDS
    while True:
        after = watch.Sample(lf)
        findings = watch.count_findings(before, after)
        if not findings or time.monotonic() >= deadline:
            print("at the end  " + after.line(), flush=True)
            return findings
        if soak.interrupted:
            return []
        time.sleep(1)


def prepare(soak, lf):
    print(lf.up(), flush=True)
    soak.attach(lf)
    groups = lf.boto("autoscaling")
    for group in groups.describe_auto_scaling_groups()["AutoScalingGroups"]:  # the load is not to change what is counted
        groups.update_auto_scaling_group(AutoScalingGroupName=group["AutoScalingGroupName"], MaxSize=group["MinSize"])
    lf.boto("s3").create_bucket(Bucket=soak.bucket)


def run(soak, lf, minutes):
    prepare(soak, lf)
    every = Clients(soak)
    next(client for client in every.all if isinstance(client, clients.CdnWriter)).first()
    before = watch.Sample(lf)
    course = Course(soak, lf, minutes)
    course.say("before the load  " + before.line())
    every.start()
    try:
        for leak in course.calm():
            soak.find("leak: " + leak)
        course.disturbed()
    finally:
        every.end()
    if not soak.interrupted:
        soak.stop.clear()
        harness.until(lambda: len(lf.healthy_targets()) >= 2, 120, "two healthy targets at the end")
        read_back(soak, every.all)
    for client in every.all:
        client.close()
    for left in settled(soak, lf, before):
        soak.find("left open: " + left)
    done = ", ".join(f"{what} {count}" for what, count in sorted(soak.counts.items()))
    print(f"done in {(time.monotonic() - course.began) / 60:.1f} minutes: {done}; {len(soak.faults)} kills, {len(soak.failures)} requests failed near them")


def verdict(soak):
    """Prints it; the exit status."""
    for failure in soak.unexcused()[:SHOWN]:
        print(f"FAILED request of {failure.group} ({failure.ended - failure.began:.1f} s): {failure.why}")
    for what in soak.findings[:SHOWN]:
        print("FOUND " + what)
    unexcused = len(soak.unexcused())
    print(f"soak: seed {soak.seed}: " + (f"{len(soak.findings)} findings, {unexcused} failures that no fault excuses"
                                        if soak.findings or unexcused else "nothing found")
          + (" (interrupted)" if soak.interrupted else ""), flush=True)
    return 130 if soak.interrupted else 1 if soak.findings or unexcused else 0


def interrupt_by_signal(soak):
    def interrupt(*_):
        soak.interrupted = True
        soak.stop.set()
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)


def nothing_is_left(soak, lf, before):
    done = lf.down()
    if done.returncode != 0:
        soak.find(f"down: {done.stderr}")
    left = [harness.describe_process(pid) for pid in harness.processes_using(lf.data_dir)]
    left += [f"{what} {line}" for what, lines in harness.traces().items() for line in lines if line not in before[what]]
    if left:
        soak.find(f"left after down: {left[:SHOWN]}")


def main():
    sys.setswitchinterval(0.0005)  # many threads that wait for sockets: the default keeps each waiting 5 ms for its turn
    parser = argparse.ArgumentParser()
    parser.add_argument("--landfall", default="build/landfall")
    parser.add_argument("--api-port", type=int, default=4730)
    parser.add_argument("--public-cidr", default="127.96.0.0/16")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", action="store_true", help="keeps the data directory, with its logs")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        import self_test  # pylint: disable=import-outside-toplevel
        return self_test.main()
    soak, before = Soak(options.seed), harness.traces()
    interrupt_by_signal(soak)
    data_dir = tempfile.mkdtemp(prefix="landfall-soak-", dir="/var/tmp")
    pathlib.Path(data_dir).chmod(0o755)
    lf = harness.Landfall(options.landfall, data_dir, options.api_port, options.public_cidr)
    try:
        run(soak, lf, options.minutes)
    except (harness.Failure, *EXPECTED_ERRORS) as failure:
        if not soak.interrupted:
            soak.find(f"the soak itself: {failure!r}")
    finally:
        nothing_is_left(soak, lf, before)
        if options.keep or soak.findings or soak.unexcused():
            print("data directory kept: " + data_dir)
        else:
            shutil.rmtree(data_dir, ignore_errors=True)
    return verdict(soak)


if __name__ == "__main__":
    sys.exit(main())
