#!/usr/bin/python3
"""Which arguments of the resource types no file in types/ sets, and which step 1 does not change, by the provider's own schema.

    arguments.py [--reasons] [TYPE...]

Each must be set by some resource of that type, in any file, or be listed in arguments_out.txt with the reason why it is
not; and what is set must be changed by step 1 in some file, or be listed in arguments_kept.txt with the reason: mostly that a change
replaces the resource, which the schema does not tell. Fails otherwise, and for a line there that is needed no more. --reasons prints what those
lines stand for. Deprecated and read-only arguments do not count. The types are those that a file is named after, or names in its directive `main`.
"""

import argparse
import fnmatch
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import typefile  # noqa: E402 (the path comes first)
from workspace import Tools  # noqa: E402

OUT = HERE / "arguments_out.txt"    # set by no test
KEPT = HERE / "arguments_kept.txt"  # set, and the same in both steps
NEVER = {"id", "tags_all", "timeouts"}  # every resource has them, from Terraform itself
PROVIDER = "registry.terraform.io/hashicorp/aws"


def schemas():
    """The provider's resource types: name -> block."""
    tools = Tools()
    if missing := tools.missing():
        raise SystemExit(f"FAILED {missing}")
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "main.tf").write_text('terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n')
        pathlib.Path(folder, "rc").write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tools.plugins}"\n  }}\n}}\n')
        environment = {"TF_CLI_CONFIG_FILE": f"{folder}/rc", "PATH": "/usr/bin:/bin", "HOME": folder}

        def terraform(*words):
            return subprocess.run([tools.terraform, f"-chdir={folder}", *words], env=environment, check=True, capture_output=True).stdout
        terraform("init", "-input=false")
        return {name: each["block"] for name, each in
                json.loads(terraform("providers", "schema", "-json"))["provider_schemas"][PROVIDER]["resource_schemas"].items()}


def arguments_of(block, prefix=""):
    """What can be set: "name", and "rule.filter.prefix" within blocks."""
    for name, attribute in block.get("attributes", {}).items():
        settable = attribute.get("optional") or attribute.get("required")
        if settable and not attribute.get("deprecated") and (prefix or name not in NEVER):
            yield prefix + name
    for name, nested in block.get("block_types", {}).items():
        if name not in NEVER and not nested["block"].get("deprecated"):
            yield from arguments_of(nested["block"], f"{prefix}{name}.")


def without_strings(line):
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)


def opened(line):
    """How many brackets stay open behind a line."""
    return sum(line.count(each) for each in "([{") - sum(line.count(each) for each in ")]}")


def set_in(text):
    """(resource type, argument) of all that a file sets, and of what var.step changes. The files are formatted by
    `terraform fmt`: a line is an argument, or begins or ends a block, or belongs to an argument of several lines, which
    its brackets tell."""
    found, changed, kind, path, depth, latest = set(), set(), "", [], 0, None
    by_step = []  # of each block in path: whether there are as many as var.step says
    # path: names of blocks; those of `dynamic` begin with +, their content is "".

    def add(*names):
        nonlocal latest
        latest = (kind, ".".join([each.lstrip("+") for each in path if each] + list(names)))
        found.add(latest)
        if "var.step" in line or any(by_step):
            changes()

    def changes():
        """The latest argument, and the blocks around it: some, as `ingress`, are one argument to the schema."""
        changed.add(latest)
        names = latest[1].split(".")
        changed.update((kind, ".".join(names[:count])) for count in range(1, len(names)))
    for line in text.splitlines():
        bare = without_strings(line).split(" # ")[0].rstrip()
        if not kind:
            if resource := re.match(r'resource "(\w+)" "\w+" \{$', line):
                kind, path, by_step = resource[1], [], []
        elif depth > 0:
            depth += opened(bare)
            if latest and "var.step" in line:
                changes()
        elif bare.strip() == "}":
            if path:
                path.pop()
                by_step.pop()
            else:
                kind = ""
        elif block := re.match(r'\s*(?:dynamic "(\w+)"|(\w+)) \{(\s*\})?$', line.split(" # ")[0].rstrip()):
            in_dynamic = bool(path) and path[-1].startswith("+")
            name = "+" + block[1] if block[1] else "" if in_dynamic and block[2] == "content" else block[2]
            found.add((kind, ".".join(each.lstrip("+") for each in [*path, name] if each)))
            if not block[3]:
                path.append(name)
                by_step.append(False)
        elif single := re.match(r"\s*(\w+) \{ (\w+)\s*=.*\}$", bare):  # a block of one argument
            add(single[1], single[2])
        elif argument := re.match(r"\s*(\w+)\s*=", bare):
            if path and path[-1].startswith("+"):  # the block's for_each
                by_step[-1] = by_step[-1] or "var.step" in line
                latest = None
            else:
                add(argument[1])
            depth = opened(bare)
    return found, changed


class Reasons:
    """A file of lines `pattern reason`, and which of them were of use."""

    def __init__(self, path, fails_with):
        lines = [line.split(None, 1) for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        for line in lines:
            if len(line) != 2:
                raise SystemExit(f"FAILED {path.name}: no reason is given for {line[0]}")
        self.name, self.fails_with, self.lines, self.used, self.failures = path.name, fails_with, lines, set(), 0

    def explain(self, kind, arguments, tell):
        """Says which have no reason; with `tell`, also the reasons of the others."""
        left = []
        for argument in sorted(arguments):
            reason = next((line for line in self.lines if fnmatch.fnmatchcase(f"{kind}.{argument}", line[0])), None)
            if reason is None:
                left.append(argument)
                continue
            self.used.add(reason[0])
            if tell:
                print(f"{self.name}: {kind}.{argument}: {reason[1]}")
        if left:
            print(f"FAILED {kind}: {self.fails_with} {' '.join(left)}")
        self.failures += len(left)
        return len(left)

    def idle(self):
        for pattern in (line[0] for line in self.lines if line[0] not in self.used):
            print(f"FAILED {self.name}: nothing needs {pattern}")
            self.failures += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reasons", action="store_true", help="what the two files of reasons stand for")
    parser.add_argument("types", nargs="*")
    options = parser.parse_args()
    known, done, changed, types = schemas(), set(), set(), set()
    for each in typefile.load([], False):
        of_file = set_in(each.text)
        done, changed = done | of_file[0], changed | of_file[1]
        if each.main:
            types.add(each.main.split(".")[0])
    out, kept, total, unset, unchanged = Reasons(OUT, "no test sets"), Reasons(KEPT, "step 1 changes nowhere"), 0, 0, 0
    for name in sorted(types & set(options.types or types)):
        wanted = set(arguments_of(known[name]))
        total += len(wanted)
        unset += out.explain(name, {each for each in wanted if (name, each) not in done}, options.reasons)
        unchanged += kept.explain(name, {each for each in wanted if (name, each) in done - changed}, options.reasons)
    if not options.types:
        out.idle()
        kept.idle()
    failed = out.failures + kept.failures > 0
    print(f"{'' if failed else 'ok arguments: '}{total - unset} of {total} arguments are set by a test, or out with a reason; "
          f"{unchanged} are set and not changed, without a reason")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
