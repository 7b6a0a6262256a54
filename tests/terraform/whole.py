#!/usr/bin/env python3
"""Takes examples/myapp/terraform, unchanged, through its life against a Landfall of its own, as root: apply, traffic, an empty
second plan, a change in place under traffic, destroy, nothing left. Terraform runs in `landfall shell`, where the names of
AWS's endpoints lead to Landfall: no file is touched, no endpoint is configured.

    whole.py [--landfall BINARY] [--bundle build/myapp/api.zip] [--require] [--keep]

Lines as run.py's. Where Terraform and its provider are: as there.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
sys.dont_write_bytecode = True

import landfall as harness  # noqa: E402 (the path comes first)
import residue  # noqa: E402
from landfall import Failure, check, equal, until  # noqa: E402
from workspace import Tools  # noqa: E402

API_PORT = 4597
PUBLIC_CIDR = "127.97.0.0/16"
API, CDN = "https://api.myapp.com", "https://cdn.myapp.com"
CLEAN_UP_SECONDS = 60  # for reconcilers to end what the API has let go of
PASSWORD = "correct0horse0battery0staple"
MEMORY_BAR_MB = 150  # of the three roles, the engines' and instances' own processes aside


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landfall", default="build/landfall")
    parser.add_argument("--bundle", default=str(ROOT / "build/myapp/api.zip"))
    parser.add_argument("--api-port", type=int, default=API_PORT)
    parser.add_argument("--public-cidr", default=PUBLIC_CIDR)
    parser.add_argument("--require", action="store_true", help="no Terraform is a failure")
    parser.add_argument("--keep", action="store_true", help="leave the working directories")
    return parser.parse_args()


class Terraform:
    """The example, copied with its site, and Terraform's commands on it."""

    def __init__(self, lf, work, bundle):
        self.lf, self.folder = lf, work / "terraform"
        shutil.copytree(ROOT / "examples/myapp/terraform", self.folder)
        shutil.copytree(ROOT / "examples/myapp/site", work / "site")
        (work / "terraformrc").write_text(
            f'provider_installation {{\n  dev_overrides {{ "hashicorp/aws" = "{Tools().provider()}" }}\n  direct {{}}\n}}\n')
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TF_"))} | {
            "TF_CLI_CONFIG_FILE": str(work / "terraformrc"), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0",
            "TF_VAR_bundle": str(pathlib.Path(bundle).resolve()), "TF_VAR_database_password": PASSWORD}

    def run(self, *words, variables=None):
        environment = self.environment | {f"TF_VAR_{name}": json.dumps(value) for name, value in (variables or {}).items()}
        return self.lf.shell(Tools().terraform, f"-chdir={self.folder}", *words, env=environment, timeout=1800)

    def must(self, *words, variables=None):
        plain = [] if words[0] == "state" else ["-no-color"]
        done = self.run(*words, *plain, variables=variables)
        check(done.returncode == 0, f"terraform {words[0]}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def plan_is_empty(self, what, variables=None):
        done = self.run("plan", "-no-color", "-detailed-exitcode", "-parallelism=20", variables=variables)
        check(done.returncode == 0, f"{what} is not empty: {done.stdout[-4000:]}{done.stderr[-2000:]}")

    def output(self):
        return {name: entry["value"] for name, entry in json.loads(self.must("output", "-json")).items()}


def step(name, body):
    began = time.monotonic()
    try:
        body()
    except Failure as failure:
        print(f"FAILED terraform whole: {name}: {failure}", flush=True)
        return False
    print(f"ok terraform whole: {name} ({time.monotonic() - began:.0f} s)", flush=True)
    return True


def traffic(lf):
    def healthy():
        return lf.curl(API + "/health").status == 200

    until(healthy, 60, API + "/health answers 200")
    made = lf.curl(API + "/items", "-X", "POST", "-H", "Content-Type: application/json", "-d", '{"name": "terraform"}')
    equal(made.status, 201, f"POST /items ({made.error} {made.body[:300]!r})")
    read = lf.curl(f"{API}/items/{made.json()['id']}")
    equal((read.status, read.json()["name"]), (200, "terraform"), "the item, from PostgreSQL")
    equal(lf.curl(f"{API}/items/{made.json()['id']}").headers.get("x-cache"), "HIT", "the item, from Redis")
    put = lf.curl(API + "/uploads/a.txt", "-X", "PUT", "-H", "Content-Type: text/plain", "--data-binary", "uploaded")
    equal(put.status, 201, f"PUT /uploads/a.txt ({put.body[:300]!r})")
    equal(lf.curl(CDN + "/uploads/a.txt").body, b"uploaded", "the upload, from the CDN")
    index = lf.curl(CDN + "/")
    check(index.status == 200 and b"<title>myapp</title>" in index.body, f"the site: {index.status} {index.error}")


def memory(lf):
    """Proportional set size of each role, in MB: what ending it would free. Printed, and held against the bar."""
    sizes = {}
    for role in ("control", "edge", "host"):
        rollup = pathlib.Path(f"/proc/{lf.role_pid(role)}/smaps_rollup").read_text()
        sizes[role] = int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.M)[1]) * 1024 / 1e6
    told = ", ".join(f"{role} {size:.1f} MB" for role, size in sizes.items())
    print(f"  {told}: {sum(sizes.values()):.1f} MB", flush=True)
    check(sum(sizes.values()) < MEMORY_BAR_MB, f"the roles' memory is above {MEMORY_BAR_MB} MB: {told}")


def applied_resources(terraform):
    made = [line for line in terraform.must("state", "list").splitlines() if ".data." not in line and not line.startswith("data.")]
    check(len(made) > 40, f"only {len(made)} resources")
    print(f"  {len(made)} resources", flush=True)


def change_in_place(lf, terraform, changed):
    plan = terraform.must("plan", "-out=change", variables=changed)
    check(" to add" in plan and "0 to add" in plan and "0 to destroy" in plan, f"more than changes in place: {plan[-2000:]}")
    with harness.Load(lf, "api.myapp.com", "/health") as load:
        terraform.must("apply", "-auto-approve", "-parallelism=20", variables=changed)
    check(load.count > 0 and not load.failures, f"{len(load.failures)} of {load.count} requests failed: {load.failures[:5]}")


def nothing_left(lf, before):
    deadline = time.monotonic() + CLEAN_UP_SECONDS
    while (left := residue.left(before, residue.inventory(lf))) and time.monotonic() < deadline:
        time.sleep(0.3)
    equal(left[:20], [], f"what is left of {len(left)}")


def life(lf, terraform):
    before = residue.inventory(lf)
    changed = {"instances": {"min": 2, "max": 3}}
    applied = step("apply", lambda: terraform.must("apply", "-auto-approve", "-parallelism=20"))
    ok = applied and step("its resources", lambda: applied_resources(terraform))
    ok = applied and step("the roles' memory", lambda: memory(lf)) and ok
    ok = applied and step("traffic", lambda: traffic(lf)) and ok
    ok = applied and step("the second plan is empty", lambda: terraform.plan_is_empty("the second plan")) and ok
    ok = applied and step("a change in place, under traffic", lambda: change_in_place(lf, terraform, changed)) and ok
    ok = applied and step("the plan after it is empty", lambda: terraform.plan_is_empty("the plan", changed)) and ok
    destroyed = step("destroy", lambda: terraform.must("destroy", "-auto-approve", "-parallelism=20"))
    return destroyed and step("nothing is left", lambda: nothing_left(lf, before)) and ok


def test(options):
    data_dir = tempfile.mkdtemp(prefix="landfall-whole-", dir="/var/tmp")
    pathlib.Path(data_dir).chmod(0o755)
    work = pathlib.Path(tempfile.mkdtemp(prefix="landfall-whole-work-", dir="/var/tmp"))
    lf = harness.Landfall(options.landfall, data_dir, options.api_port, options.public_cidr)
    try:
        done = lf.command("up", "--detach", "--api-port", str(lf.api_port), "--public-cidr", lf.public_cidr)
        if done.returncode != 0:
            print(f"FAILED terraform whole: landfall up: {done.stdout}{done.stderr}")
            return False
        return life(lf, Terraform(lf, work, options.bundle))
    finally:
        lf.down()
        for pid in harness.processes_using(data_dir):
            subprocess.run(["kill", "-9", str(pid)], check=False)
        if options.keep:
            print(f"working directories: {work}, {data_dir}")
        else:
            shutil.rmtree(work, ignore_errors=True)
            shutil.rmtree(data_dir, ignore_errors=True)


def main():
    options = arguments()
    if missing := Tools().missing():
        loud = options.require or Tools().was_named()
        print(("FAILED terraform whole: " if loud else "SKIPPED terraform whole: ") + missing)
        return 1 if loud else 0
    if not pathlib.Path(options.bundle).exists():
        print(f"FAILED terraform whole: no source bundle {options.bundle} (ninja -C build myapp)")
        return 1
    return 0 if test(options) else 1


if __name__ == "__main__":
    sys.exit(main())
