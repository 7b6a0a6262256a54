"""Writes docs/coverage.md: which operations of each service are implemented, and what is accepted without effect."""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def implemented(service):
    folder = ROOT / "src/services" / service / "operations"
    return {path.stem for path in folder.glob("*.cc") if not path.stem.endswith(("_test", "_fuzz"))}


def not_done(service):
    """The lines of "## Not done" in the service's README.md. No service is all of AWS's: one that lists nothing has forgotten to."""
    readme = ROOT / "src/services" / service / "README.md"
    if not readme.exists():
        sys.exit(f"{readme.relative_to(ROOT)} is missing: it says what the service does and, under \"## Not done\", what it does not")
    section = re.search(r"^## Not done\n(.*?)(?=^## |\Z)", readme.read_text(), re.M | re.S)
    items = re.split(r"^- ", section.group(1), flags=re.M)[1:] if section else []
    if not items:
        sys.exit(f"{readme.relative_to(ROOT)} has no list item (\"- ...\") under \"## Not done\"")
    return [" ".join(item.split()) for item in items]


def check_inert_properties():
    """What a CloudFormation type takes without effect must be said, as an operation's parameters are."""
    said = " ".join(not_done("cloudformation"))
    for path in sorted((ROOT / "src/services/cloudformation/types").glob("*.cc")):
        for names in re.findall(r"\.inert = \{([^}]*)\}", path.read_text()):
            for name in re.findall(r'"(\w+)"', names):
                if not re.search(rf"\b{name}\b", said):
                    sys.exit(f"{path.relative_to(ROOT)}: {name} is inert, and src/services/cloudformation/README.md does not say so")


def main():
    check_inert_properties()
    out = ["# Coverage", "", "Made by `./dev coverage` from `api/`, `src/services/*/operations/` and the services' READMEs.",
           "An operation that is known and not implemented answers 501 and is named.", ""]
    out += ["| Service | Implemented | Known |", "|---|---|---|"]
    details = []
    for path in sorted((ROOT / "api").glob("*.json")):
        service = path.stem
        known = set(json.loads(path.read_text())["operations"])
        done = implemented(service) & known
        out.append(f"| [{service}](#{service}) | {len(done)} | {len(known)} |")
        details += ["", f"## {service}", "", ", ".join(f"`{name}`" for name in sorted(done)) or "Nothing."]
        details += ["", "Not done:", ""] + [f"- {gap}" for gap in not_done(service)]
    (ROOT / "docs/coverage.md").write_text("\n".join(out + details) + "\n")


if __name__ == "__main__":
    main()
