"""How figures are taken: cores, CPU of process trees, alternating rounds, medians."""

import dataclasses
import os
import pathlib
import statistics
import subprocess
import threading
import time

SERVER_CORE, LOAD_CORE = 0, 1
TICK = os.sysconf("SC_CLK_TCK")


def pin_here(core):
    """For subprocess's preexec_fn."""
    return lambda: os.sched_setaffinity(0, {core})


def repin(pid, core):
    """Every thread of a process and of all that it started."""
    for each in tree(pid):
        for task in tasks(each):
            try:
                os.sched_setaffinity(task, {core})
            except ProcessLookupError:
                pass


def tasks(pid):
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    except FileNotFoundError:
        return []


def tree(pid):
    found, left = [], [pid]
    while left:
        each = left.pop()
        found.append(each)
        for task in tasks(each):
            try:
                left += [int(child) for child in pathlib.Path(f"/proc/{each}/task/{task}/children").read_text().split()]
            except OSError:
                pass
    return found


def cpu_seconds(pids):
    """User and system time of these processes, and of those of their children that have ended."""
    ticks = 0
    for pid in pids:
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            continue  # it has ended since, and its time is its parent's (nginx's cache loader does so)
        ticks += sum(int(field) for field in stat.rsplit(")", 1)[1].split()[11:15])
    return ticks / TICK


def resident_mib(pid):
    """Proportional set size: what ending the process would free."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no Pss of process {pid}")


@dataclasses.dataclass
class Load:
    """What a client saw in one round. `gib` where the work is bytes rather than requests."""
    requests: int
    seconds: float
    p50_ms: float = None
    p99_ms: float = None
    gib: float = None


@dataclasses.dataclass
class Contender:
    """A server and the client's command for it. pids() are the processes whose CPU counts."""
    name: str
    pids: object
    load: object  # (seconds) -> Load


@dataclasses.dataclass
class Figures:
    """Of one round, or medians over several."""
    cpu_us: float  # per request
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_s_per_gib: float


def one_round(contender, seconds):
    pids = contender.pids()
    before = cpu_seconds(pids)
    load = contender.load(seconds)
    used = cpu_seconds(pids) - before
    return Figures(1e6 * used / load.requests, load.requests / load.seconds, load.p50_ms, load.p99_ms,
                   used / load.gib if load.gib else None)


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def medians(all_rounds):
    return Figures(*[median([getattr(figures, field.name) for figures in all_rounds]) for field in dataclasses.fields(Figures)])


def alternate(contenders, rounds, seconds):
    """{name: [Figures, a round each]}: each contender once a round, in turn, after a warm-up of each."""
    for contender in contenders:
        contender.load(1)
    taken = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        # Forwards and backwards, so that none is always the one after the same other.
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            taken[contender.name].append(one_round(contender, seconds))
    return taken


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def in_parallel(count, work):
    """work(index) in `count` threads; their results. The first exception is raised."""
    results, errors = [None] * count, []

    def run(index):
        try:
            results[index] = work(index)
        except Exception as error:  # handed to the caller below
            errors.append(error)
    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def output_of(command, timeout=120, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Stopwatch:
    def __init__(self):
        self.began = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.began
