"""Measures Landfall beside its peers; see README.md. As root, from run.sh.

    run.py [--build DIR] [--rounds 5] [--seconds 3] [--full] [--write] [--list] [ROW...]
"""

import argparse
import pathlib
import signal
import sys
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests/e2e")]
sys.dont_write_bytecode = True

import report  # noqa: E402 (the paths come first)
from bench import Bench, Options  # noqa: E402
from rows import FAMILIES  # noqa: E402


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=str(ROOT / "build"), help="the release's build directory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of one round of one server")
    parser.add_argument("--full", action="store_true", help="100,000 zones and 5 million keys, too: half an hour more")
    parser.add_argument("--write", action="store_true", help="replaces docs/performance.md")
    parser.add_argument("--note", default="", help="with --write: what else the machine was doing")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("rows", nargs="*")
    return parser.parse_args()


def chosen(names):
    every = {name: row for family in FAMILIES for name, row in family.ROWS.items()}
    unknown = [name for name in names if name not in every]
    if unknown:
        sys.exit(f"no such row: {', '.join(unknown)}; there are {', '.join(every)}")
    return {name: row for name, row in every.items() if not names or name in names}


def main():
    arguments = parse()
    rows = chosen(arguments.rows)
    if arguments.list:
        print("\n".join(f"{name:18}{row.__doc__}" for name, row in rows.items()))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    lines, broken = [], 0
    with Bench(Options(build=arguments.build, rounds=arguments.rounds, seconds=arguments.seconds, full=arguments.full)) as bench:
        for name, row in rows.items():
            print(f"# {name}: {row.__doc__}", flush=True)
            try:
                for line in row(bench):
                    lines.append(line)
                    print(line.text(), flush=True)
            except Exception:  # one row that cannot be measured does not take the others with it; the exit status says so
                broken += 1
                print(f"{name} could not be measured:", flush=True)
                traceback.print_exc()
    if arguments.write:
        report.write(ROOT / "docs/performance.md", lines, arguments)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
