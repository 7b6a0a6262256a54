"""The faults, and whose requests each may fail. What is not named must go on without one failure (docs/architecture.md, static stability)."""

import collections
import os
import signal
import time

import landfall as harness

EVERYTHING = frozenset({"items", "cdn", "s3", "dns", "api"})
# may_fail: groups of clients; during it and for grace seconds more. A request counts as touched if any of its time lies there.
Kind = collections.namedtuple("Kind", "name may_fail grace")
EDGE = Kind("edge", EVERYTHING, 3)
CONTROL = Kind("control", frozenset({"api"}), 3)
HOST = Kind("host", frozenset(), 0)
# Requests that the instance had, and those sent to it until the health checks (2 of 5 s) have found out.
INSTANCE = Kind("instance", frozenset({"items"}), 12)
ROLES = Kind("all roles", EVERYTHING, 3)
KINDS = (EDGE, CONTROL, HOST, INSTANCE, ROLES)


class Fault:
    def __init__(self, kind):
        self.kind, self.began, self.ended = kind, time.monotonic(), float("inf")

    def over(self):
        self.ended = min(self.ended, time.monotonic())

    def excuses(self, group, began, ended):
        return group in self.kind.may_fail and ended >= self.began and began <= self.ended + self.kind.grace


def kill_roles(lf, names):
    """SIGKILL, all at once; returns once others are ready."""
    pids = {name: lf.role_pid(name) for name in names}
    for pid in pids.values():
        if pid:
            os.kill(pid, signal.SIGKILL)
    harness.until(lambda: all(lf.role_pid(name) not in (0, pid) for name, pid in pids.items()), 30, f"{', '.join(names)} to be back")


def kill_instance(lf, chance):
    """SIGKILL of an instance's pid 1. Returns its id."""
    victim = chance.choice(sorted(instance["InstanceId"] for instance in lf.api_instances()))
    os.kill(lf.instance_pid(victim), signal.SIGKILL)
    return victim


def is_replaced(lf, victim):
    instances = {instance["InstanceId"] for instance in lf.api_instances()}
    return victim not in instances and len(instances & set(lf.healthy_targets())) >= 2


def inject(lf, fault, chance, stop):
    """Does it, and waits until it is over, or, of an instance's replacement, until stop is set."""
    kind = fault.kind
    if kind is INSTANCE:
        victim = kill_instance(lf, chance)
        fault.over()  # what may fail ends with the grace, not with the replacement
        deadline = time.monotonic() + 120
        while not stop.wait(1):
            if is_replaced(lf, victim):
                return
            harness.check(time.monotonic() < deadline, f"{victim} was not replaced within 120 s")
        return
    kill_roles(lf, ("edge", "control", "host") if kind is ROLES else (kind.name,))
    fault.over()
