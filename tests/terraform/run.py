"""Takes Terraform's resource types through their life against one Landfall of their own, as root. One line a type:
"ok NAME" or "FAILED NAME: why". README.md, beside this file, says what is tested and how a type is added.

    run.py [--landfall BINARY] [--use DATA_DIR] [--sample] [-j N] [--keep] [--debug] [--list] [NAME...]

Where Terraform and its provider are: LANDFALL_TERRAFORM and LANDFALL_TF_PLUGINS (/usr/local/bin/terraform,
/opt/tf-plugins). If they are nowhere the run is skipped, and says so; with --require, or where a variable names a place,
it fails.
"""

import argparse
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
sys.dont_write_bytecode = True

import landfall as harness  # noqa: E402 (the path comes first)
import residue  # noqa: E402
import typefile  # noqa: E402
from life import Life  # noqa: E402
from workspace import Tools, Workspace  # noqa: E402

API_PORT = 4598
PUBLIC_CIDR = "127.98.0.0/16"
CLEAN_UP_SECONDS = 60  # for reconcilers to end what the API has let go of

print_lock = threading.Lock()


def say(line):
    with print_lock:
        print(line, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landfall", default="build/landfall")
    parser.add_argument("--use", metavar="DATA_DIR", help="a Landfall that runs already; it is left running")
    parser.add_argument("--api-port", type=int, default=API_PORT)
    parser.add_argument("--public-cidr", default=PUBLIC_CIDR)
    parser.add_argument("--sample", action="store_true", help="only the quick types that ./test runs")
    parser.add_argument("--require", action="store_true", help="no Terraform is a failure")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="Terraform processes at a time")
    parser.add_argument("--keep", action="store_true", help="leave the working directories")
    parser.add_argument("--debug", action="store_true", help="the provider's requests, in debug.log of the working directory")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser.parse_args()


def bring_up(lf):
    done = lf.command("up", "--detach", "--api-port", str(lf.api_port), "--public-cidr", lf.public_cidr, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"FAILED landfall up: {done.stdout}{done.stderr}")


def run_groups(options, lf, work, types):
    """Types dealt out to -j Terraform processes; failures by type."""
    groups = [types[index::options.j] for index in range(options.j)]
    tools = Tools()

    def run_group(index):
        workspace = Workspace(tools, work / str(index), lf, HERE / "files", options.debug)
        return Life(workspace, groups[index], say).run()

    failures = {}
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        for found in pool.map(run_group, [index for index, group in enumerate(groups) if group]):
            failures |= found
    return failures


def wait_until_clean(lf, before):
    """What is left once reconcilers had their time."""
    deadline = time.monotonic() + CLEAN_UP_SECONDS
    while (left := residue.left(before, residue.inventory(lf))) and time.monotonic() < deadline:
        time.sleep(0.3)
    return left


def report(types, failures, left):
    for a_type in types:
        say(f"FAILED terraform {a_type.name}: {failures[a_type.name]}" if a_type.name in failures
            else f"ok terraform {a_type.name}")
    if left:
        say("FAILED terraform residue: " + "; ".join(left[:20]) + (f"; and {len(left) - 20} more" if len(left) > 20 else ""))
    else:
        say("ok terraform nothing is left")
    return not failures and not left


def test(options, types):
    data_dir = options.use or tempfile.mkdtemp(prefix="landfall-tf-", dir="/var/tmp")
    pathlib.Path(data_dir).chmod(0o755)
    work = pathlib.Path(tempfile.mkdtemp(prefix="landfall-tf-work-", dir="/var/tmp"))
    lf = harness.Landfall(options.landfall, data_dir, options.api_port, options.public_cidr)
    ok = False
    try:
        if not options.use:
            bring_up(lf)
        before = residue.inventory(lf)
        failures = run_groups(options, lf, work, types)
        ok = report(types, failures, wait_until_clean(lf, before))
    finally:
        if not options.use:
            lf.down()
            for pid in harness.processes_using(data_dir):
                subprocess.run(["kill", "-9", str(pid)], check=False)
        if options.keep or (not ok and options.debug):
            say(f"working directories: {work}, {data_dir}")
        else:
            shutil.rmtree(work, ignore_errors=True)
            if not options.use:
                shutil.rmtree(data_dir, ignore_errors=True)
    return ok


def main():
    options = arguments()
    types = typefile.load(options.names, options.sample)
    if options.list:
        print("\n".join(a_type.name for a_type in types))
        return 0
    if not types:
        print("FAILED terraform: no such type: " + " ".join(options.names))
        return 1
    if missing := Tools().missing():
        loud = options.require or Tools().was_named()
        print(("FAILED terraform: " if loud else "SKIPPED terraform: ") + missing)
        return 1 if loud else 0
    began = time.monotonic()
    ok = test(options, types)
    say(f"terraform done ({len(types)} types, {time.monotonic() - began:.0f} s)")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
