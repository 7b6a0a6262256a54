"""What connections that do nothing cost."""

import loads
import measure
from report import Bar, Line

CONNECTIONS = 10_000


def connections(bench):
    """10,000 keep-alive TLS connections, each after one request"""
    world = bench.world
    edge = world.lf.role_pid("edge")
    balancer = world.balancer
    before = measure.resident_mib(edge)
    held = loads.HeldConnections(bench.connections, balancer["public"], 443, "lb.test", "/1k", CONNECTIONS)
    during = measure.resident_mib(edge)
    held.release()
    yield Line("idle", f"edge with {CONNECTIONS:,} connections", f"{during:.0f} MiB", value=during * 1.048576, unit=" MB", bar=Bar(250),
               detail=f"{before:.0f} MiB before; {(during - before) * 1024 / CONNECTIONS:.1f} KiB a connection")


ROWS = {"idle": connections}
