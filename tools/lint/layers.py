"""Layers: a module includes only itself and lower ones. A service shows others only SERVICE.h and snapshot.h."""

import pathlib
import re
import sys

# Lowest first. Those in one line may not include each other.
LAYERS = [
    ["base"],
    ["runtime"],
    ["javascript"],
    ["net"],
    ["codec"],
    ["http"],
    ["telemetry"],
    ["delivery"],
    ["rocks"],
    ["store"],
    ["reconcile"],
    ["mirror"],
    ["aws"],
    ["proxy"],
    ["gateway"],
    ["host"],
    ["services"],
    ["frontdoor"],
    ["roles"],
    ["cli"],
]
LEVEL = {module: level for level, modules in enumerate(LAYERS) for module in modules}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
# What another service may see of one: its own header and its snapshot, by these names at the service's root; and what
# the generator makes of its API.
PUBLIC = re.compile(r"^(?P<service>\w+)/((?P=service)|snapshot|shapes|operations|errors)\.h$")

# In edge, whoever serves a request asks IAM's data plane who is asking and what they may do.
ASKED_BY_DATA_PLANES = re.compile(r"^services/iam/dataplane/\w+\.h$")

# One service with two APIs: STS issues what IAM defines.
FAMILY = {("sts", "iam")}


def module_of(path):
    """("base", None) of base/log.h; ("services", "ec2") of services/ec2/ids.h; None of a file of no module."""
    parts = path.split("/")
    if parts[0] == "services":
        return ("services", parts[1] if len(parts) > 2 else None)
    return (parts[0], None) if parts[0] in LEVEL else None


def check(source, including, included):
    mine, theirs = module_of(including), module_of(included)
    if theirs is None or mine is None:
        return None
    if LEVEL[theirs[0]] > LEVEL[mine[0]]:
        return f"{source}: {mine[0]} is below {theirs[0]} and must not include {included}"
    if mine[0] == theirs[0] == "services" and theirs[1] and mine[1] != theirs[1] and (mine[1], theirs[1]) not in FAMILY:
        if "/dataplane/" in including and ASKED_BY_DATA_PLANES.match(included):
            return None
        if not PUBLIC.match(included.removeprefix("services/")):
            return f"{source}: of {theirs[1]} only {theirs[1]}.h and snapshot.h are for others, not {included}"
    return None


def main():
    root = pathlib.Path(__file__).resolve().parents[2] / "src"
    broken = []
    for path in sorted(root.rglob("*.[ch]*")):
        including = path.relative_to(root).as_posix()
        if path.name.endswith(("_test.cc", "_fuzz.cc", "_bench.cc")):
            continue  # tests may reach for what they need
        for included in INCLUDE.findall(path.read_text()):
            if (root / included).exists():
                problem = check(f"src/{including}", including, included)
                if problem:
                    broken.append(problem)
    print("\n".join(broken), end="\n" if broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
