"""A change of configuration is live on every worker of edge soon after the API's answer, and costs no request.

Edge runs with several workers here (run.py). Connections belong to one worker for life and the kernel spreads them, so that
PROBES connections, all asked again and again, see every worker (four workers: one is missed in 1 of 100,000 runs). Measured is
from the API's answer to the end of the first round in which all of them saw the change: what is live just after a round began is seen
at the end of the next, so up to two rounds are of the measuring and the limit has them added.
"""

import http.client
import json
import select
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid

if __name__ != "__main__":
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials

    from landfall import check, equal, until

PROBES, ROUNDS = 40, 15
LIVE_SECONDS = 0.020
# On a machine that others use the limit is larger: a change passes through six threads, and each waits for its turn. By how much a
# round of probes takes longer than on a quiet one, and up to five times if no processor was idle before the test.
QUIET_ROUND_SECONDS, QUIET_SHARE, BUSY_FACTOR, LOOK_SECONDS = 0.008, 0.15, 4, 0.5
ROUND_SECONDS = 5
ELBV2_VERSION = "2015-12-01"


class Api:
    """Signed calls on one kept connection. Each returns when the answer's head was there (boto would add its parsing)."""

    def __init__(self, lf, service):
        env = lf.env()
        self.base = f"http://127.0.0.1:{lf.api_port}"
        self.signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]),
                                              service, "us-east-1")
        self.connection = http.client.HTTPConnection("127.0.0.1", lf.api_port, timeout=20)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path, body, kind):
        request = botocore.awsrequest.AWSRequest(method="POST", url=self.base + path, data=body, headers={"Content-Type": kind})
        self.signer.add_auth(request)
        self.connection.request("POST", path, body, dict(request.headers))
        answer = self.connection.getresponse()
        answered = time.monotonic()
        text = answer.read()
        equal(answer.status, 200, f"the API's answer ({text[:300]!r})")
        return answered

    def query(self, action, **fields):
        form = urllib.parse.urlencode({"Action": action, "Version": ELBV2_VERSION, **fields})
        return self.post("/", form, "application/x-www-form-urlencoded; charset=utf-8")


class HttpProbes:
    """GETs of one path on connections that stay."""

    def __init__(self, address, path):
        self.request = f"GET {path} HTTP/1.1\r\nHost: probe\r\n\r\n".encode()
        self.sockets = [socket.create_connection((address, 80), timeout=10) for _ in range(PROBES)]
        self.readers = [each.makefile("rb") for each in self.sockets]

    def ask(self):
        for each in self.sockets:
            each.sendall(self.request)
        return [self.answer(reader) for reader in self.readers]

    @staticmethod
    def answer(reader):
        """(status, body)"""
        status, length = int(reader.readline().split()[1]), 0
        for line in iter(reader.readline, b"\r\n"):
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        return status, reader.read(length).decode()

    def close(self):
        for each in self.readers + self.sockets:
            each.close()


class DnsProbes:
    """TXT queries of one name from sockets that stay."""

    def __init__(self, address, name):
        self.question = (b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0" + struct.pack(">HH", 16, 1))
        self.sockets, self.number = [], 0
        for _ in range(PROBES):
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.settimeout(5)
            udp.connect((address, 53))
            self.sockets.append(udp)

    def ask(self):
        """The text of each answer, '' for none."""
        self.number = (self.number + 1) % 65536
        for each in self.sockets:
            each.send(struct.pack(">HHHHHH", self.number, 0, 1, 0, 0, 0) + self.question)
        texts = []
        for each in self.sockets:
            answer = each.recv(512)
            equal(struct.unpack(">H", answer[:2])[0], self.number, "the answer's id")
            at = 12 + len(self.question) + 12  # after the question and the answer's fixed part, whose name is a pointer
            texts.append(answer[at + 1:at + 1 + answer[at]].decode() if answer[6:8] != b"\0\0" else "")
        return texts

    def close(self):
        for each in self.sockets:
            each.close()


class OtherLoad:
    """GETs of these paths from another process (so that its work does not hold our measuring up): none may fail."""

    def __init__(self, address, *paths):
        self.process = subprocess.Popen([sys.executable, __file__, address, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        self.process.stdout.readline()  # it runs
        return self

    def __exit__(self, kind, *_):
        said = json.loads(self.process.communicate("", timeout=30)[0])
        if kind is None:
            equal(said["failures"], [], f"failures of {said['count']} requests meanwhile")
            check(said["count"] > ROUNDS, f"only {said['count']} requests meanwhile")


def lag(change, probes, is_new):
    """Seconds from the answer of change() to the end of the first round of which every answer is new."""
    answered = change()
    while time.monotonic() < answered + ROUND_SECONDS:
        answers = probes.ask()
        ended = time.monotonic()
        if all(is_new(answer) for answer in answers):
            return ended - answered
    check(False, f"not live on every worker {ROUND_SECONDS} s after the answer: {answers}")
    return None


def round_seconds(probes):
    times = []
    for _ in range(5):
        began = time.monotonic()
        probes.ask()
        times.append(time.monotonic() - began)
    return statistics.median(times)


def machine_is_busy():
    """The share of the processors' time that somebody uses while nothing is asked of Landfall."""
    def times():
        with open("/proc/stat", encoding="utf-8") as file:
            numbers = [int(word) for word in file.readline().split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]  # all; idle and waiting for a disk
    before = times()
    time.sleep(LOOK_SECONDS)
    after = times()
    share = 1 - (after[1] - before[1]) / max(1, after[0] - before[0])
    return share if share > QUIET_SHARE else 0.0


def judge(what, took, lags, busy):
    # Who else runs on the machine only adds to a lag: the lower quarter says most about Landfall.
    quarter, median = statistics.quantiles(lags, n=4)[0], statistics.median(lags)
    limit = LIVE_SECONDS * max(1, took / QUIET_ROUND_SECONDS) * (1 + BUSY_FACTOR * busy) + 2 * took
    print(f"   {what}: live everywhere after {quarter * 1000:.1f} ms (lower quarter of {len(lags)}; median {median * 1000:.1f}, slowest {max(lags) * 1000:.1f}), "
          f"of which a round of probes {took * 1000:.1f}; limit {limit * 1000:.0f} ms", flush=True)
    check(quarter <= limit, f"{what}: live after {quarter * 1000:.1f} ms, limit {limit * 1000:.0f} ms: {[round(each * 1000, 1) for each in lags]}")


class LiveRule:
    """A rule of the stack's plain listener for /?live=NAME, which an instance answers without its database."""

    def __init__(self, elbv2, name, priority, action):
        balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]
        listener = next(each for each in elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"] if each["Port"] == 80)
        self.elbv2, self.path = elbv2, "/?live=" + name
        self.arn = elbv2.create_rule(ListenerArn=listener["ListenerArn"], Priority=priority, Actions=[action], Conditions=[
            {"Field": "path-pattern", "Values": ["/"]},
            {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "live", "Value": name}]}}])["Rules"][0]["RuleArn"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.elbv2.delete_rule(RuleArn=self.arn)


class LiveGroup:
    """A target group like the stack's, empty."""

    def __init__(self, elbv2, name):
        like = elbv2.describe_target_groups()["TargetGroups"][0]
        self.elbv2 = elbv2
        self.arn = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=like["Port"], VpcId=like["VpcId"], HealthCheckPath="/health",
                                             HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=3, HealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
        elbv2.modify_target_group_attributes(TargetGroupArn=self.arn, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.elbv2.delete_target_group(TargetGroupArn=self.arn)


def fixed(body):
    return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": body}}


def test_a_changed_rule_is_live_on_every_worker_within_20_ms_and_costs_no_request(lf):
    busy = machine_is_busy()
    elbv2, api, address = lf.boto("elbv2"), Api(lf, "elasticloadbalancing"), lf.resolve("api.myapp.com")[0]
    with LiveRule(elbv2, "rule", 4001, fixed("first")) as rule:
        probes = HttpProbes(address, rule.path)
        until(lambda: set(probes.ask()) == {(200, "first")}, 5, "the rule")
        lags = []
        with OtherLoad(address, rule.path, "/items"):
            for _ in range(ROUNDS):
                wanted = uuid.uuid4().hex
                lags.append(lag(lambda wanted=wanted: api.query("ModifyRule", RuleArn=rule.arn, **{
                    "Actions.member.1.Type": "fixed-response", "Actions.member.1.FixedResponseConfig.StatusCode": "200",
                    "Actions.member.1.FixedResponseConfig.MessageBody": wanted}), probes, lambda answer, wanted=wanted: answer == (200, wanted)))
            judge("a changed rule", round_seconds(probes), lags, busy)
        probes.close()


def test_a_registered_target_is_live_on_every_worker_within_20_ms_and_costs_no_request(lf):
    """Of an empty group: its first target gets the requests at once, as no healthy one is there. And of a group in use, under load."""
    elbv2, api, address = lf.boto("elbv2"), Api(lf, "elasticloadbalancing"), lf.resolve("api.myapp.com")[0]
    busy = machine_is_busy()
    until(lambda: len(lf.healthy_targets()) >= 2, 60, "two healthy targets")
    stays, comes = [instance["InstanceId"] for instance in lf.api_instances()][:2]
    with LiveGroup(elbv2, "live-empty") as empty, LiveGroup(elbv2, "live-used") as used, \
            LiveRule(elbv2, "empty", 4002, {"Type": "forward", "TargetGroupArn": empty.arn}) as empty_rule, \
            LiveRule(elbv2, "used", 4003, {"Type": "forward", "TargetGroupArn": used.arn}) as used_rule:
        elbv2.register_targets(TargetGroupArn=used.arn, Targets=[{"Id": stays}])
        until(lambda: [each["TargetHealth"]["State"] for each in elbv2.describe_target_health(TargetGroupArn=used.arn)["TargetHealthDescriptions"]]
              == ["healthy"], 30, "the group's target")
        probes = HttpProbes(address, empty_rule.path)
        equal({status for status, _ in probes.ask()}, {503}, "an empty group's answers")

        def change(action, group):
            return api.query(action, TargetGroupArn=group.arn, **{"Targets.member.1.Id": comes})

        came, rounds, went = [], [], []
        with OtherLoad(address, used_rule.path, "/items"):
            for _ in range(ROUNDS):
                change("RegisterTargets", used)
                came.append(lag(lambda: change("RegisterTargets", empty), probes, lambda answer: answer[0] == 200))
                rounds.append(round_seconds(probes))
                change("DeregisterTargets", used)
                went.append(lag(lambda: change("DeregisterTargets", empty), probes, lambda answer: answer[0] == 503))
            judge("a registered target", statistics.median(rounds), came, busy)
            judge("a deregistered target", round_seconds(probes), went, busy)
        probes.close()


def test_a_changed_record_is_live_on_every_worker_within_20_ms(lf):
    busy = machine_is_busy()
    route53, api, name = lf.boto("route53"), Api(lf, "route53"), "live.myapp.com"
    zone = next(each["Id"] for each in route53.list_hosted_zones()["HostedZones"] if each["Name"] == "myapp.com.").rpartition("/")[2]

    def change(action, value):
        return api.post(f"/2013-04-01/hostedzone/{zone}/rrset/", f"""<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">
            <ChangeBatch><Changes><Change><Action>{action}</Action><ResourceRecordSet><Name>{name}</Name><Type>TXT</Type><TTL>1</TTL>
            <ResourceRecords><ResourceRecord><Value>"{value}"</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes>
            </ChangeBatch></ChangeResourceRecordSetsRequest>""", "application/xml")

    probes, lags, wanted = DnsProbes(lf.address(2), name), [], ""
    for _ in range(ROUNDS):
        wanted = uuid.uuid4().hex
        lags.append(lag(lambda: change("UPSERT", wanted), probes, lambda text: text == wanted))
    judge("a changed record", round_seconds(probes), lags, busy)
    lag(lambda: change("DELETE", wanted), probes, lambda text: text == "")
    probes.close()


# ---- the load's own process: ADDRESS PATH...; says "runs", and at the end of its input what came of it ----

def run_load(address, paths):
    counts, failures, ended = [0] * len(paths), [], threading.Event()

    def ask(index, path):
        connection = None
        while not ended.is_set():
            try:
                if connection is None:
                    connection = socket.create_connection((address, 80), timeout=10)
                    reader = connection.makefile("rb")
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: load\r\n\r\n".encode())
                status, _ = HttpProbes.answer(reader)
                counts[index] += 1
                if status != 200:
                    failures.append(f"{path}: {status}")
            except (OSError, ValueError, IndexError) as error:
                failures.append(f"{path}: {error!r}")
                connection = None
            ended.wait(0.005)

    threads = [threading.Thread(target=ask, args=each, daemon=True) for each in enumerate(paths)]
    for thread in threads:
        thread.start()
    print("runs", flush=True)
    select.select([sys.stdin], [], [])
    ended.set()
    for thread in threads:
        thread.join(15)
    print(json.dumps({"count": sum(counts), "failures": failures[:5]}), flush=True)


if __name__ == "__main__":
    run_load(sys.argv[1], sys.argv[2:])
