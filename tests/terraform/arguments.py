#!/usr/bin/python3
"""Which arguments of the resource types no file in types/ sets, by the provider's own schema.

    arguments.py [--out | --unchanged] [TYPE...]

Each must be set by some resource of that type, in any file, or be listed in arguments_out.txt with the reason why it is
not; fails otherwise, and for a line there that is needed no more. --out prints what those lines stand for. --unchanged
prints what is set and is the same in both steps: names and what a change replaces, which the schema does not tell, and
what is still to be changed. Deprecated and read-only arguments do not count. The types are those that a file is named after, or names in its directive `main`.
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

OUT = HERE / "arguments_out.txt"
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
            changed.add(latest)
    for line in text.splitlines():
        bare = without_strings(line).split(" # ")[0].rstrip()
        if not kind:
            if resource := re.match(r'resource "(\w+)" "\w+" \{$', line):
                kind, path, by_step = resource[1], [], []
        elif depth > 0:
            depth += opened(bare)
            if latest and "var.step" in line:
                changed.add(latest)
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


def out_lines():
    """(pattern, reason), in order."""
    lines = [line.split(None, 1) for line in OUT.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for line in lines:
        if len(line) != 2:
            raise SystemExit(f"FAILED {OUT.name}: no reason is given for {line[0]}")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", action="store_true", help="what arguments_out.txt stands for")
    parser.add_argument("--unchanged", action="store_true", help="what is set and the same in both steps")
    parser.add_argument("types", nargs="*")
    options = parser.parse_args()
    known, done, changed, types = schemas(), set(), set(), set()
    for each in typefile.load([], False):
        of_file = set_in(each.text)
        done, changed = done | of_file[0], changed | of_file[1]
        if each.main:
            types.add(each.main.split(".")[0])
    lines, used, missing, total = out_lines(), set(), 0, 0
    for name in sorted(types & set(options.types or types)):
        wanted = set(arguments_of(known[name]))
        total += len(wanted)
        if options.unchanged and (same := sorted(each for each in wanted if (name, each) in done - changed)):
            print(f"{name}: {' '.join(same)}")
        left = []
        for argument in sorted(each for each in wanted if (name, each) not in done):
            reason = next((line for line in lines if fnmatch.fnmatchcase(f"{name}.{argument}", line[0])), None)
            if reason is None:
                left.append(argument)
                continue
            used.add(reason[0])
            if options.out:
                print(f"{name}.{argument}: {reason[1]}")
        missing += len(left)
        if left:
            print(f"FAILED {name}: no test sets {' '.join(left)}")
    idle = [] if options.types else [line[0] for line in lines if line[0] not in used]
    for pattern in idle:
        print(f"FAILED {OUT.name}: nothing needs {pattern}")
    print(f"{total - missing} of {total} arguments are set by a test, or out with a reason")
    sys.exit(1 if missing or idle else 0)


if __name__ == "__main__":
    main()
