#!/usr/bin/env python3
"""A type of ours must not have the name of one of its service's generated shapes in the same namespace: the linker would take
one for the other without a word (it did, twice: elbv2::TargetGroup, cloudfront::Origins). Prints each that does; exits 1."""

import glob
import json
import pathlib
import re
import sys

bad = 0
for model in sorted(glob.glob("api/*.json")):
    service = pathlib.Path(model).stem
    shapes = {name for name, shape in json.load(open(model, encoding="utf-8"))["shapes"].items() if shape["type"] == "structure"}
    for path in sorted(pathlib.Path("src/services", service).rglob("*.[hc]*")):
        if path.suffix not in (".h", ".cc"):
            continue
        namespace, anonymous = "", False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            opened = re.match(r"namespace ([\w:]*) ?\{", line)
            if opened:
                anonymous = not opened.group(1)
                namespace = opened.group(1) or namespace
            elif line.startswith("}  // namespace") and anonymous:
                anonymous = False
            declared = re.match(r"(?:struct|class) (\w+)\b[^;]*\{", line)
            if declared and not anonymous and namespace == f"landfall::{service}" and declared.group(1) in shapes:
                print(f"{path}:{number}: {declared.group(1)} is a shape of {service}'s model: give it another name or namespace")
                bad = 1
sys.exit(bad)
