"""The control plane: CPU of one call, all roles together."""

import loads
import measure
from report import Bar, Line
from signed import signed, wrk_script
from world import PORT

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def _line(bench, name, what, service, body, bar_ms):
    url = f"http://127.0.0.1:{PORT}/"
    headers = signed(bench.world, service, "POST", url, body.encode(), FORM)
    script = wrk_script(bench.folder / f"{name}.lua", [("POST", "/", headers, body)])
    contender = measure.Contender(name, bench.world.pids, loads.wrk(bench.names, url, connections=16, script=script))
    figures = measure.medians(measure.alternate([contender], bench.options.rounds, bench.options.seconds)[name])
    ms = figures.cpu_us / 1000
    return Line(name, what, f"{ms:.3f} ms", value=ms, unit=" ms", bar=Bar(bar_ms),
                detail=f"{figures.rps:,.0f}/s, p50 {figures.p50_ms:.2f} ms, p99 {figures.p99_ms:.2f} ms")


def read(bench):
    """one DescribeTargetHealth"""
    group = bench.world.balancer["group"]
    yield _line(bench, "api-read", "DescribeTargetHealth", "elasticloadbalancing",
                f"Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn={group.replace(':', '%3A').replace('/', '%2F')}", 0.3)


def write(bench):
    """one durable CreateTags"""
    yield _line(bench, "api-write", "CreateTags", "ec2",
                f"Action=CreateTags&Version=2016-11-15&ResourceId.1={bench.world.vpc['id']}&Tag.1.Key=bench&Tag.1.Value=1", 1)


ROWS = {"api-read": read, "api-write": write}
