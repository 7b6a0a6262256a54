"""CloudFront's cache against Varnish and nginx."""

import functools
import http.client
import time

import loads
import measure
import peers
import report
import signed

FILES, CACHE, VARNISH, VARNISH_ON_DISK = (8480, 8481), (8482, 8483), 8484, 8485
WAITERS = 200
ON_DISK = 32  # objects of 1 MiB


@functools.cache
def _origin(bench):
    return bench.serve(peers.nginx_files(bench.folder, bench.tls, bench.files, FILES))


@functools.cache
def _caches(bench):
    """{name: (pids, plain URL, TLS URL or None)}, each with the bodies in its cache."""
    _origin(bench)
    world = bench.world
    for name in ("10k", "1m"):
        world.put(name, (bench.files / name).read_bytes())
    assert world.cdn
    nginx = bench.serve(peers.nginx_cache(bench.folder, bench.tls, FILES[0], CACHE))
    varnish = bench.serve(peers.varnish(bench.folder, FILES[0], VARNISH))
    return {"Landfall": (world.pids, "http://cdn.test", "https://cdn.test"),
            "nginx": (nginx.pids, f"http://peer.test:{CACHE[0]}", f"https://peer.test:{CACHE[1]}"),
            "Varnish": (varnish.pids, f"http://peer.test:{VARNISH}", None)}


def _compare(bench, name, what, path, column, gib_per_request=None, connections=64):
    contenders = {each: (cache[0], loads.wrk(bench.names, cache[column] + path, connections=connections, gib_per_request=gib_per_request))
                  for each, cache in _caches(bench).items() if cache[column]}
    return bench.compare(name, what, contenders, 1.0)


def hit(bench):
    """10 KiB hit"""
    yield _compare(bench, "cdn-hit", "a request", "/10k", 1)


def hit_tls(bench):
    """10 KiB hit over TLS"""
    yield _compare(bench, "cdn-hit-tls", "a request", "/10k", 2, connections=16)


def hit_1m(bench):
    """1 MiB hit, from memory and from disk"""
    yield _compare(bench, "cdn-hit-1m", "from memory", "/1m", 1, gib_per_request=1 / 1024, connections=16)
    yield _from_disk(bench)


def _from_disk(bench):
    """Several objects; Landfall's edge is a new process that finds them in its cache's folder, Varnish keeps them in a file."""
    caches = dict(_caches(bench))
    stored = f"file,{bench.folder}/varnish.store,512m"
    varnish = bench.serve(peers.varnish(bench.folder, FILES[0], VARNISH_ON_DISK, stored))
    caches["Varnish"] = (varnish.pids, f"http://peer.test:{VARNISH_ON_DISK}", None)
    names = [f"1m-{index}" for index in range(ON_DISK)]
    body = (bench.files / "1m").read_bytes()
    for name in names:
        (bench.files / name).write_bytes(body)
        bench.world.put(name, body)
    script = signed.wrk_script(bench.folder / "1m.lua", [("GET", "/" + name, {}, "") for name in names])
    loads_of = {each: loads.wrk(bench.names, cache[1], script=script, connections=16, gib_per_request=1 / 1024) for each, cache in caches.items()}
    for load in loads_of.values():
        load(2)
    bench.world.restart_edge()
    return bench.compare("cdn-hit-1m", "from disk", {each: (cache[0], loads_of[each]) for each, cache in caches.items()}, 1.0)


def collapse(bench):
    """200 clients ask for one cold object, origin takes 500 ms"""
    world = bench.world
    balancer, cdn = world.balancer, world.cdn
    key = f"{time.time_ns()}"

    def get(address, name, path):
        connection = http.client.HTTPConnection(address, 80, timeout=30)
        connection.request("GET", path, headers={"Host": name})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{name}{path}: {answer.status} {body[:200]!r}")
        return body
    watch = measure.Stopwatch()
    bodies = measure.in_parallel(WAITERS, lambda _: get(cdn, "cdn.test", f"/slow/{key}"))
    took = watch.seconds()
    if any(len(body) != 10240 for body in bodies):
        raise RuntimeError("a waiter got another body")
    fetches = int(get(balancer["public"], "lb.test", f"/count/{key}"))
    yield report.Line("cdn-collapse", "origin fetches for 200 waiters", str(fetches), value=fetches, bar=report.Bar(1), detail=f"all answered in {took:.2f} s")


ROWS = {"cdn-hit": hit, "cdn-hit-tls": hit_tls, "cdn-hit-1m": hit_1m, "cdn-collapse": collapse}
