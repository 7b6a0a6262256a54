"""The clients of a soak. Each turn() is a bounded piece of work: every socket has a timeout, nothing waits without one.

What an answer holds is compared with what it must be, byte by byte: a difference is soak.wrong(), and no fault excuses it.
A request without a good answer is soak.failed(); whether that is excused is for the faults to say.
"""

import collections
import http.client
import json
import random
import re
import socket
import ssl
import struct
import subprocess
import tempfile
import time

from ledger import ABSENT, content, difference, digest

TIMEOUT_SECONDS = 10
REQUESTS_OF_A_CONNECTION = 200  # then a new one: connections come and go
EXPECTED_ERRORS = (OSError, ssl.SSLError, http.client.HTTPException)  # what a server that ends makes of a request


class Client:
    group = ""
    pause = 0.01

    def __init__(self, soak, number=0):
        self.soak, self.number = soak, number
        self.chance = random.Random(f"{soak.seed}/{type(self).__name__}/{number}")
        self.name = f"{type(self).__name__} {number}"

    def turn(self):
        raise NotImplementedError

    def close(self):
        """After a failure, and at the end."""


class HttpClient(Client):
    """One kept connection over TLS, verified."""

    host = ""

    def __init__(self, soak, number=0):
        super().__init__(soak, number)
        self.connection, self.used = None, 0

    def request(self, method, path, body=None, headers=None):
        """(status, headers, body)"""
        if self.connection is None:
            raw = socket.create_connection((self.chance.choice(self.soak.addresses[self.host]), self.soak.https_port), timeout=TIMEOUT_SECONDS)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection, self.used = http.client.HTTPConnection(self.host, timeout=TIMEOUT_SECONDS), 0
            self.connection.sock = self.soak.secure(raw, self.host)
        self.connection.request(method, path, body=body, headers=headers or {})
        answer = self.connection.getresponse()
        got = answer.status, answer.headers, answer.read()
        self.used += 1
        if answer.will_close or self.used >= REQUESTS_OF_A_CONNECTION:
            self.close()
        return got

    def expect(self, wanted, began, what, answer):
        """True if it has that status; otherwise it is a failed request."""
        if answer[0] == wanted:
            self.soak.did(what)
            return True
        self.soak.failed(self.group, began, f"{what}: status {answer[0]} {answer[2][:200]!r}")
        return False

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Items(HttpClient):
    """Rows through the load balancer, an instance, PostgreSQL and Redis; uploads through an instance to S3 and out by the CDN."""

    group, host, pause = "items", "api.myapp.com", 0.01
    UPLOADS = (0, 1_000, 20_000)  # each is cached by the CDN once it has been read: small, so that this is no growth to speak of

    def turn(self):
        began, doing = time.monotonic(), self.chance.random()
        if doing < 0.2:
            self.create(began)
        elif doing < 0.21:
            self.upload(began)
        elif doing < 0.31:
            self.list(began)
        else:
            self.read(began)

    def create(self, began):
        name = f"{self.number} {self.chance.getrandbits(64):x} " + "n" * self.chance.choice((0, 10, 900))
        answer = self.request("POST", "/items", json.dumps({"name": name}))
        if not self.expect(201, began, "item created", answer):
            return
        item = json.loads(answer[2])
        if item["name"] != name:
            self.soak.wrong(f"item created as {item['name']!r}, not {name!r}")
        self.soak.created(item)

    def read(self, began):
        known = list(self.soak.items.values())
        if not known:
            return
        wanted = self.chance.choice(known)
        answer = self.request("GET", f"/items/{wanted['id']}")
        if self.expect(200, began, "item read", answer) and json.loads(answer[2]) != wanted:
            self.soak.wrong(f"item {wanted['id']} is {answer[2][:200]!r}")

    def list(self, began):
        answer = self.request("GET", "/items")
        if self.expect(200, began, "items listed", answer):
            for item in json.loads(answer[2])["items"]:
                if self.soak.items.get(item["id"], item) != item:
                    self.soak.wrong(f"item {item['id']} in the list is {item}")

    def upload(self, began):
        name, generation = f"soak-{self.number}-{self.chance.getrandbits(64):x}", 0
        body = content(self.soak.seed, name, generation, self.chance.choice(self.UPLOADS))
        if self.expect(201, began, "upload", self.request("PUT", "/uploads/" + name, body)):
            self.soak.uploads.append((name, body))


class Cdn(HttpClient):
    """The site's files, objects that are rewritten and invalidated (CdnWriter), uploads, and parts of them."""

    group, host, pause = "cdn", "cdn.myapp.com", 0.01

    def turn(self):
        doing = self.chance.random()
        if doing < 0.3:
            path = self.chance.choice(sorted(self.soak.site))
            self.fetch(path, {digest(self.soak.site[path])}, self.soak.site[path])
        elif doing < 0.4 and self.soak.uploads:
            name, body = self.chance.choice(self.soak.uploads)
            self.fetch("/uploads/" + name, {digest(body)}, body)
        else:
            self.rewritten(f"soak/{self.chance.randrange(CdnWriter.KEYS)}")

    def fetch(self, path, allowed, body):
        began = time.monotonic()
        answer = self.request("GET", path)
        if self.expect(200, began, "cdn file", answer) and digest(answer[2]) not in allowed:
            self.soak.wrong(f"cdn {path}: {difference(answer[2], body)}")

    def rewritten(self, key):
        began, part = time.monotonic(), self.chance.random() < 0.2
        first = self.chance.randrange(CdnWriter.SMALLEST) if part else 0
        answer = self.request("GET", "/" + key, headers={"Range": f"bytes={first}-"} if part else {})
        if not self.expect(206 if part else 200, began, "cdn object", answer):
            return
        allowed = self.soak.cdn.allowed(key, began)
        if part:
            allowed = {digest(content(self.soak.seed, key, *self.soak.cdn_made[value])[first:]) for value in allowed if value != ABSENT}
        if digest(answer[2]) not in allowed:
            self.soak.wrong(f"cdn /{key} from byte {first}: {len(answer[2])} bytes, {digest(answer[2])[:12]}, of {len(allowed)} allowed contents "
                            f"none ({answer[1].get('x-cache')}, age {answer[1].get('age')})")


class CdnWriter(Client):
    """Writes an object anew, invalidates it, and waits for the invalidation's end: from then on only the new one is right."""

    group, pause = "api", 2
    KEYS, SMALLEST = 24, 5_000
    SIZES = (SMALLEST, 60_000, 400_000, 1_500_000)  # above 512 KiB an object lives on the disk only

    def __init__(self, soak, number=0):
        super().__init__(soak, number)
        self.s3, self.cloudfront, self.generation = soak.aws("s3"), soak.aws("cloudfront"), 0

    def write(self, key):
        self.generation += 1
        made = self.generation, self.SIZES[int(key.split("/")[1]) % len(self.SIZES)]
        body = content(self.soak.seed, key, *made)
        self.soak.cdn_made[digest(body)] = made
        self.soak.cdn.begin(key, digest(body))
        self.s3.put_object(Bucket=self.soak.site_bucket, Key=key, Body=body)
        return digest(body)

    def first(self):
        """Before anyone reads."""
        for number in range(self.KEYS):
            self.soak.cdn.settled(f"soak/{number}", self.write(f"soak/{number}"))

    def turn(self):
        key = f"soak/{self.chance.randrange(self.KEYS)}"
        written = self.write(key)
        made = self.cloudfront.create_invalidation(DistributionId=self.soak.distribution, InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/" + key]}, "CallerReference": f"{self.soak.seed}-{self.generation}"})["Invalidation"]
        for _ in range(100):
            if made["Status"] == "Completed":
                self.soak.cdn.settled(key, written)
                self.soak.did("invalidation")
                return
            if self.soak.stop.wait(0.1):
                return
            made = self.cloudfront.get_invalidation(DistributionId=self.soak.distribution, Id=made["Id"])["Invalidation"]
        self.soak.failed(self.group, time.monotonic() - 10, f"invalidation {made['Id']} is {made['Status']} after 10 s")


class Http2(Client):
    """Many streams of one connection, by curl."""

    group, pause = "cdn", 1
    STREAMS = 20

    def turn(self):
        began, host = time.monotonic(), "cdn.myapp.com"
        asked = [self.chance.choice(sorted(self.soak.site)) if self.chance.random() < 0.5 else f"/soak/{self.chance.randrange(CdnWriter.KEYS)}"
                 for _ in range(self.STREAMS)]
        with tempfile.TemporaryDirectory() as folder:
            command = ["curl", "-sS", "--http2", "-Z", "--max-time", str(TIMEOUT_SECONDS), "--cacert", self.soak.ca,
                       "--resolve", f"{host}:443:{self.soak.addresses[host][0]}", "-w", "%{http_code} %{http_version} %{exitcode} %{filename_effective}\n"]
            for i, path in enumerate(asked):
                command += ["-o", f"{folder}/{i}", f"https://{host}{path}"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS * 2, stdin=subprocess.DEVNULL, check=False)
            answers = {words[3]: words[:3] for words in (line.split() for line in done.stdout.splitlines()) if len(words) == 4}
            for i, path in enumerate(asked):
                if answers.get(f"{folder}/{i}") != ["200", "2", "0"]:
                    self.soak.failed(self.group, began, f"http2 {path}: {answers.get(f'{folder}/{i}')} {done.stderr.strip()[:200]}")
                    continue
                self.soak.did("http2 stream")
                with open(f"{folder}/{i}", "rb") as file:
                    got = digest(file.read())
                allowed = {digest(self.soak.site[path])} if path in self.soak.site else self.soak.cdn.allowed(path[1:], began)
                if got not in allowed:
                    self.soak.wrong(f"http2 {path}: not its content ({got[:12]})")


class Volume(Client):
    """Many requests by h2load, in bursts: what leaks a little with each shows sooner. Statuses only."""

    group, pause = "cdn", 1
    REQUESTS = 1_000
    TURNS = (("cdn", "cdn.myapp.com", "/css/site.css", ()), ("items", "api.myapp.com", "/", ("--h1",)),
             ("items", "api.myapp.com", "/", ()))  # answered by an instance without its database

    def turn(self):
        self.group, host, path, more = self.chance.choice(self.TURNS)
        began = time.monotonic()
        done = subprocess.run(["h2load", "-n", str(self.REQUESTS), "-c", "10", "-m", "10", "-N", "15", *more,
                               f"--connect-to={self.soak.addresses[host][0]}:443", f"https://{host}{path}"],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
        said = re.search(r"^status codes: (\d+) 2xx", done.stdout, re.M)
        good = int(said.group(1)) if said else 0
        self.soak.did(f"burst of {self.REQUESTS}")
        if good != self.REQUESTS:
            failed = [line for line in done.stdout.splitlines() if line.startswith(("requests:", "status codes:"))]
            self.soak.failed(self.group, began, f"h2load {host}{path}: {good} of {self.REQUESTS}: {failed} {done.stderr[:200]}")


class Objects(Client):
    """Writes, reads whole and in part, multiparts, removals and listings of keys of its own in S3."""

    group, pause = "s3", 0.01
    KEYS = 200
    SIZES = (0, 10, 4_096, 70_000, 1_000_000)
    PART = 5 << 20

    def __init__(self, soak, number=0):
        super().__init__(soak, number)
        self.s3, self.generation, self.made = soak.aws("s3"), 0, {}  # made: digest -> (generation, size)

    def turn(self):
        key, doing = f"{self.number:02}/{self.chance.randrange(self.KEYS)}", self.chance.random()
        if doing < 0.005:
            self.multipart(key)
        elif doing < 0.02:
            self.list()
        elif doing < 0.10:
            self.delete(key)
        elif doing < 0.40 or self.soak.objects.allowed(key) == {ABSENT}:
            self.put(key)
        else:
            self.get(key)

    def body(self, key, size):
        self.generation += 1
        body = content(self.soak.seed, key, self.generation, size)
        self.made[digest(body)] = (self.generation, size)
        self.soak.objects.begin(key, digest(body))
        return body

    def put(self, key):
        body = self.body(key, self.chance.choice(self.SIZES))
        self.s3.put_object(Bucket=self.soak.bucket, Key=key, Body=body)
        self.soak.objects.settled(key, digest(body))
        self.soak.did("s3 put")

    def multipart(self, key):
        upload = self.s3.create_multipart_upload(Bucket=self.soak.bucket, Key=key)["UploadId"]
        body, parts = self.body(key, self.PART + 1000), []
        for number, piece in enumerate((body[:self.PART], body[self.PART:]), 1):
            part = self.s3.upload_part(Bucket=self.soak.bucket, Key=key, UploadId=upload, PartNumber=number, Body=piece)
            parts.append({"ETag": part["ETag"], "PartNumber": number})
        self.s3.complete_multipart_upload(Bucket=self.soak.bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})
        self.soak.objects.settled(key, digest(body))
        self.soak.did("s3 multipart")

    def delete(self, key):
        self.soak.objects.begin(key, ABSENT)
        self.s3.delete_object(Bucket=self.soak.bucket, Key=key)
        self.soak.objects.settled(key, ABSENT)
        self.soak.did("s3 delete")

    def get(self, key):
        self.compare(key, self.read(key))
        allowed = self.soak.objects.allowed(key)
        if len(allowed) == 1 and self.chance.random() < 0.2:
            self.part(key, next(iter(allowed)))

    def read(self, key):
        """The body, or ABSENT."""
        try:
            body = self.s3.get_object(Bucket=self.soak.bucket, Key=key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return ABSENT
        self.soak.did("s3 get")
        return body

    def compare(self, key, got):
        value = got if got == ABSENT else digest(got)
        allowed = self.soak.objects.allowed(key)
        if value in allowed:
            return
        if value == ABSENT:
            return self.soak.lost(f"object {key}: acknowledged, and not there")
        texts = [difference(got, content(self.soak.seed, key, *self.made[wanted])) for wanted in allowed if wanted in self.made]
        self.soak.wrong(f"object {key}: {'; '.join(texts) or 'deleted, and there'}" + (f" (an older content: {self.made[value]})" if value in self.made else ""))

    def part(self, key, value):
        if value == ABSENT or self.made[value][1] == 0:
            return
        body = content(self.soak.seed, key, *self.made[value])
        first = self.chance.randrange(len(body))
        got = self.s3.get_object(Bucket=self.soak.bucket, Key=key, Range=f"bytes={first}-{first + 99_999}")["Body"].read()
        self.soak.did("s3 part")
        if got != body[first:first + 100_000]:
            self.soak.wrong(f"object {key} from byte {first}: {difference(got, body[first:first + 100_000])}")

    def list(self):
        """Its keys: those that must be there are, and no others than may be."""
        found = {entry["Key"] for entry in
                 self.s3.list_objects_v2(Bucket=self.soak.bucket, Prefix=f"{self.number:02}/").get("Contents", [])}
        self.soak.did("s3 list")
        for key in (f"{self.number:02}/{i}" for i in range(self.KEYS)):
            allowed = self.soak.objects.allowed(key)
            if key in found and allowed == {ABSENT}:
                self.soak.wrong(f"list: {key} was deleted")
            if key not in found and ABSENT not in allowed:
                self.soak.lost(f"list: {key} is missing")

    def read_back(self):
        """At the end: every key."""
        self.list()
        for i in range(self.KEYS):
            key = f"{self.number:02}/{i}"
            self.compare(key, self.read(key))

    def remove_all(self):
        for entry in self.s3.list_objects_v2(Bucket=self.soak.bucket, Prefix=f"{self.number:02}/").get("Contents", []):
            self.s3.delete_object(Bucket=self.soak.bucket, Key=entry["Key"])


def dns_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def dns_answers(message):
    """(response code, [record data]) of an answer to one question; names inside are skipped, not followed."""
    def skip_name(at):
        while message[at] and message[at] < 0xC0:
            at += message[at] + 1
        return at + (2 if message[at] >= 0xC0 else 1)
    at, records = skip_name(12) + 4, []
    for _ in range(struct.unpack(">H", message[6:8])[0]):
        at = skip_name(at) + 8
        length = struct.unpack(">H", message[at:at + 2])[0]
        records.append(message[at + 2:at + 2 + length])
        at += 2 + length
    return message[3] & 15, records


class Dns(Client):
    """The resolver and the authoritative server, over UDP and now and then TCP; TXT records that Api rewrites."""

    group, pause = "dns", 0.005
    A, TXT = 1, 16

    def turn(self):
        kind, name, server = self.A, self.chance.choice(sorted(self.soak.addresses)), self.chance.choice(self.soak.name_servers)
        if self.chance.random() < 0.2:
            kind, name, server = self.TXT, self.chance.choice(Api.TXT_NAMES), self.soak.name_servers[-1]
        began, number = time.monotonic(), self.chance.randrange(65536)
        question = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + dns_name(name) + struct.pack(">HH", kind, 1)
        answer = (self.over_tcp if self.chance.random() < 0.02 else self.over_udp)(server, question, number)
        code, records = dns_answers(answer)
        self.soak.did("dns")
        if kind == self.A:
            got = {socket.inet_ntoa(record) for record in records if len(record) == 4}
            if code or not got or not got <= set(self.soak.addresses[name]):
                self.soak.wrong(f"dns {name} at {server}: code {code}, {got}, not of {self.soak.addresses[name]}")
        else:
            values = {record[1:].decode() for record in records} or {ABSENT}
            if not values <= self.soak.tags.allowed(name, began):
                self.soak.wrong(f"dns TXT {name}: {values}, allowed {self.soak.tags.allowed(name, began)}")

    @staticmethod
    def over_udp(server, question, number):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(2)
            udp.connect((server, 53))
            udp.send(question)
            while True:
                answer = udp.recv(4096)
                if struct.unpack(">H", answer[:2])[0] == number:
                    return answer

    @staticmethod
    def over_tcp(server, question, number):
        with socket.create_connection((server, 53), timeout=TIMEOUT_SECONDS) as tcp:
            tcp.sendall(struct.pack(">H", len(question)) + question)
            reader = tcp.makefile("rb")
            length = reader.read(2)
            answer = reader.read(struct.unpack(">H", length)[0]) if len(length) == 2 else b""
            if len(answer) < 12 or struct.unpack(">H", answer[:2])[0] != number:
                raise ConnectionError(f"dns over tcp: {len(answer)} bytes")
            return answer


class Api(Client):
    """Control: tags and records written and read back; what was acknowledged is there, after kills too."""

    group, pause = "api", 0.1
    TXT_NAMES = tuple(f"soak-{i}.myapp.com" for i in range(4))

    def __init__(self, soak, number=0):
        super().__init__(soak, number)
        self.ec2, self.route53, self.elbv2 = soak.aws("ec2"), soak.aws("route53"), soak.aws("elbv2")

    def turn(self):
        doing = self.chance.random()
        if doing < 0.3:
            self.tag()
        elif doing < 0.4:
            self.record()
        elif doing < 0.8:
            self.read_tag()
        else:
            began, found = time.monotonic(), self.elbv2.describe_load_balancers()["LoadBalancers"]
            self.soak.did("api read")
            if not found:
                self.soak.failed(self.group, began, "no load balancer")

    def tag(self):
        key, value = f"soak-{self.chance.randrange(5)}", f"{self.chance.getrandbits(64):x}"
        self.soak.tags.begin(key, value)
        self.ec2.create_tags(Resources=[self.soak.vpc], Tags=[{"Key": key, "Value": value}])
        self.soak.tags.settled(key, value)
        self.soak.did("api tag")

    def read_tag(self):
        tags = self.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [self.soak.vpc]}])["Tags"]
        values = {tag["Key"]: tag["Value"] for tag in tags}
        self.soak.did("api read")
        for key in (f"soak-{i}" for i in range(5)):
            if values.get(key, ABSENT) not in self.soak.tags.allowed(key):
                self.soak.wrong(f"tag {key} is {values.get(key, ABSENT)}, allowed {self.soak.tags.allowed(key)}")

    def record(self):
        name, value = self.chance.choice(self.TXT_NAMES), f"{self.chance.getrandbits(64):x}"
        self.soak.tags.begin(name, value)
        change = self.route53.change_resource_record_sets(HostedZoneId=self.soak.zone, ChangeBatch={"Changes": [{
            "Action": "UPSERT", "ResourceRecordSet": {"Name": name, "Type": "TXT", "TTL": 1, "ResourceRecords": [{"Value": f'"{value}"'}]}}]})["ChangeInfo"]
        for _ in range(100):
            if change["Status"] == "INSYNC":  # every worker answers with it
                self.soak.tags.settled(name, value)
                self.soak.did("api record")
                return
            if self.soak.stop.wait(0.05):
                return
            change = self.route53.get_change(Id=change["Id"])["ChangeInfo"]
        self.soak.failed(self.group, time.monotonic() - 5, f"change {change['Id']} is {change['Status']} after 5 s")


class Slow(Client):
    """Half of them never end their head, half never read what they asked for. The server may close them: that is no failure."""

    group, pause = "slow", 0
    CLIENTS = 100

    def turn(self):
        clients, address = [], self.soak.addresses["api.myapp.com"][0]
        try:
            for i in range(self.CLIENTS):
                client = socket.create_connection((address, 80), timeout=2)
                clients.append(client)
                client.settimeout(1)
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: " if i % 2 else b"GET /items HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
            self.soak.did("slow clients")
            self.soak.stop.wait(10)
        except OSError:
            self.soak.stop.wait(0.2)
        finally:
            for client in clients:
                client.close()


Population = collections.namedtuple("Population", "kind count")
POPULATION = (Population(Items, 3), Population(Cdn, 2), Population(Http2, 1), Population(Volume, 1), Population(Objects, 3), Population(Dns, 1),
              Population(Api, 1), Population(CdnWriter, 1), Population(Slow, 1))
