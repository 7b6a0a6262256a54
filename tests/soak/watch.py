"""Samples of a Landfall's processes, and the judgement of what they say.

Memory is anonymous resident memory (RssAnon): pages of files go and come as the kernel likes; of edge without the buffers that it
tells the size of, for S3's index gathers 32 MiB in memory before it writes them out. A leak is growth that goes on: the median
slope (Theil-Sen) of a role's samples after warm-up, over that time, above GROWTH_BYTES, and in the last half still at more than half
that pace; a cache that fills flattens. A count (descriptors by kind, processes, mounts, namespaces, workloads' folders) leaks if it
does not come back to what it was before the load, within SETTLE_SECONDS.
"""

import collections
import contextlib
import http.client
import json
import os
import pathlib
import socket
import statistics
import time

GROWTH_BYTES = 12 << 20
SETTLE_SECONDS = 120  # ALB's and upstreams' idle timeouts are 60 s
# What may stay open beyond the beginning: tables of the stores' indexes, kept connections between the roles.
# Each worker of edge keeps a pool of sockets for each VPC (roles/edge_vpc_sockets.h), more or less full.
DESCRIPTOR_SLACK = {"socket": 16 + 64 * os.cpu_count(), "pipe": 8, "file": 96, "deleted file": 2, "other": 8}

COUNT_SLACK = {"processes": 24}  # PostgreSQL's, one for each connection that an instance keeps

Role = collections.namedtuple("Role", "pid anonymous descriptors threads")


def descriptor_kind(target):
    if target.endswith(" (deleted)"):
        return "deleted file"
    if target.startswith("/"):
        return "file"
    return target.split(":")[0] if target.startswith(("socket:", "pipe:")) else "other"


def role_of(pid):
    """None if it has just ended."""
    folder = pathlib.Path(f"/proc/{pid}")
    kinds = collections.Counter()
    try:
        status = dict(line.split(":", 1) for line in (folder / "status").read_text(encoding="utf-8").splitlines() if ":" in line)
        for entry in os.listdir(folder / "fd"):
            try:
                kinds[descriptor_kind(os.readlink(folder / "fd" / entry))] += 1
            except FileNotFoundError:
                continue  # closed meanwhile
        return Role(pid, int(status["RssAnon"].split()[0]) * 1024, kinds, int(status["Threads"]))
    except (OSError, KeyError):
        return None


def descendants(pid):
    """{pid: state} of the processes below it."""
    children, states = collections.defaultdict(list), {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = pathlib.Path(f"/proc/{entry}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            states[int(entry)] = fields[0]
            children[int(fields[1])].append(int(entry))
    found, waiting = {}, [pid]
    while waiting:
        for child in children[waiting.pop()]:
            found[child] = states[child]
            waiting.append(child)
    return found


def inside(data_dir):
    """{pid: state} of the processes whose root lies in the data directory: workloads outlive the roles."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                root = next(line for line in pathlib.Path(f"/proc/{entry}/mountinfo").read_text(encoding="utf-8").splitlines() if line.split()[4] == "/")
                if data_dir in root:
                    found[int(entry)] = pathlib.Path(f"/proc/{entry}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            except (OSError, StopIteration):
                continue
    return found


def folder_entries(path):
    try:
        return len(os.listdir(path))
    except FileNotFoundError:
        return 0


def files_below(*folders):
    return sum(len(files) for _, _, files in os.walk(os.path.join(*folders)))


def edge_buffers(lf):
    """In bytes; 0 if edge does not answer just now."""
    with contextlib.closing(http.client.HTTPConnection("localhost", timeout=5)) as page:
        page.sock = socket.socket(socket.AF_UNIX)
        try:
            page.sock.connect(lf.data_dir + "/run/edge-admin.sock")
            page.request("GET", "/")
            return json.loads(page.getresponse().read())["buffer_bytes"]
        except (OSError, http.client.HTTPException):
            return 0


class Sample:
    """when: monotonic. roles: {name: Role}. counts: {what: how many}, of the whole Landfall."""

    def __init__(self, lf):
        self.when, self.roles, self.counts = time.monotonic(), {}, {}
        status = lf.status()
        for entry in status.get("roles", []):
            role = role_of(entry["pid"]) if entry["state"] == "ready" else None
            if role:
                if entry["name"] == "edge":
                    role = role._replace(anonymous=max(0, role.anonymous - edge_buffers(lf)))
                self.roles[entry["name"]] = role
        if "pid" in status:
            below = descendants(status["pid"]) | inside(lf.data_dir)
            mounts = pathlib.Path(f"/proc/{status['pid']}/mountinfo").read_text(encoding="utf-8").splitlines()
            self.counts = {
                "processes": len(below), "zombies": sum(state == "Z" for state in below.values()), "mounts": len(mounts),
                "namespaces": sum(" - nsfs " in line for line in mounts),
                "workloads": folder_entries(lf.data_dir + "/host/workloads"),
                "bodies being written": files_below(lf.data_dir, "edge/s3", "incoming"), "bodies": files_below(lf.data_dir, "edge/s3", "objects")}

    def line(self):
        roles = "  ".join(f"{name} {role.anonymous / (1 << 20):.1f} MiB {sum(role.descriptors.values())} fds"
                          for name, role in self.roles.items())
        return roles + "  " + " ".join(f"{what} {count}" for what, count in self.counts.items())


def slope(points):
    """Theil-Sen: the median of the slopes between all pairs, which outliers do not move. At most some 200 points are used."""
    points = points[::max(1, len(points) // 200)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1:] if b[0] > a[0]]
    return statistics.median(slopes) if slopes else 0.0


def memory_leak(points, limit=GROWTH_BYTES):
    """points: (seconds, bytes) of one process after warm-up. What to say, or None."""
    if len(points) < 8:
        return None
    span = points[-1][0] - points[0][0]
    whole, late = slope(points) * span, slope(points[len(points) // 2:]) * span
    if whole > limit and late > limit / 2:
        return (f"grows by {whole / span * 3600 / (1 << 20):.0f} MiB an hour ({points[0][1] >> 20} to {points[-1][1] >> 20} MiB in "
                f"{span / 60:.0f} minutes, {late / span * 3600 / (1 << 20):.0f} MiB an hour in the last half)")
    return None


def memory_findings(samples, limit=GROWTH_BYTES):
    """Of samples without faults: leaks, and roles that ended by themselves."""
    findings = []
    for name in sorted({name for sample in samples for name in sample.roles}):
        of_role = [(sample.when, sample.roles[name]) for sample in samples if name in sample.roles]
        if len({role.pid for _, role in of_role}) > 1:
            findings.append(f"{name} ended by itself and was started again")
        elif leak := memory_leak([(when, role.anonymous) for when, role in of_role], limit):
            findings.append(f"{name} {leak}")
    return findings


def count_findings(before, after):
    """What there is more of than before the load."""
    findings = [f"{count} {what}, {before.counts.get(what, 0)} before the load" for what, count in after.counts.items()
                if count > before.counts.get(what, 0) + COUNT_SLACK.get(what, 0)]
    for name, role in after.roles.items():
        for kind, count in role.descriptors.items():
            had = before.roles[name].descriptors[kind] if name in before.roles else 0
            if count > had + DESCRIPTOR_SLACK[kind]:
                findings.append(f"{name} has {count} descriptors of kind {kind}, {had} before the load")
    return findings
