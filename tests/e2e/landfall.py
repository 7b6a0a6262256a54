"""A running Landfall as the tests see it: the command line, AWS's clients, and the machine around it."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[2]
STACK = ROOT / "examples/myapp/stack.yaml"


class Failure(AssertionError):
    """A test's own failure, with the sentence to print."""


def check(condition, message):
    if not condition:
        raise Failure(message)


def equal(got, wanted, what):
    check(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


def until(condition, seconds, what):
    """Asks again until it is true; the answer. Clients of a public API have no event to wait for."""
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        last = condition()
        if last:
            return last
        time.sleep(0.1)
    raise Failure(f"not within {seconds} s: {what} (last: {last!r})")


class Answer:
    """What curl got."""

    def __init__(self, exit_code, status, version, headers, body, error):
        self.exit_code, self.status, self.version = exit_code, status, version
        self.headers, self.body, self.error = headers, body, error

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Failure(f"no JSON (status {self.status}, {self.error}): {self.body[:200]!r}") from error


class Landfall:
    def __init__(self, binary, data_dir, api_port, public_cidr):
        self.binary = str(pathlib.Path(binary).resolve())
        self.data_dir = str(data_dir)
        self.api_port = api_port
        self.public_cidr = public_cidr
        self._env = None

    # ---- the command line ----

    def command(self, *words, **options):
        """landfall WORDS --data-dir DIR; a CompletedProcess with text."""
        after = []
        words = list(words)
        if "--" in words:
            at = words.index("--")
            words, after = words[:at], words[at:]
        options.setdefault("timeout", 120)
        if "input" not in options:
            options["stdin"] = subprocess.DEVNULL
        return subprocess.run([self.binary, *words, "--data-dir", self.data_dir, *after], capture_output=True, text=True,
                              **options)

    def up(self, *more, timeout=300):
        done = self.command("up", "--detach", "--api-port", str(self.api_port), "--public-cidr", self.public_cidr,
                            "--stack", str(STACK), *more, timeout=timeout)
        check(done.returncode == 0, f"up failed ({done.returncode}):\n{done.stdout}{done.stderr}")
        return done.stdout

    def down(self, timeout=120):
        return self.command("down", timeout=timeout)

    def status(self):
        done = self.command("status", "--json")
        return json.loads(done.stdout) if done.stdout else {}

    def role_pid(self, role):
        for entry in self.status().get("roles", []):
            if entry["name"] == role and entry["state"] == "ready":
                return entry["pid"]
        return 0

    def kill_role(self, role):
        """SIGKILL; returns once another process of that role is ready, with the seconds it took."""
        before = until(lambda: self.role_pid(role), 30, f"{role} to be ready")
        began = time.monotonic()
        os.kill(before, signal.SIGKILL)
        until(lambda: self.role_pid(role) not in (0, before), 30, f"{role} to be back")
        return time.monotonic() - began

    def shell(self, *words, **options):
        """Runs WORDS in `landfall shell`."""
        return self.command("shell", "--", *[str(word) for word in words], **options)

    def exec(self, instance, *words, **options):
        return self.command("exec", instance, "--", *[str(word) for word in words], **options)

    # ---- HTTP as a browser or another program sees it: real names, verified certificates ----

    def curl(self, url, *arguments):
        # -D and -o keep head and body apart whatever they hold.
        with tempfile.TemporaryDirectory() as folder:
            done = self.shell("curl", "-sS", "--max-time", "20", "-D", folder + "/head", "-o", folder + "/body", "-w",
                              "%{http_code} %{http_version}", *arguments, url)
            words = done.stdout.split()
            head = pathlib.Path(folder, "head").read_text() if os.path.exists(folder + "/head") else ""
            body = pathlib.Path(folder, "body").read_bytes() if os.path.exists(folder + "/body") else b""
        last = re.split(r"\r?\n\r?\n", head.strip())[-1]
        headers = {name.strip().lower(): value.strip()
                   for name, _, value in (line.partition(":") for line in last.splitlines()[1:])}
        return Answer(done.returncode, int(words[0]) if words else 0, words[1] if len(words) > 1 else "", headers, body,
                      done.stderr.strip())

    def address(self, offset):
        base = self.public_cidr.split("/")[0].split(".")
        return f"{base[0]}.{base[1]}.{offset // 256}.{offset % 256}"

    def resolve(self, name, kind="A"):
        done = subprocess.run(["dig", "+short", "+time=2", "+tries=2", "@" + self.address(1), name, kind],
                              capture_output=True, text=True, timeout=20)
        return [line for line in done.stdout.splitlines() if line and not line.startswith(";")]

    # ---- AWS's clients ----

    def env(self):
        if self._env is None:
            done = self.command("env", "--json")
            check(done.returncode == 0, f"env failed: {done.stderr}")
            self._env = json.loads(done.stdout)
        return self._env

    def boto(self, service, access_key=None, secret=None, token=None, retries=0, region="us-east-1"):
        env = self.env()
        return boto3.client(
            service, endpoint_url=f"http://127.0.0.1:{self.api_port}", region_name=region,
            aws_access_key_id=access_key or env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=secret or env["AWS_SECRET_ACCESS_KEY"], aws_session_token=token,
            config=botocore.config.Config(retries={"max_attempts": retries}, s3={"addressing_style": "path"},
                                          connect_timeout=5, read_timeout=60))

    def aws(self, *words):
        """Debian's AWS CLI in `landfall shell`: real endpoints, real certificates."""
        return self.shell("/usr/bin/aws", "--output", "json", *words)

    def outputs(self):
        stack = self.boto("cloudformation").describe_stacks(StackName="myapp")["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def database_password(self):
        with open(self.data_dir + "/stack-myapp.json", encoding="utf-8") as file:
            return json.load(file)["DatabasePassword"]

    def api_instances(self):
        groups = self.boto("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        return [instance for group in groups for instance in group["Instances"] if instance["LifecycleState"] == "InService"]

    def healthy_targets(self):
        elb = self.boto("elbv2")
        return [target["Target"]["Id"] for group in elb.describe_target_groups()["TargetGroups"]
                for target in elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
                if target["TargetHealth"]["State"] == "healthy"]

    def instance_pid(self, instance):
        """Of the instance's pid 1, as the machine sees it."""
        done = self.exec(instance, "readlink", "/proc/self/ns/pid")
        wanted = done.stdout.strip()
        check(wanted.startswith("pid:"), f"exec in {instance}: {done.stderr}")
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                if os.readlink(f"/proc/{entry}/ns/pid") != wanted:
                    continue
                with open(f"/proc/{entry}/status", encoding="utf-8") as file:
                    if re.search(r"^NSpid:\s.*\s1$", file.read(), re.M):
                        return int(entry)
            except OSError:
                continue
        raise Failure(f"no process 1 of {instance}")


class Load:
    """GETs of one URL path over TLS to a load balancer or the CDN, on several kept connections, until stopped."""

    def __init__(self, landfall, name, path, threads=4):
        self.name, self.path = name, path
        self.addresses = landfall.resolve(name)
        check(self.addresses, f"{name} does not resolve")
        self.context = ssl.create_default_context(cafile=landfall.data_dir + "/ca/ca.pem")
        self.count, self.failures, self.seen = 0, [], {}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(index,), daemon=True) for index in range(threads)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def served(self):
        return self.count

    def _record(self, status, instance):
        with self._lock:
            self.count += 1
            self.seen[instance] = time.monotonic()
            if status != 200:
                self.failures.append((time.monotonic(), f"status {status}"))

    def _fail(self, why):
        with self._lock:
            self.count += 1
            self.failures.append((time.monotonic(), why))

    def _run(self, index):
        connection = None
        while not self._stop.is_set():
            try:
                if connection is None:
                    raw = socket.create_connection((self.addresses[index % len(self.addresses)], 443), timeout=10)
                    connection = self.context.wrap_socket(raw, server_hostname=self.name)
                    reader = connection.makefile("rb")
                connection.sendall(f"GET {self.path} HTTP/1.1\r\nHost: {self.name}\r\n\r\n".encode())
                status, instance, closes = self._read_answer(reader)
                self._record(status, instance)
                if closes:
                    connection.close()
                    connection = None
            except (OSError, ValueError) as error:
                self._fail(f"{type(error).__name__}: {error}")
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(0.05)

    @staticmethod
    def _read_answer(reader):
        line = reader.readline()
        if not line.startswith(b"HTTP/1.1 "):
            raise ValueError(f"cut answer {line[:40]!r}")
        status, headers = int(line[9:12]), {}
        for line in iter(reader.readline, b"\r\n"):
            if not line:
                raise ValueError("cut head")
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get(b"content-length", b"0"))
        if b"chunked" in headers.get(b"transfer-encoding", b""):
            while True:
                size = int(reader.readline(), 16)
                reader.read(size + 2)
                if size == 0:
                    break
        elif len(reader.read(length)) != length:
            raise ValueError("cut body")
        return status, headers.get(b"x-instance-id", b"").decode(), headers.get(b"connection", b"").lower() == b"close"


def processes_using(data_dir):
    """Pids whose command line names the data directory, except ours."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if words and b"landfall" in os.path.basename(words[0]) and any(data_dir.encode() in word for word in words):
            found.append(int(entry))
    return found


def slow(test):
    """For a test whose time is a client's own polling: it runs with --full, or by its name."""
    test.slow = True
    return test


def describe_process(pid):
    def read(name):
        try:
            return pathlib.Path(f"/proc/{pid}/{name}").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError as error:
            return f"{name}: {error.strerror}"
    status = dict(line.split(":\t", 1) for line in read("status").splitlines() if ":\t" in line)
    return f"{pid} ({read('cmdline')}) state {status.get('State', 'gone')} parent {status.get('PPid', '?')}"


def traces():
    """What the machine shows of networks, mounts and firewall rules: equal before and after."""
    def lines(*command):
        if not shutil.which(command[0]):
            return []
        return sorted(subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines())
    with open("/proc/self/mounts", encoding="utf-8") as file:
        mounts = sorted(line.split()[1] for line in file)
    links = [re.sub(r"^\d+: ", "", line) for line in lines("ip", "-o", "link") if "mtu" in line]
    return {"mounts": mounts, "links": [link.split(":")[0] for link in links], "namespaces": lines("ip", "netns"),
            "rules": lines("nft", "list", "ruleset")}
