"""The load balancer against nginx and HAProxy: the same instance, the same network, the same access log."""

import functools

import loads
import peers

PORTS = (8472, 8473), (8474, 8475)  # nginx's and HAProxy's, plain and TLS
GIB_OF_1M = 1 / 1024
TLS_CONNECTIONS = 16  # wrk makes new ones for each round: few, so that a round is requests and not handshakes


@functools.cache
def _contenders(bench):
    """{name: (pids, plain URL, TLS URL, address, TLS port, TLS name)}"""
    world = bench.world
    balancer = world.balancer
    place = (bench.tls, world.router_network, balancer["private"], world.instance["PrivateIpAddress"] + ":80")
    made = {"Landfall": (world.pids, "http://lb.test", "https://lb.test", balancer["public"], 443, "lb.test")}
    for start, ports in ((peers.nginx_proxy, PORTS[0]), (peers.haproxy, PORTS[1])):
        peer = bench.serve(start(bench.folder, *place, ports))
        made[peer.name] = (peer.pids, f"http://peer.test:{ports[0]}", f"https://peer.test:{ports[1]}", "127.0.0.1", ports[1], "peer.test")
    return made


def _compare(bench, name, what, load, bar):
    return bench.compare(name, what, {each: (contender[0], load(contender)) for each, contender in _contenders(bench).items()}, bar)


def h1(bench):
    """HTTP/1.1 proxy, kept connections, 1 KiB, access log on"""
    yield _compare(bench, "lb-h1", "a request", lambda c: loads.wrk(bench.names, c[1] + "/1k"), 1.0)


def tls(bench):
    """the same over TLS 1.3 (P-256)"""
    yield _compare(bench, "lb-tls", "a request", lambda c: loads.wrk(bench.names, c[2] + "/1k", connections=TLS_CONNECTIONS), 1.0)


def handshake(bench):
    """a full handshake for each request"""
    yield _compare(bench, "lb-tls-handshake", "a connection and its request",
                   lambda c: loads.new_connections(bench.connections, c[3], c[4], c[5], "/1k"), 1.05)


def h2(bench):
    """HTTP/2 over TLS, 32 streams, to HTTP/1.1 upstreams"""
    yield _compare(bench, "lb-h2", "a request", lambda c: loads.h2load(bench.names, c[2] + "/1k", bench.folder), 1.0)


def big(bench):
    """1 MiB bodies through the proxy"""
    yield _compare(bench, "lb-big", "bodies", lambda c: loads.wrk(bench.names, c[1] + "/1m", connections=16, gib_per_request=GIB_OF_1M), 1.0)


ROWS = {"lb-h1": h1, "lb-tls": tls, "lb-tls-handshake": handshake, "lb-h2": h2, "lb-big": big}
