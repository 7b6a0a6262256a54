"""Runs the end-to-end tests against one Landfall of their own, as root. One line a test: "ok NAME" or "FAILED NAME: why".

    run.py [--landfall BINARY] [--use DATA_DIR] [--full] [--keep] [--list] [NAME...]

A test is a function test_*(lf) of a test_*.py beside this file. Files and functions run in order; those of
test_z*.py break things, and come last. --full: those too that wait long for a client's polling. --use: on a Landfall that runs already (it is left running).
"""

import argparse
import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import landfall as harness  # noqa: E402 (the path comes first)

API_PORT = 4599
PUBLIC_CIDR = "127.99.0.0/16"
LOG_DELIVERY_SECONDS = 3  # five minutes, to whom no test waits for
EDGE_WORKERS = 4  # more than most machines of tests have cores: what the workers share is tested everywhere


def find_tests(names, full):
    tests = []
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem)
        for name, function in vars(module).items():
            if name.startswith("test_") and callable(function) and function.__module__ == path.stem:
                if any(wanted in name or wanted == path.stem for wanted in names) or (not names and (full or not hasattr(function, "slow"))):
                    tests.append((name, function))
    return tests


def run_one(name, function, lf):
    began = time.monotonic()
    try:
        function(lf)
    except harness.Failure as failure:
        print(f"FAILED {name}: {failure}", flush=True)
        return False
    except Exception as error:  # a test must never end the run; what it raised is printed whole
        print(f"FAILED {name}: {type(error).__name__}: {str(error)[:1000]}", flush=True)
        traceback.print_exc(limit=-2)
        return False
    print(f"ok {name} ({time.monotonic() - began:.1f} s)", flush=True)
    return True


def show_logs(data_dir):
    for role in ("up", "host", "control", "edge"):
        path = pathlib.Path(data_dir, "log", role + ".log")
        if path.exists():
            print(f"--- {path}:")
            subprocess.run(["tail", "-n", "25", str(path)], check=False)


def bring_up(lf):
    began = time.monotonic()
    try:
        print(lf.up("--workers", str(EDGE_WORKERS), "--log-delivery-seconds", str(LOG_DELIVERY_SECONDS)), flush=True)
    except (harness.Failure, subprocess.TimeoutExpired) as failure:
        print(f"FAILED up_brings_the_whole_stack_up: {failure}", flush=True)
        show_logs(lf.data_dir)
        return False
    print(f"ok up_brings_the_whole_stack_up ({time.monotonic() - began:.1f} s)", flush=True)
    return True


def nothing_is_left(lf, before):
    done = lf.down()
    harness.check(done.returncode == 0, f"down: {done.stderr}")
    left = [harness.describe_process(pid) for pid in harness.processes_using(lf.data_dir)]
    harness.equal(left, [], "processes left")
    after = harness.traces()
    for what, lines in before.items():
        new = [line for line in after[what] if line not in lines]
        harness.equal(new, [], f"{what} left")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--landfall", default="build/landfall")
    parser.add_argument("--use")
    parser.add_argument("--api-port", type=int, default=API_PORT)
    parser.add_argument("--public-cidr", default=PUBLIC_CIDR)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    tests = find_tests(options.names, options.full)
    if options.list:
        print("\n".join(name for name, _ in tests))
        return 0

    before = harness.traces()
    data_dir = options.use or tempfile.mkdtemp(prefix="landfall-e2e-", dir="/var/tmp")
    if not options.use:
        pathlib.Path(data_dir).chmod(0o755)
    lf = harness.Landfall(options.landfall, data_dir, options.api_port, options.public_cidr)
    ok = True
    try:
        if options.use or bring_up(lf):
            for name, function in tests:
                ok = run_one(name, function, lf) and ok
            if not ok:
                show_logs(data_dir)
        else:
            ok = False
    finally:
        if not options.use and not options.keep:
            ok = run_one("down_leaves_no_process_mount_namespace_or_rule", lambda lf: nothing_is_left(lf, before), lf) and ok
            for pid in harness.processes_using(data_dir):
                subprocess.run(["kill", "-9", str(pid)], check=False)
            if ok:
                shutil.rmtree(data_dir, ignore_errors=True)
            else:
                print(f"data directory kept: {data_dir}")
    print("e2e done", flush=True)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
