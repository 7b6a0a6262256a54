"""Route 53's authoritative answers against NSD and Knot."""

import random

import loads
import peers
from world import zone_file
from zones import make_zones

PORTS = {"NSD": 8490, "Knot": 8491}
RECORDS, ZONES, QUESTIONS = 1000, 100_000, 20_000


def _questions(bench, name, names):
    path = bench.folder / f"{name}.questions"
    path.write_text("".join(f"{each} A\n" for each in names))
    return str(path)


def _compare(bench, what, zones, questions):
    folder = bench.folder / what.replace(" ", "-").replace(",", "")
    folder.mkdir()
    files = {}
    for name, text in zones.items():
        files[name] = folder / (name + ".zone")
        files[name].write_text(text)
    contenders = {"Landfall": (bench.world.pids, loads.dnsperf(bench.world.lf.address(2), 53, questions))}
    running = []
    for start in (peers.nsd, peers.knot):
        peer = start(folder, files, PORTS["NSD" if start is peers.nsd else "Knot"])
        running.append(peer)
        contenders[peer.name] = (peer.pids, loads.dnsperf("127.0.0.1", PORTS[peer.name], questions))
    try:
        return bench.compare("dns-udp", what, contenders, 1.2)
    finally:
        for peer in running:
            peer.stop()


def udp(bench):
    """answers from a 1,000-record zone; with --full from 100,000 zones, too"""
    labels = {f"host{index}": f"10.1.{index // 250}.{index % 250 + 1}" for index in range(RECORDS)}
    text = bench.world.zone("bench.example", labels)
    names = [f"host{random.randrange(RECORDS)}.bench.example" for _ in range(QUESTIONS)]
    yield _compare(bench, "1,000 records", {"bench.example": text}, _questions(bench, "records", names))
    if not bench.options.full:
        return
    zones = {f"zone{index}.example": {"www": "10.2.0.1"} for index in range(ZONES)}
    make_zones(bench.world, zones)
    names = [f"www.zone{random.randrange(ZONES)}.example" for _ in range(QUESTIONS)]
    yield _compare(bench, "100,000 zones", {name: zone_file(name, records) for name, records in zones.items()}, _questions(bench, "zones", names))


ROWS = {"dns-udp": udp}
