"""Requests signed once and sent many times: SigV4's signature holds for minutes, and a load must not pay for making it."""

import json

import botocore.auth
import botocore.awsrequest
import botocore.credentials


def signed(world, service, method, url, body=b"", headers=None):
    """The headers of the request, by the root's credentials."""
    env = world.lf.env()
    credentials = botocore.credentials.Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"])
    request = botocore.awsrequest.AWSRequest(method=method, url=url, data=body, headers=headers or {})
    maker = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    request.context["payload_signing_enabled"] = True
    maker(credentials, service, "us-east-1").add_auth(request)
    return dict(request.headers)


def presigned(world, method, url):
    """The URL with the root's SigV4 signature for S3 in its query; the body is not signed."""
    env = world.lf.env()
    credentials = botocore.credentials.Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"])
    request = botocore.awsrequest.AWSRequest(method=method, url=url)
    botocore.auth.S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=600).add_auth(request)
    return request.url


def wrk_script(path, requests):
    """A wrk script that sends (method, path, headers, body) one after the other, over and over."""
    # Inside init: wrk knows its Host only then.
    lines = ["local all, at = {}, 0", "function init(args)"]
    for method, target, headers, body in requests:
        table = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
        lines.append(f"all[#all + 1] = wrk.format({json.dumps(method)}, {json.dumps(target)}, {{{table}}}, {json.dumps(body)})")
    lines += ["end", "function request() at = at % #all + 1; return all[at] end"]
    path.write_text("\n".join(lines))
    return str(path)
