"""The life of a group of types in one Terraform run: apply, update, import, destroy, and an empty plan after each.

A type that fails is taken out of what follows (Terraform then destroys what it had made); the others go on.
"""

import time


class Life:
    def __init__(self, workspace, types, say):
        self.workspace, self.types, self.say = workspace, list(types), say
        self.failures = {}  # type's name -> why
        self.step = 0

    def run(self):
        self._phase("apply", lambda: self._apply(0))
        self._phase("second plan", self._expect_empty)
        if any(a_type.updates for a_type in self.types):
            self._phase("update", self._update)
            self._phase("plan after the update", self._expect_empty)
        if any(a_type.imports for a_type in self.types):
            self._phase("import", self._import)
        self._phase("destroy", self._destroy)
        return self.failures

    # ---- phases ----

    def _phase(self, name, body):
        began = time.monotonic()
        for why in list(body() or []):  # all found before the first type is out
            self._fail(name, *why)
        self.say(f"  {name}: {time.monotonic() - began:.1f} s, {len(self.types)} types sound")

    def _fail(self, phase, owner, why):
        """An error that names no type is everybody's."""
        names = [owner] if owner else [a_type.name for a_type in self.types]
        for name in names:
            if name not in self.failures:
                self.failures[name] = f"{phase}: {why}"
                self.say(f"  FAILED {name}: {phase}: {why}")
        self.types = [a_type for a_type in self.types if a_type.name not in self.failures]

    def _live(self, outcome):
        """Errors and changes of types that have not failed already."""
        errors = [(owner, why) for owner, why in outcome.errors if owner not in self.failures]
        changes = {address: action for address, action in outcome.changes.items() if self._type_of(address)}
        return errors, changes

    def _type_of(self, address):
        for a_type in self.types:
            if address.startswith(a_type.module + "."):
                return a_type
        return None

    def _apply(self, step):
        """Again without those that failed: an error in planning stops all of them."""
        while self.types:
            self.workspace.write(self.types, step)
            errors, _ = self._live(self.workspace.apply())
            if not errors:
                return
            for owner, why in errors:
                self._fail("apply", owner, why)

    def _plan(self, step, workspace=None, imports=None):
        """Changes that a plan shows. Types in which planning fails are out, and the rest is planned again."""
        workspace = workspace or self.workspace
        while self.types:
            workspace.write(self.types, step, imports)
            errors, changes = self._live(workspace.plan())
            if not errors:
                return changes
            for owner, why in errors:
                self._fail("plan", owner, why)
            imports = {address: an_id for address, an_id in (imports or {}).items() if self._type_of(address)}
        return {}

    def _expect_empty(self):
        for address, action in self._plan(self.step).items():
            if action not in ("noop", "read"):
                yield (self._type_of(address).name, f"{address} is to {action}: {self.workspace.differences(address)}")

    def _update(self):
        changes, failures = self._plan(1), []
        for a_type in list(self.types):
            for address, action in changes.items():
                if self._type_of(address) is not a_type or action in ("noop", "update", "read", "create"):
                    continue
                if address.removeprefix(a_type.module + ".") not in a_type.replaces:
                    failures.append((a_type.name,
                                     f"{address} is to {action}, not to update: {self.workspace.differences(address)}"))
            if a_type.updates and changes.get(a_type.address(a_type.main)) in (None, "noop"):
                failures.append((a_type.name, f"step 1 does not change {a_type.main}"))
        self.step = 1
        for why in failures:
            self._fail("update", *why)
        self._apply(1)

    def _import(self):
        """Into a copy of the state that does not know the main resources."""
        ids = self.workspace.import_ids(self.types)
        copy = self.workspace.copy("import")
        copy.forget(ids)
        changes = self._plan(self.step, copy, ids)
        for address in ids:
            if self._type_of(address) and address not in changes:
                yield (self._type_of(address).name, f"{address} was not imported")
        for address, action in changes.items():
            if action in ("noop", "import", "read"):
                continue
            a_type = self._type_of(address)
            ignored = a_type.import_ignores if address == a_type.address(a_type.main) else set()
            changed = [(argument, before, after) for argument, before, after in copy.changed_arguments(address)
                       if argument not in ignored]
            if changed or action not in ("update", "replace"):
                yield (a_type.name, f"{address} is to {action} after its import: {changed}")

    def _destroy(self):
        errors = self.workspace.destroy().errors
        for owner, why in errors:
            if owner in self.failures:
                self.say(f"  {owner} could not be destroyed either: {why}")
        return [(owner, why) for owner, why in errors if owner not in self.failures]
