"""The clients, on the load's core. Names are resolved from a hosts file of the bench's own (Names)."""

import pathlib
import re
import subprocess

from measure import LOAD_CORE, Load, Stopwatch, output_of, percentile, pin_here

TIMES = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}


class Names:
    """/etc/hosts as clients see it: wrk and h2load send the name of the URL as SNI, so they need names, not addresses."""

    def __init__(self, folder):
        self.file = pathlib.Path(folder, "hosts")
        self.file.write_text("127.0.0.1 localhost peer.test\n")
        self.file.chmod(0o644)

    def add(self, name, address):
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(f"{address} {name}\n")

    def wrap(self, command):
        return ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', str(self.file), *command]


def run_client(command, seconds, **options):
    return output_of(command, timeout=seconds + 60, preexec_fn=pin_here(LOAD_CORE), **options)


def _time_ms(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * TIMES[unit]


def wrk(names, url, connections=64, script=None, headers=(), gib_per_request=None):
    """A load: keep-alive HTTP/1.1."""
    def run(seconds):
        words = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
        for header in headers:
            words += ["-H", header]
        if script:
            words += ["-s", script]
        printed = run_client(names.wrap([*words, url]), seconds)
        count = re.search(r"(\d+) requests in ([\d.]+\w+)", printed)
        if not count or "Non-2xx" in printed or "Socket errors" in printed:
            raise RuntimeError(f"wrk {url}: {printed}")
        requests = int(count.group(1))
        latency = {share: _time_ms(re.search(rf"^\s+{share}%\s+(\S+)", printed, re.M).group(1)) for share in (50, 99)}
        return Load(requests, _time_ms(count.group(2)) / 1000, latency[50], latency[99],
                    requests * gib_per_request if gib_per_request else None)
    return run


def h2load(names, url, folder, connections=8, streams=32):
    """A load: HTTP/2 over TLS."""
    log = pathlib.Path(folder, "h2load.log")

    def run(seconds):
        log.unlink(missing_ok=True)
        printed = run_client(names.wrap(["h2load", f"-c{connections}", f"-m{streams}", "-t1", f"-D{max(1, round(seconds))}", f"--log-file={log}", url]),
                       seconds)
        done = re.search(r"requests: .*? (\d+) done, (\d+) succeeded, (\d+) failed", printed)
        took = re.search(r"finished in ([\d.]+\w+),", printed)
        if not done or int(done.group(3)) or re.search(r"status codes: .* [1-9]\d* 5xx", printed):
            raise RuntimeError(f"h2load {url}: {printed}")
        latencies = [int(line.split("\t")[2]) / 1000 for line in log.read_text().splitlines()]
        return Load(int(done.group(2)), _time_ms(took.group(1)) / 1000, percentile(latencies, 0.5), percentile(latencies, 0.99))
    return run


def new_connections(binary, address, port, name, path, clients=16):
    """A load: a full TLS handshake for each request."""
    def run(seconds):
        words = run_client([binary, "new", address, str(port), name, path, str(clients), str(seconds)], seconds).split()
        return Load(int(words[0]), float(words[1]), float(words[2]), float(words[3]))
    return run


class HeldConnections:
    """Keep-alive TLS connections that have had one answer each, until released."""

    def __init__(self, binary, address, port, name, path, count):
        self.process = subprocess.Popen([binary, "hold", address, str(port), name, path, str(count)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, preexec_fn=pin_here(LOAD_CORE))
        if self.process.stdout.readline() != "held\n":
            raise RuntimeError(f"connections could not be held: exit {self.process.wait()}")

    def release(self):
        self.process.stdin.close()
        self.process.wait(60)


def dnsperf(address, port, questions):
    """A load: the questions of a file, over UDP."""
    def run(seconds):
        printed = run_client(["dnsperf", "-s", address, "-p", str(port), "-d", questions, "-l", str(max(1, round(seconds))), "-c", "16", "-T", "1", "-q", "200"],
                       seconds)
        done = re.search(r"Queries completed:\s+(\d+)", printed)
        took = re.search(r"Run time \(s\):\s+([\d.]+)", printed)
        codes = re.search(r"Response codes:\s+(.*)", printed)
        if not done or not codes or not re.fullmatch(r"NOERROR \d+ \(100\.00%\)", codes.group(1)):
            raise RuntimeError(f"dnsperf {address}: {printed}")
        return Load(int(done.group(1)), float(took.group(1)))
    return run


def rate_of(seconds, work):
    """How often work(index) was done in about `seconds`, and how long that took."""
    watch, count = Stopwatch(), 0
    while watch.seconds() < seconds:
        work(count)
        count += 1
    return count, watch.seconds()
