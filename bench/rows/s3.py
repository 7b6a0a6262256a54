"""S3 against nginx's static files and the disk."""

import concurrent.futures
import http.client
import json
import os
import re
import shutil
import statistics
import threading

import landfall as harness
import loads
import measure
import peers
import report
from measure import LOAD_CORE
from report import Bar, Line
from signed import presigned, signed, wrk_script
from world import PORT

FILES = (8486, 8487)
KEYS, LARGE = 1000, 5_000_000
FILLERS = 64
PART = 8 << 20


def _api(path):
    return f"http://127.0.0.1:{PORT}{path}"


def _get_script(bench, key):
    target = f"/{bench.world.bucket}/{key}"
    return wrk_script(bench.folder / f"get-{key}.lua", [("GET", target, signed(bench.world, "s3", "GET", _api(target)), "")])


def get(bench):
    """GET of 4 KiB, 1 MiB and 64 MiB, SigV4-signed (nginx's requests are not)"""
    nginx = bench.serve(peers.nginx(bench.folder, "nginx-static", bench.tls,
                                    f"  access_log off; server {{ listen 127.0.0.1:{FILES[0]}; root {bench.files}; }}", FILES[0]))
    for key, what, bar, connections, gib in (("4k", "4 KiB", 1.5, 64, None), ("1m", "1 MiB", 1.1, 16, 1 / 1024), ("64m", "64 MiB", 1.0, 4, 1 / 16)):
        bench.world.put(key, (bench.files / key).read_bytes())
        load = {"connections": connections, "gib_per_request": gib}
        yield bench.compare("s3-get", what, {
            "Landfall": (bench.world.pids, loads.wrk(bench.names, _api("/"), script=_get_script(bench, key), **load)),
            "nginx": (nginx.pids, loads.wrk(bench.names, f"http://peer.test:{FILES[0]}/{key}", **load))}, bar)


def put(bench):
    """PUT of 4 KiB, 16 clients, durable before the answer, against a file made and fsynced for each"""
    body = "x" * 4096
    requests = []
    for index in range(500):
        target = f"/{bench.world.bucket}/put/{index}"
        headers = signed(bench.world, "s3", "PUT", _api(target), body.encode())
        requests.append(("PUT", target, headers, body))
    script = wrk_script(bench.folder / "put.lua", requests)
    folder = bench.folder / "fsync"

    def files_by(client, seconds):
        def make(index):
            file = os.open(folder / f"{client}-{index}", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            os.write(file, body.encode())
            os.fsync(file)
            os.close(file)
        return loads.rate_of(seconds, make)

    ours, theirs = [], []
    load = loads.wrk(bench.names, _api("/"), connections=16, script=script)
    load(1)
    for _ in range(bench.options.rounds):
        done = load(bench.options.seconds)
        ours.append(done.requests / done.seconds)
        folder.mkdir()
        theirs.append(sum(count / took for count, took in measure.in_parallel(16, lambda client: files_by(client, bench.options.seconds))))
        shutil.rmtree(folder)
    rate, files = statistics.median(ours), statistics.median(theirs)
    yield Line("s3-put", "4 KiB, 16 clients", f"{rate:,.0f}/s", f"files {files:,.0f}/s", value=rate / files, bar=Bar(4, at_least=True))


def put_big(bench):
    """64 MiB by multipart against dd with fsync"""
    s3, bucket = bench.world.lf.boto("s3"), bench.world.bucket
    part = bench.folder / "part"
    part.write_bytes(os.urandom(PART))
    client = threading.local()

    def begin():
        os.sched_setaffinity(0, {LOAD_CORE})
        client.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def call(method, url, body=b"", send=None):
        """One request on the thread's connection, kept alive as each SDK does. boto3 itself, or a process for each upload, would
        take more of the load's core than the server has to do."""
        connection = client.connection
        connection.putrequest(method, url.removeprefix(_api("")), skip_accept_encoding=True)
        connection.putheader("Content-Length", str(PART if send else len(body)))
        connection.endheaders(body or None)
        if send:
            connection.sock.sendfile(send)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {url}: {answer.status} {text.decode()}")
        return answer.headers.get("ETag"), text.decode()

    def upload_part(url):
        with open(part, "rb") as file:
            return call("PUT", url, send=file)[0]

    def multipart(threads):
        """Signing them, which is the client's alone, does not count."""
        key = _api(f"/{bucket}/big")
        url = presigned(bench.world, "POST", key + "?uploads")
        watch = measure.Stopwatch()
        _, begun = threads.submit(call, "POST", url).result()
        seconds = watch.seconds()
        upload = re.search("<UploadId>(.*)</UploadId>", begun)[1]
        numbers = range(1, (64 << 20) // PART + 1)
        urls = [presigned(bench.world, "PUT", f"{key}?partNumber={number}&uploadId={upload}") for number in numbers]
        complete = presigned(bench.world, "POST", f"{key}?uploadId={upload}")
        watch = measure.Stopwatch()
        etags = list(threads.map(upload_part, urls))
        listed = "".join(f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>" for number, etag in zip(numbers, etags))
        _, done = threads.submit(call, "POST", complete, f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()).result()
        seconds += watch.seconds()
        if "<CompleteMultipartUploadResult" not in done:  # 200 may still be an Error
            raise RuntimeError(done)
        return seconds

    def dd():
        watch = measure.Stopwatch()
        measure.output_of(["dd", "if=/dev/zero", f"of={bench.folder}/dd", "bs=1M", "count=64", "conv=fsync"])
        return watch.seconds()
    ours, theirs = [], []
    with concurrent.futures.ThreadPoolExecutor(8, initializer=begin) as threads:
        multipart(threads)
        for _ in range(bench.options.rounds):
            ours.append(multipart(threads))
            theirs.append(dd())
    held = int(s3.head_object(Bucket=bucket, Key="big")["ContentLength"])
    if held != 64 << 20:
        raise RuntimeError(f"the upload has {held} bytes")
    rate, disk = 64 / statistics.median(ours), 64 / statistics.median(theirs)
    yield Line("s3-put-big", "64 MiB, 8 parts at once", f"{rate:.0f} MiB/s", f"dd {disk:.0f} MiB/s", value=rate / disk, bar=Bar(0.8, at_least=True))


def list_page(bench):
    """one ListObjectsV2 page out of 1,000 keys and of many (20,000; with --full 5 million)"""
    world = bench.world
    many = LARGE if bench.options.full else 20_000
    contenders = {}
    for name, count in (("few", KEYS), ("many", many)):
        bucket = "bench-" + name
        world.lf.boto("s3").create_bucket(Bucket=bucket)
        _fill(bench, bucket, count)
        target = f"/{bucket}?list-type=2&max-keys=1000&start-after=key{count // 2 - 1:08}" if name == "many" else f"/{bucket}?list-type=2&max-keys=1000"
        script = wrk_script(bench.folder / f"list-{name}.lua", [("GET", target, signed(world, "s3", "GET", _api(target)), "")])
        contenders[name] = measure.Contender(name, world.pids, loads.wrk(bench.names, _api("/"), connections=4, script=script))
    rounds = measure.alternate(contenders.values(), bench.options.rounds, bench.options.seconds)
    figures = {each: measure.medians(taken) for each, taken in rounds.items()}
    yield Line("s3-list", f"a page out of {many:,} keys", f"{figures['many'].cpu_us:,.0f} µs", f"out of {KEYS:,} keys {figures['few'].cpu_us:,.0f} µs",
               value=figures["many"].cpu_us / figures["few"].cpu_us, bar=report.Bar(1.5))


def _fill(bench, bucket, count):
    """Keys key00000000 and so on, empty. Unsigned, which a policy allows meanwhile: signing millions would take the client longer
    than S3 takes to store them."""
    s3 = bench.world.lf.boto("s3")
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}]}))
    begin, seconds = 0, 2  # wrk runs for a time, not for a number of requests
    while begin < count:
        script = bench.folder / "fill.lua"
        script.write_text(f"""local at = {begin - 1}
function request()
  at = math.min(at + 1, {count - 1})
  return wrk.format("PUT", string.format("/{bucket}/key%08d", at), nil, "")
end
""")
        done = loads.wrk(bench.names, _api("/"), connections=FILLERS, script=str(script))(seconds)
        begin += max(1, done.requests - 2 * FILLERS)  # the last may not have been answered when wrk stopped
        seconds = min(600, (count - begin) / max(1, done.requests / done.seconds) * 1.05 + 1)
    s3.delete_bucket_policy(Bucket=bucket)
    last = s3.list_objects_v2(Bucket=bucket, StartAfter=f"key{count // 2 - 1:08}", MaxKeys=1000)["Contents"]
    wanted = [f"key{index:08}" for index in range(count // 2, min(count, count // 2 + 1000))]
    harness.equal([entry["Key"] for entry in last], wanted, "the keys in the middle")


ROWS = {"s3-get": get, "s3-put": put, "s3-put-big": put_big, "s3-list": list_page}
