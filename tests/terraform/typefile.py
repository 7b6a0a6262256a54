"""A type's file, types/<resource_type>.tf: ordinary Terraform, with directives in its leading comment lines.

    # main: aws_vpc.this        the resource under test (default: <file name>.this; data_*.tf files have none)
    # update: none (why)        step 1 changes nothing of it
    # replaces: aws_x.y ...     resources that step 1 replaces rather than updates
    # import: none (why)        the provider cannot import it
    # import-ignores: a b       arguments that no API tells, so that an imported resource differs in them
    # sample: yes               quick: `./test` runs it too
"""

import pathlib
import re

TYPES = pathlib.Path(__file__).resolve().parent / "types"
DIRECTIVES = {"main", "update", "replaces", "import", "import-ignores", "sample"}


class TypeFile:
    def __init__(self, path):
        self.path = path
        self.name = path.stem
        self.text = path.read_text(encoding="utf-8")
        found = self._directives()
        default_main = "" if self.name.startswith("data_") else self.name + ".this"
        self.main = found.get("main", default_main)
        self.updates = bool(self.main) and not found.get("update", "").startswith("none")
        self.imports = bool(self.main) and not found.get("import", "").startswith("none")
        self.replaces = set(found.get("replaces", "").split())
        self.import_ignores = set(found.get("import-ignores", "").split())
        self.sample = found.get("sample") == "yes"
        self.has_import_id = re.search(r'^output "import_id"', self.text, re.M) is not None

    def _directives(self):
        found = {}
        for line in self.text.splitlines():
            if not line.startswith("#"):
                break
            match = re.match(r"# ([a-z-]+): (.+)", line)
            if match and match[1] in DIRECTIVES:
                found[match[1]] = match[2].strip()
        return found

    @property
    def module(self):
        return "module." + self.name

    def address(self, local):
        return f"{self.module}.{local}"


def load(names, sample_only):
    """Every type, or those whose name is one of `names` (or holds it, if none is it)."""
    types = [TypeFile(path) for path in sorted(TYPES.glob("*.tf"))]
    if sample_only:
        types = [a_type for a_type in types if a_type.sample]
    if not names:
        return types
    chosen = []
    for name in names:
        exact = [a_type for a_type in types if a_type.name == name]
        chosen += exact or [a_type for a_type in types if name in a_type.name]
    return sorted(set(chosen), key=lambda a_type: a_type.name)
