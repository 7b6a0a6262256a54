#!/usr/bin/python3
"""What botocore sends, Landfall's codecs read; what they write, botocore reads: for every operation of models/*.txt,
several random values each way. botocore gets the same facts (api/*.json) that the codecs were generated from.

  protocol_test.py TOOL API-FOLDER MODELS-FOLDER [SEED [CORPUS-FOLDER]]

With a corpus folder, one request of each service and protocol is written there as a seed for protocol_fuzz.
"""
import base64
import datetime
import json
import pathlib
import random
import struct
import subprocess
import sys
import urllib.parse

import botocore.awsrequest
import botocore.model
import botocore.parsers
import botocore.serialize
from botocore.awsrequest import HeadersDict

ROUNDS = 4
tool, api, models = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
process = subprocess.Popen([tool], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
failures, checks = [], 0


def ask(command):
    process.stdin.write(json.dumps(command) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        sys.exit(f"the tool died of: {json.dumps(command)[:2000]}")
    return json.loads(line)


def expect(what, got, wanted):
    global checks
    checks += 1
    if got != wanted:
        if isinstance(got, dict) and isinstance(wanted, dict):  # show what differs only
            keys = [k for k in {**got, **wanted} if got.get(k) != wanted.get(k)]
            got, wanted = {k: got.get(k) for k in keys}, {k: wanted.get(k) for k in keys}
        failures.append(f"{what}\n  got    {json.dumps(got, default=str)[:1500]}\n  wanted {json.dumps(wanted, default=str)[:1500]}")


# ---- random values of a shape -------------------------------------------------------------------------------------

TEXTS = ["plain", "two words", "a&b=c+d", "<tag attr=\"x\">'", "ünï©ode €", "slash/es", "percent%41", "10", "true"]


def is_header(location):
    return location in ("header", "headers")


def value(shape, location=None, depth=0):
    kind = shape.type_name
    if kind == "structure":
        return structure(shape, depth)
    if kind == "list":
        return [value(shape.member, location, depth + 1) for _ in range(rng.randint(1, 3))]
    if kind == "map":
        return {f"key-{i}": value(shape.value, location, depth + 1) for i in range(rng.randint(1, 2))}
    if kind == "string":
        if shape.enum:
            return rng.choice(shape.enum)
        return rng.choice(["plain", "with-dash", "x.y_z", "v1"]) if is_header(location) else rng.choice(TEXTS)
    if kind == "blob":
        return bytes(rng.randrange(256) for _ in range(rng.randint(1, 8)))
    if kind == "integer":
        return rng.choice([0, 1, -5, 2147483647])
    if kind == "long":
        return rng.choice([0, 7, 9007199254740993, -9007199254740993])
    if kind in ("float", "double"):
        return rng.choice([0.5, -2.25, 1e21, 3.0])
    if kind == "boolean":
        return rng.choice([True, False])
    if kind == "timestamp":
        return datetime.datetime.fromtimestamp(rng.choice([0, 1700000000, 1763800000]), datetime.timezone.utc)
    raise AssertionError(kind)


def structure(shape, depth):
    required = shape.metadata.get("required", [])
    result = {}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        if name in ("ContentLength", "ContentMD5"):
            continue  # the HTTP library's own
        must = name in required or location == "uri"
        if depth > 4 and not (must and member.type_name not in ("structure", "list", "map")):
            continue
        if must or rng.random() < (0.7 if depth < 2 else 0.4):
            v = value(member, location, depth + 1)
            if v != {}:
                result[name] = v
    if not result and depth > 0:  # the query protocols cannot write an empty struct
        scalars = [(n, m) for n, m in shape.members.items() if m.type_name not in ("structure", "list", "map")]
        for name, member in scalars[:1]:
            result[name] = value(member, None, depth + 1)
        for name, member in list(shape.members.items())[:1] if not scalars else []:
            result[name] = value(member, None, depth + 1)
    return result


def stored(v):
    """As the tool writes values: ISO 8601, base64, without what is empty."""
    if isinstance(v, dict):
        inner = {k: stored(x) for k, x in v.items()}
        return {k: x for k, x in inner.items() if x not in ({}, [], None)}
    if isinstance(v, list):
        return [stored(x) for x in v]
    if isinstance(v, (bytes, bytearray)):
        return base64.b64encode(v).decode()
    if isinstance(v, datetime.datetime):
        return v.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return v


def without_empty(v):
    """Structs that came out empty are the same as absent ones."""
    return stored(v)


# ---- rpc-v2-cbor, which Debian's botocore does not speak (newer ones do, and are then used) -----------------------------------------------------------

REAL_CBOR = "smithy-rpc-v2-cbor" in botocore.serialize.SERIALIZERS


def cbor_head(major, n):
    for info, size, limit in ((None, 0, 24), (24, 1, 1 << 8), (25, 2, 1 << 16), (26, 4, 1 << 32), (27, 8, 1 << 64)):
        if n < limit:
            return bytes([major << 5 | (n if info is None else info)]) + (n.to_bytes(size, "big") if size else b"")


def cbor(v):
    if isinstance(v, bool):
        return b"\xf5" if v else b"\xf4"
    if isinstance(v, int):
        return cbor_head(0, v) if v >= 0 else cbor_head(1, -1 - v)
    if isinstance(v, float):
        return b"\xfb" + struct.pack(">d", v)
    if isinstance(v, str):
        return cbor_head(3, len(v.encode())) + v.encode()
    if isinstance(v, bytes):
        return cbor_head(2, len(v)) + v
    if isinstance(v, datetime.datetime):
        return b"\xc1" + cbor(int(v.timestamp()))
    if isinstance(v, list):
        return cbor_head(4, len(v)) + b"".join(map(cbor, v))
    return cbor_head(5, len(v)) + b"".join(cbor(k) + cbor(x) for k, x in v.items())


def uncbor(b, i=0):
    major, info = b[i] >> 5, b[i] & 31
    i += 1
    n = info
    if 24 <= info <= 27:
        size = 1 << (info - 24)
        n = int.from_bytes(b[i:i + size], "big")
        if major != 7:
            i += size
    if major == 0:
        return n, i
    if major == 1:
        return -1 - n, i
    if major == 2:
        return b[i:i + n], i + n
    if major == 3:
        return b[i:i + n].decode(), i + n
    if major == 4:
        out = []
        for _ in range(n):
            v, i = uncbor(b, i)
            out.append(v)
        return out, i
    if major == 5:
        out, left = {}, n if info != 31 else -1
        while left != 0:
            if left < 0 and b[i] == 0xFF:
                return out, i + 1
            k, i = uncbor(b, i)
            out[k], i = uncbor(b, i)
            left -= 1
        return out, i
    if major == 6:
        v, i = uncbor(b, i)
        return datetime.datetime.fromtimestamp(v, datetime.timezone.utc), i
    if info == 27:
        return struct.unpack(">d", b[i:i + 8])[0], i + 8
    return {20: False, 21: True, 22: None}[info], i


# ---- both ways -------------------------------------------------------------------------------------------------------

def wire_request(model, operation, params, protocol):
    if protocol == "rpc-v2-cbor" and not REAL_CBOR:
        return {"method": "POST", "target": f"/service/{model.metadata['targetPrefix']}/operation/{operation.name}",
                "headers": [["smithy-protocol", "rpc-v2-cbor"], ["Content-Type", "application/cbor"]],
                "body": base64.b64encode(cbor(params)).decode()}
    serializer = botocore.serialize.create_serializer(model.metadata["protocol"], include_validation=False)
    request = serializer.serialize_to_request(params, operation)
    botocore.awsrequest.prepare_request_dict(request, endpoint_url="http://127.0.0.1:4566", user_agent="test")
    prepared = botocore.awsrequest.create_request_object(request).prepare()
    body = prepared.body or b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        body = body.encode()
    url = urllib.parse.urlsplit(prepared.url)
    text = lambda s: s.decode("latin-1") if isinstance(s, bytes) else s
    return {"method": prepared.method, "target": url.path + ("?" + url.query if url.query else ""),
            "headers": [[text(k), text(v)] for k, v in prepared.headers.items()], "body": base64.b64encode(body).decode()}


def sign_name(model):
    return model.metadata.get("signingName", model.metadata["endpointPrefix"])


def keep_seed(name, protocol, wire):
    if len(sys.argv) < 6:
        return
    path = pathlib.Path(sys.argv[5]) / f"{name}-{protocol.replace(' ', '-')}"
    body = base64.b64decode(wire["body"])
    if path.exists() or not body:
        return
    head = f"{wire['method']} {wire['target']}\n" + "".join(f"{k}: {v}\n" for k, v in wire["headers"])
    path.write_bytes(head.encode() + b"\n" + body)


def check_request(name, model, operation, protocol):
    params = value(operation.input_shape) if operation.input_shape else {}
    wire = wire_request(model, operation, params, protocol)
    wire["do"], wire["authority"] = "decode", "127.0.0.1:4566"
    wire["headers"].append(["Authorization", f"AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/{sign_name(model)}/aws4_request, SignedHeaders=host, Signature=0"])
    keep_seed(name, protocol, wire)
    got = ask(wire)
    what = f"{name}.{operation.name} request ({protocol}) {json.dumps(wire)[:800]}"
    expect(what, {k: got.get(k) for k in ("service", "operation", "protocol")} if "service" in got else got,
           {"service": name, "operation": operation.name, "protocol": protocol})
    if "input" in got:
        got["input"].pop("ContentLength", None)  # set by the HTTP library
        expect(what, got["input"], stored(params))


def parse(model, operation, answer, protocol):
    body = base64.b64decode(answer["body"])
    if protocol == "rpc-v2-cbor" and not REAL_CBOR:
        return uncbor(body)[0] if body else {}
    response = {"status_code": answer["status"], "headers": HeadersDict(dict(answer["headers"])), "body": body, "context": {}}
    return botocore.parsers.create_parser(model.metadata["protocol"]).parse(response, operation.output_shape)


def check_response(name, model, operation, protocol):
    out = value(operation.output_shape) if operation.output_shape else {}
    if name == "s3" and operation.name == "GetBucketLocation":
        out = {"LocationConstraint": "eu-west-1"}
    payload = operation.output_shape.serialization.get("payload") if operation.output_shape else None
    if payload in out and operation.output_shape.members[payload].type_name == "blob":
        out[payload] = b"botocore decodes it"
    answer = ask({"do": "encode", "service": name, "operation": operation.name, "protocol": protocol, "output": stored(out)})
    what = f"{name}.{operation.name} response ({protocol}) {json.dumps(answer)[:800]}"
    if name == "s3" and operation.name == "GetBucketLocation":
        expect(what, b'>eu-west-1</LocationConstraint>' in base64.b64decode(answer["body"]), True)
        return
    parsed = parse(model, operation, answer, protocol)
    parsed.pop("ResponseMetadata", None)
    if payload and payload not in out and parsed.get(payload) == "":
        del parsed[payload]  # an empty body and none are the same
    if payload in out and operation.output_shape.members[payload].type_name == "blob":
        parsed[payload] = base64.b64decode(answer["body"])  # botocore leaves it to the HTTP layer
    expect(what, without_empty(parsed), stored(out))


def check_error(name, model, operation, protocol):
    answer = ask({"do": "error", "service": name, "operation": operation.name, "protocol": protocol, "code": "SomeError",
                  "status": 409, "message": "it <is> so & \"so\""})
    what = f"{name}.{operation.name} error ({protocol}) {json.dumps(answer)[:600]}"
    if protocol == "rpc-v2-cbor" and not REAL_CBOR:
        body = uncbor(base64.b64decode(answer["body"]))[0]
        got = {"Code": body["__type"], "Message": body["message"]}
    else:
        response = {"status_code": 409, "headers": HeadersDict(dict(answer["headers"])), "body": base64.b64decode(answer["body"]), "context": {}}
        error = botocore.parsers.create_parser(model.metadata["protocol"]).parse(response, operation.output_shape)["Error"]
        got = {"Code": error["Code"], "Message": error["Message"]}
    expect(what, got, {"Code": "SomeError", "Message": "it <is> so & \"so\""})


BOTOCORE_NAMES = {"json 1.0": "json", "json 1.1": "json", "rpc-v2-cbor": "smithy-rpc-v2-cbor" if REAL_CBOR else "query"}

for path in sorted(models.glob("*.txt")):
    name = path.stem
    facts = json.loads((api / f"{name}.json").read_text())
    if name == "cloudwatch":
        protocols = ["query", "json 1.0", "rpc-v2-cbor"]
    else:
        protocols = [{"json": "json 1.1"}.get(facts["metadata"]["protocol"], facts["metadata"]["protocol"])]
    for protocol in protocols:
        facts["metadata"]["protocol"] = BOTOCORE_NAMES.get(protocol, protocol)
        model = botocore.model.ServiceModel(facts, name)
        for operation_name in path.read_text().split():
            operation = model.operation_model(operation_name)
            for _ in range(ROUNDS):
                check_request(name, model, operation, protocol)
                check_response(name, model, operation, protocol)
            check_error(name, model, operation, protocol)

for failure in failures[:20]:
    print("FAILED:", failure)
print(f"{checks} checks, {len(failures)} failed")
process.stdin.close()
sys.exit(1 if failures or checks < 1000 else 0)
