"""Bench: what a run has: a folder, certificates, names, servers that are started once and stopped at the end."""

import contextlib
import dataclasses
import functools
import pathlib
import shutil
import tempfile

import peers
import report
from loads import Names
from measure import Contender, alternate
from world import World


@dataclasses.dataclass
class Options:
    build: str
    rounds: int
    seconds: float
    full: bool


class Bench:
    def __init__(self, options):
        self.options = options
        self.build = pathlib.Path(options.build).resolve()
        self._at_end = contextlib.ExitStack()

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="landfall-bench-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self._at_end.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.names = Names(self.folder)
        return self

    def __exit__(self, *_):
        self._at_end.close()

    @property
    def landfall(self):
        return str(self.build / "landfall")

    @property
    def connections(self):
        return str(self.build / "bench/bench_connections")

    @functools.cached_property
    def tls(self):
        return peers.certificate(self.folder / "tls", "peer.test")

    @functools.cached_property
    def world(self):
        """The Landfall under test."""
        made = World(self.landfall, self.folder, self.names)
        self._at_end.callback(made.down)
        made.up()
        return made

    def serve(self, peer):
        """Stops the peer when the run ends."""
        self._at_end.callback(peer.stop)
        return peer

    @functools.cached_property
    def files(self):
        """Folder of the bodies that static servers and origins serve."""
        folder = self.folder / "files"
        folder.mkdir()
        folder.chmod(0o755)
        for name, size in (("1k", 1 << 10), ("4k", 4 << 10), ("10k", 10 << 10), ("1m", 1 << 20), ("64m", 64 << 20)):
            (folder / name).write_bytes(b"x" * size)
        return folder

    def compare(self, name, what, contenders, bar):
        """A line: {name: (pids(), load)} against each other; Landfall first."""
        made = [Contender(each, pids, load) for each, (pids, load) in contenders.items()]
        return report.compared(name, what, alternate(made, self.options.rounds, self.options.seconds), bar)
