"""Lines of the result, on the terminal and in docs/performance.md."""

import dataclasses
import os
import pathlib
import re
import time

import measure


@dataclasses.dataclass
class Bar:
    """`limit` is not to be exceeded, or (at_least) to be reached."""
    limit: float
    at_least: bool = False

    def met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit

    def text(self, unit):
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}{unit}"


@dataclasses.dataclass
class Line:
    """One figure of Landfall, what it is compared with, and the bar."""
    name: str
    what: str
    ours: str
    theirs: str = ""
    value: float = None  # what the bar is about
    unit: str = ""       # of value and bar
    spread: tuple = None  # value's least and greatest in a round
    bar: Bar = None
    detail: str = ""     # rates and latencies

    def verdict(self):
        if self.bar is None:
            return ""
        return "met" if self.bar.met(self.value) else "MISSED"

    def cells(self):
        value = "" if self.value is None else f"{self.value:.2f}{self.unit}"
        if self.spread:
            value += f" ({self.spread[0]:.2f} to {self.spread[1]:.2f})"
        return [self.name, self.what, self.ours, self.theirs, value, self.bar.text(self.unit) if self.bar else "", self.verdict(),
                self.detail]

    def text(self):
        name, what, ours, theirs, value, bar, verdict, detail = self.cells()
        compared = f" | {theirs}" if theirs else ""
        judged = f" | {value} (bar {bar}) {verdict}" if bar else ""
        return f"{name:18} {what}: {ours}{compared}{judged}" + (f"\n{'':19}{detail}" if detail else "")


def _us(figures):
    return f"{figures.cpu_us:.1f} µs"


def _gib(figures):
    return f"{figures.cpu_s_per_gib:.2f} s/GiB"


def _rates(name, figures):
    latency = "" if figures.p50_ms is None else f", p50 {figures.p50_ms:.2f} ms, p99 {figures.p99_ms:.2f} ms"
    return f"{name} {figures.rps:,.0f}/s{latency}"


def compared(name, what, rounds, bar):
    """A line of {contender: [Figures]}, Landfall's against the better of the others. The ratio is taken in each round, where both had
    the machine at the same speed, more or less."""
    figures = {each: measure.medians(taken) for each, taken in rounds.items()}
    ours = figures["Landfall"]
    peers = {peer: each for peer, each in figures.items() if peer != "Landfall"}
    by_bytes = ours.cpu_s_per_gib is not None
    key, show = (lambda f: f.cpu_s_per_gib, _gib) if by_bytes else (lambda f: f.cpu_us, _us)
    best = min(peers, key=lambda peer: key(peers[peer]))
    ratios = [key(mine) / key(its) for mine, its in zip(rounds["Landfall"], rounds[best])]
    return Line(name, what, show(ours), ", ".join(f"{peer} {show(each)}" for peer, each in peers.items()),
                value=measure.median(ratios), spread=(min(ratios), max(ratios)), bar=Bar(bar), detail="; ".join(_rates(peer, each) for peer, each in figures.items()))


HEADER = """# Performance

Made by `./dev bench --write` on {date}: {cpus} CPUs ({cpu}), kernel {kernel}, {rounds} alternating rounds of {seconds:g} s each.
{note}
The server under test has one core, clients and upstreams the other. The first figure of traffic rows is CPU time per request (or GiB),
user and system, of the server's whole process tree; the value is its ratio to the better peer's, the median over the rounds, least and greatest in brackets. `bench/README.md` says how each is taken and
how the peers are configured.

| Row | Work | Landfall | Peers | Value | Bar | | Rates and latencies |
|---|---|---|---|---|---|---|---|
"""


def write(path, lines, arguments):
    """The page; of a run of some rows only, the others stay as they are. Sections after the table are others' and stay."""
    page, heading, sections = path.read_text().partition("\n## ")
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    head = HEADER.format(date=time.strftime("%Y-%m-%d"), cpus=os.cpu_count(), cpu=model.group(1) if model else "unknown",
                         kernel=os.uname().release, rounds=arguments.rounds, seconds=arguments.seconds,
                         note=arguments.note + ("\n" if arguments.note else ""))
    made = {}
    for line in lines:
        made.setdefault(line.name, []).append("| " + " | ".join(line.cells()) + " |\n")
    if arguments.rows and HEADER.splitlines()[-1] in page:
        rows = [row for row in page.split(HEADER.splitlines()[-1] + "\n")[1].splitlines() if row]
        old = {}
        for row in rows:
            old.setdefault(row.split("|")[1].strip(), []).append(row + "\n")
        made = {name: made.get(name, old.get(name)) for name in [*old, *(name for name in made if name not in old)]}
    path.write_text(head + "".join("".join(rows) for rows in made.values()) + heading + sections)
