"""Starting, and what is there when nothing happens."""

import http.client
import shutil
import subprocess
import tempfile
import time

import landfall as harness
import measure
from report import Bar, Line
from world import start

PORT, CIDR = 4590, "127.97.0.0/16"
SETTLE_SECONDS = 3


def up(bench):
    """`up` on existing state to the first API answer; memory of the roles at rest"""
    folder = tempfile.mkdtemp(prefix="landfall-bench-", dir="/var/tmp")
    subprocess.run(["chmod", "755", folder], check=True)
    lf = harness.Landfall(bench.landfall, folder, PORT, CIDR)
    try:
        start(lf)
        lf.boto("ec2").create_vpc(CidrBlock="10.0.0.0/16")
        lf.down()
        took = []
        for _ in range(bench.options.rounds):
            took.append(_first_answer(lf))
            memory = {role["name"]: measure.resident_mib(role["pid"]) for role in _at_rest(lf)}
            lf.down()
    finally:
        lf.down()
        shutil.rmtree(folder, ignore_errors=True)
    yield Line("start", "`up` to first API answer", f"{1000 * measure.median(took):.0f} ms", value=1000 * measure.median(took), unit=" ms", bar=Bar(150))
    total = sum(memory.values())
    yield Line("start", "memory of the roles at rest", ", ".join(f"{role} {mib:.0f} MiB" for role, mib in memory.items()), value=total * 1.048576, unit=" MB",
               bar=Bar(120))


def _at_rest(lf):
    time.sleep(SETTLE_SECONDS)  # what is measured is the absence of events
    return lf.status()["roles"]


def _first_answer(lf):
    """Seconds from the command to an answer of a service (an error is one: nobody signed)."""
    watch = measure.Stopwatch()
    with subprocess.Popen([lf.binary, "up", "--detach", "--data-dir", lf.data_dir, "--api-port", str(PORT), "--public-cidr", CIDR],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
                connection.request("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", {"Content-Type": "application/x-www-form-urlencoded"})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 403:
                    break
            except OSError:
                pass
            time.sleep(0.002)
        took = watch.seconds()
        process.wait(60)
    return took


def instance(bench):
    """RunInstances to the first byte that a server in the new instance sends"""
    world = bench.world
    watcher = world.instance["InstanceId"]
    harness.until(lambda: world.lf.exec(watcher, "true").returncode == 0, 30, "the watcher")
    took = []
    for number in range(min(3, bench.options.rounds)):
        address = f"10.0.0.{200 + number}"
        loop = f"until curl -sf --connect-timeout 0.2 -o /dev/null http://{address}/1k; do :; done"
        with subprocess.Popen([world.lf.binary, "exec", watcher, "--data-dir", world.lf.data_dir, "--", "bash", "-c", loop]) as waiting:
            watch = measure.Stopwatch()
            made = world.run_instance(PrivateIpAddress=address)["InstanceId"]
            waiting.wait(60)
            took.append(watch.seconds())
        world.lf.boto("ec2").terminate_instances(InstanceIds=[made])
    yield Line("instance", "RunInstances to first byte", f"{1000 * measure.median(took):.0f} ms")


ROWS = {"start": up, "instance": instance}
