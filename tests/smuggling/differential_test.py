#!/usr/bin/python3
"""One framing, three readers: each case goes, byte for byte, to Landfall's load balancer, to nginx and to HAProxy, each
in front of an upstream that records what reaches it.

  differential_test.py PATH/TO/alb_server [NAME...]

Asserted of Landfall: of a message whose framing RFC 9112 calls invalid nothing complete reaches the upstream, and never
two requests; of a valid one exactly what was sent. Printed: where the three differ. Peers that are not installed are
skipped, and that is said.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

QUIET_SECONDS = 0.4  # after this much silence nothing more is coming: no peer has an event for that
PORT = 4720          # on loopback addresses of this process's own
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def post(fields, body):
    return b"POST /case HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n\r\n" + body


def length_and(encoding, first=b"length"):
    """The classic pair: by one reading the body is empty chunks and /smuggled follows, by the other all is body."""
    body = b"0\r\n\r\n" + SMUGGLED
    size = b"Content-Length: %d" % len(body)
    return post(size + b"\r\n" + encoding if first == b"length" else encoding + b"\r\n" + size, body)


def encoded(line):
    """Who does not know this coding sees a request without body, and /smuggled behind it."""
    return post(line, SMUGGLED)


def chunked(body):
    return post(b"Transfer-Encoding: chunked", body)


def hidden(size_line):
    """/smuggled inside a chunk's data, or behind the body, by the reading of the size line."""
    return chunked(size_line + SMUGGLED + b"\r\n0\r\n\r\n")


# name (with its section): (is the framing valid?, bytes, request lines that must reach the upstream of a valid one)
INVALID = {
    "9112 6.1 length and encoding": length_and(b"Transfer-Encoding: chunked"),
    "9112 6.1 encoding and length": length_and(b"Transfer-Encoding: chunked", first=b"encoding"),
    "9112 6.1 xchunked": encoded(b"Transfer-Encoding: xchunked"),
    "9112 6.1 length and xchunked": length_and(b"Transfer-Encoding: xchunked"),
    "9112 6.1 chunked, identity": encoded(b"Transfer-Encoding: chunked, identity"),
    "9112 6.1 identity, chunked": encoded(b"Transfer-Encoding: identity, chunked"),
    "9112 6.1 two lines": encoded(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x"),
    "9112 6.1 two lines the other way": length_and(b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked"),
    "9112 6.1 chunked twice": encoded(b"Transfer-Encoding: chunked, chunked"),
    "9112 6.1 quoted": encoded(b'Transfer-Encoding: "chunked"'),
    "9112 6.1 length and tab before the coding": length_and(b"Transfer-Encoding:\tchunked"),
    "9112 6.1 vertical tab before the coding": length_and(b"Transfer-Encoding: \x0bchunked"),
    "9112 6.1 NUL behind the coding": length_and(b"Transfer-Encoding: chunked\x00"),
    "9112 6.1 in HTTP/1.0": b"POST /case HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "9112 5.1 space before colon": length_and(b"Transfer-Encoding : chunked"),
    "9112 5.1 tab before colon": length_and(b"Transfer-Encoding\t: chunked"),
    "9112 5.1 space before the length's colon": post(b"Content-Length : %d" % len(SMUGGLED), SMUGGLED),
    "9112 5.1 NUL in the name": length_and(b"Transfer\x00-Encoding: chunked"),
    "9112 5.2 folded coding": length_and(b"Transfer-Encoding:\r\n chunked"),
    "9112 5.2 folded into another field": length_and(b"X: y\r\n Transfer-Encoding: chunked"),
    "9112 2.2 bare LF before the coding": length_and(b"X: y\nTransfer-Encoding: chunked"),
    "9112 2.2 bare CR before the coding": length_and(b"X: y\rTransfer-Encoding: chunked"),
    "9112 2.2 CR CR LF": length_and(b"X: y\r\r\nTransfer-Encoding: chunked"),
    "9112 2.2 space before the first field": b"POST /case HTTP/1.1\r\n Transfer-Encoding: chunked\r\nHost: a\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "9112 6.3 two lengths": post(b"Content-Length: 0\r\nContent-Length: %d" % len(SMUGGLED), SMUGGLED),
    "9112 6.3 two lengths the other way": post(b"Content-Length: %d\r\nContent-Length: 0" % len(SMUGGLED), SMUGGLED),
    "9112 6.3 list of lengths": post(b"Content-Length: 0, %d" % len(SMUGGLED), SMUGGLED),
    "9112 6.3 plus sign": post(b"Content-Length: +%d" % len(SMUGGLED), SMUGGLED),
    "9112 6.3 minus sign": post(b"Content-Length: -1", SMUGGLED),
    "9112 6.3 hexadecimal": post(b"Content-Length: 0x0", SMUGGLED),
    "9112 6.3 empty": post(b"Content-Length:", SMUGGLED),
    "9112 6.3 with text behind": post(b"Content-Length: 0abc", SMUGGLED),
    "9112 6.3 wraps at 64 bits": post(b"Content-Length: 18446744073709551616", SMUGGLED),
    "CVE-2021-40346 name of more than 255 bytes": post(b"Content-Length0" + b"a" * 255 + b":\r\nContent-Length: 0\r\nContent-Length: %d" % len(SMUGGLED), SMUGGLED),
    "CVE-2023-25725 empty name": post(b":\r\nContent-Length: %d" % len(SMUGGLED), SMUGGLED),
    "9112 7.1 size wraps at 64 bits": hidden(b"10000000000000000\r\n"),
    "9112 7.1 size with 0x": hidden(b"0x0\r\n\r\n"),
    "9112 7.1 size with a sign": hidden(b"+0\r\n\r\n"),
    "9112 7.1 size with a space before": hidden(b" 0\r\n\r\n"),
    "9112 7.1 size with a bare LF": hidden(b"0\n\n"),
    "9112 7.1 size with a bare CR": hidden(b"0\r\r\n\r\n"),
    "9112 7.1 no size": hidden(b"\r\n"),
    "9112 7.1 data longer than its size": chunked(b"1\r\nab\r\n0\r\n\r\n" + SMUGGLED),
    "9112 7.1 data without its CR LF": chunked(b"1\r\na0\r\n\r\n" + SMUGGLED),
    "9112 7.1 last chunk ends with LF": chunked(b"0\r\n\n" + SMUGGLED),
    "9112 7.1.1 bare LF in an extension": chunked(b"2;\nxx\r\n%x\r\n0\r\n\r\n" % (len(SMUGGLED) + 5) + SMUGGLED + b"\r\n0\r\n\r\n"),
    "9112 7.1.1 bare CR in an extension": chunked(b"0;a\rb\r\n\r\n" + SMUGGLED),
    "9112 7.1.2 trailer without colon": chunked(b"0\r\nnonsense\r\n\r\n" + SMUGGLED),
    "9110 6.5.1 length among the trailers": chunked(b"0\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED),
    "9112 3 space in the target": b"GET /case HTTP/1.1\r\nX: y HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + SMUGGLED,
    "9112 3 two spaces": b"GET  /case HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED,
    "9112 3.2 two hosts": b"GET /case HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + SMUGGLED,
    "9112 3.2 no host": b"GET /case HTTP/1.1\r\nX: y\r\n\r\n" + SMUGGLED,
    "9112 3.2 host with a path": b"GET /case HTTP/1.1\r\nHost: a/b\r\n\r\n" + SMUGGLED,
    "9112 3.2 fragment": b"GET /case#/x HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED,
    "9112 3 NUL in the target": b"GET /case\x00 HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED,
    "9112 3 tabs in the request line": b"GET\t/case\tHTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED,
    "9112 2.2 head of bare LFs": b"GET /case HTTP/1.1\nHost: a\n\n" + SMUGGLED,
}
CASE, SECOND = b"/case", b"/second"
FOLLOWS = b"GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
VALID = {
    "9112 9.3.2 pipelined": (b"GET /case HTTP/1.1\r\nHost: a\r\n\r\n" + FOLLOWS, [CASE, SECOND]),
    "9112 6.2 body by length": (post(b"Content-Length: %d" % len(SMUGGLED), SMUGGLED) + FOLLOWS, [CASE, SECOND]),
    "9112 7.1 body in chunks": (hidden(b"%x\r\n" % len(SMUGGLED)) + FOLLOWS, [CASE, SECOND]),
    "9112 7.1 leading zeros": (hidden(b"000%x\r\n" % len(SMUGGLED)) + FOLLOWS, [CASE, SECOND]),
    "9112 7.1.1 extension": (hidden(b'%x;a="b"\r\n' % len(SMUGGLED)) + FOLLOWS, [CASE, SECOND]),
    "9112 7.1.2 trailer": (chunked(b"0\r\nX-Sum: 1\r\n\r\n") + FOLLOWS, [CASE, SECOND]),
    "9110 8.6 equal lengths": (post(b"Content-Length: %d\r\nContent-Length: %d" % ((len(SMUGGLED),) * 2), SMUGGLED) + FOLLOWS, [CASE, SECOND]),
    "9112 6.1 coding in capitals": (post(b"Transfer-Encoding: CHUNKED", b"0\r\n\r\n") + FOLLOWS, [CASE, SECOND]),
    "9112 6.1 tab before the coding": (post(b"Transfer-Encoding:\tchunked", b"0\r\n\r\n") + FOLLOWS, [CASE, SECOND]),
    "9112 3.2.2 absolute form": (b"GET http://b/case HTTP/1.1\r\nHost: a\r\n\r\n" + FOLLOWS, [CASE, SECOND]),
    "9112 2.2 empty line between requests": (post(b"Content-Length: 0", b"") + b"\r\n" + FOLLOWS, [CASE, SECOND]),
    "9110 9.3.1 GET with a body": (b"GET /case HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + FOLLOWS, [CASE, SECOND]),
    "9112 6.3 POST without length": (b"POST /case HTTP/1.1\r\nHost: a\r\n\r\n" + FOLLOWS, [CASE, SECOND]),
    "9110 7.8 h2c is no way past": (
        b"GET /case HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n" + FOLLOWS,
        [CASE, SECOND]),
}


class Recorder:
    """An upstream that takes one request a connection, by the framing it was given, and keeps every byte."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Condition()
        self.open, self.connections = 0, []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.open += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        got = b""
        with connection, contextlib.suppress(OSError):
            connection.settimeout(3 * QUIET_SECONDS)
            while not complete(got):
                piece = connection.recv(65536)
                if not piece:
                    break
                got += piece
            if complete(got):
                connection.sendall(OK)
                connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    got += piece
        with self.lock:
            self.open -= 1
            if got:
                self.connections.append(got)
            self.lock.notify_all()

    def take(self):
        """What came since the last call, once every connection has ended."""
        with self.lock:
            self.lock.wait_for(lambda: self.open == 0, 10)
            taken, self.connections = self.connections, []
        return taken


def body_bytes(head, rest):
    """How many bytes of `rest` are the body; None: not all of it is there."""
    if re.search(rb"(?i)\r\ntransfer-encoding:[ \t]*chunked", head):
        at = 0
        while True:
            line = re.compile(rb"([0-9a-fA-F]+)(;[^\r\n]*)?\r\n").match(rest, at)
            if not line:
                return None
            at = line.end()
            size = int(line.group(1), 16)
            if size == 0:
                end = re.compile(rb"([^\r\n]+\r\n)*\r\n").match(rest, at)
                return end.end() if end else None
            at += size + 2
            if at > len(rest):
                return None
    length = re.search(rb"(?i)\r\ncontent-length:[ \t]*(\d+)", head)
    size = int(length.group(1)) if length else 0
    return size if len(rest) >= size else None


def complete(got):
    head, end, rest = got.partition(b"\r\n\r\n")
    return bool(end) and body_bytes(head, rest) is not None


def requests_in(got):
    """The targets of the complete requests among these bytes, read as the recorder's framing says."""
    targets = []
    while complete(got):
        head, _, rest = got.partition(b"\r\n\r\n")
        targets.append((head.split(b" ") + [b"?"])[1].split(b"?")[0])
        got = rest[body_bytes(head, rest):]
    return targets


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def converse(address, port, case):
    """All that comes back."""
    answer = b""
    with socket.create_connection((address, port), timeout=5) as connection, contextlib.suppress(OSError):
        connection.sendall(case)
        connection.settimeout(QUIET_SECONDS)
        while piece := connection.recv(65536):
            answer += piece
    return answer


class Reader:
    """A proxy under test, with an upstream of its own."""

    def __init__(self, name, address, port, recorder, process):
        self.name, self.address, self.port, self.recorder, self.process = name, address, port, recorder, process

    def read(self, case):
        """(statuses the client got, targets that reached the upstream, all bytes that did)"""
        answer = converse(self.address, self.port, case)
        reached = self.recorder.take()
        targets = sorted(target for got in reached for target in requests_in(got))
        return statuses(answer), targets, b"\0".join(reached)

    def stop(self):
        if self.process.stdin:
            self.process.stdin.close()
        else:
            self.process.terminate()
        self.process.wait(10)


def await_port(address, port, process):
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection((address, port), timeout=1).close()
            return
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
        time.sleep(0.05)  # a server that is not ours has no event to wait for
    raise RuntimeError(f"{process.args[0]} does not listen")


def start_landfall(binary, address):
    recorder = Recorder()
    process = subprocess.Popen([binary, address, str(PORT), str(recorder.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if process.stdout.readline() != b"ready\n":
        raise RuntimeError("alb_server did not start")
    return Reader("Landfall", address, PORT, recorder, process)


def start_nginx(folder, address):
    recorder = Recorder()
    paths = " ".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    pathlib.Path(folder, "nginx.conf").write_text(
        f"daemon off; worker_processes 1; error_log {folder}/error.log; pid {folder}/pid; events {{}}\n"
        f"http {{ access_log off; {paths} server {{ listen {address}:{PORT}; location / {{ proxy_pass http://127.0.0.1:{recorder.port};\n"
        "proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Connection \"\"; proxy_set_header Host $host; } } }\n",
        encoding="utf-8")
    process = subprocess.Popen(["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    await_port(address, PORT, process)
    return Reader("nginx", address, PORT, recorder, process)


def start_haproxy(folder, address):
    recorder = Recorder()
    pathlib.Path(folder, "haproxy.cfg").write_text(
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\n"
        f"frontend in\n  bind {address}:{PORT}\n  default_backend out\nbackend out\n  server one 127.0.0.1:{recorder.port}\n", encoding="utf-8")
    process = subprocess.Popen(["haproxy", "-db", "-f", f"{folder}/haproxy.cfg"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    await_port(address, PORT, process)
    return Reader("HAProxy", address, PORT, recorder, process)


def judge(name, reading):
    """Why Landfall's reading is wrong; nothing if it is right."""
    answered, targets, reached = reading
    if name in VALID:
        wanted = sorted(VALID[name][1])
        if targets != wanted:
            return f"{targets} reached the upstream, not {wanted}"
        return "" if answered == [200] * len(wanted) else f"answered {answered}"
    if targets:
        return f"requests reached the upstream: {targets}"
    if b"/smuggled" in reached:
        return f"the hidden request reached the upstream: {reached!r}"
    if len(answered) > 1 or any(status < 400 for status in answered):
        return f"answered {answered}"
    return ""


def describe(reading):
    answered, targets, _ = reading
    return f"{'+'.join(map(str, answered)) or 'silence'} upstream {b' '.join(targets).decode() or '-'}"


def main():
    binary, wanted = sys.argv[1], sys.argv[2:]
    pid = os.getpid()
    addresses = [f"127.97.{pid // 80 % 250}.{pid % 80 * 3 + n + 1}" for n in range(3)]
    failures, differing = 0, []
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="landfall-smuggling-")))
        folder.chmod(0o755)
        readers = [start_landfall(binary, addresses[0])]
        stack.callback(readers[0].stop)
        for program, start, address in (("nginx", start_nginx, addresses[1]), ("haproxy", start_haproxy, addresses[2])):
            if not shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin"):
                print(f"SKIPPED: {program} is not installed, so nothing is compared with it", flush=True)
                continue
            (folder / program).mkdir()
            readers.append(start(folder / program, address))
            stack.callback(readers[-1].stop)
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(len(readers)))
        for name, case in [*INVALID.items(), *((name, bytes_) for name, (bytes_, _) in VALID.items())]:
            if wanted and not any(each in name for each in wanted):
                continue
            began = time.monotonic()
            readings = list(pool.map(lambda reader, case=case: reader.read(case), readers))
            why = judge(name, readings[0])
            took = (time.monotonic() - began) * 1000
            print(f"[  FAILED  ] {name} ({took:.0f} ms): {why}" if why else f"[       OK ] {name} ({took:.0f} ms)", flush=True)
            failures += bool(why)
            if len({describe(reading) for reading in readings}) > 1:
                differing.append(f"{name}: " + "; ".join(f"{reader.name} {describe(reading)}" for reader, reading in zip(readers, readings)))
    print("\nWhere they differ:\n" + "\n".join("  " + line for line in differing))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
