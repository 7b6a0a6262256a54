"""Access logs in S3: what load balancers, buckets and distributions write there, and whom buckets let write."""

import gzip
import json
import os
import re
import shlex
import signal
import urllib.request
import uuid

import botocore.exceptions
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from landfall import check, equal, until
from test_d_cdn import Site

DELIVERY = 30  # seconds; run.py has logs delivered every few
ACCOUNT = "123456789012"


def put_policy(s3, bucket, principal, resource, condition=None):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/{resource}"}
    if condition:
        statement["Condition"] = condition
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def new_bucket(s3, what):
    name = f"{what}-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    return name


def empty(s3, *buckets):
    for bucket in buckets:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for entry in page.get("Contents", []):
                s3.delete_object(Bucket=bucket, Key=entry["Key"])
        s3.delete_bucket(Bucket=bucket)


def keys_in(s3, bucket, prefix=""):
    return [entry["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            for entry in page.get("Contents", [])]


def lines_in(s3, bucket, prefix=""):
    """All lines of all delivered files, gzipped or not."""
    lines = []
    for key in keys_in(s3, bucket, prefix):
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        lines += (gzip.decompress(body) if key.endswith(".gz") else body).decode().splitlines()
    return lines


def line_with(s3, bucket, text, prefix=""):
    return until(lambda: next((line for line in lines_in(s3, bucket, prefix) if text in line), None), DELIVERY,
                 f"a line with {text} in {bucket}/{prefix}")


def error_of(call, **named):
    try:
        call(**named)
    except botocore.exceptions.ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return "no error"


def problems(lf):
    return lf.status()["health"]["edge"]["problems"]


def is_spooled(lf, text):
    """Whether a file that waits for its delivery has it, in a line or as where it goes."""
    spool = f"{lf.data_dir}/edge/log-spool"
    for name in os.listdir(spool):
        try:
            with open(f"{spool}/{name}", encoding="utf-8") as file:
                if text in file.read():
                    return True
        except FileNotFoundError:  # delivered meanwhile
            continue
    return False


class Balancer:
    """A load balancer in the default VPC that answers everything by itself."""

    def __init__(self, lf):
        self.lf, self.elb, self.ec2 = lf, lf.boto("elbv2"), lf.boto("ec2")
        self.name = "logged-" + uuid.uuid4().hex[:8]

    def __enter__(self):
        vpc = self.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
        subnets = self.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
        self.group = self.ec2.create_security_group(GroupName=self.name, Description="logs", VpcId=vpc)["GroupId"]
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
        made = self.elb.create_load_balancer(Name=self.name, Subnets=[subnet["SubnetId"] for subnet in subnets[:2]],
                                             SecurityGroups=[self.group])["LoadBalancers"][0]
        self.arn, self.dns = made["LoadBalancerArn"], made["DNSName"]
        self.elb.create_listener(LoadBalancerArn=self.arn, Protocol="HTTP", Port=80, DefaultActions=[
            {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418", "ContentType": "text/plain", "MessageBody": "tea"}}])
        return self

    def __exit__(self, *_):
        self.elb.delete_load_balancer(LoadBalancerArn=self.arn)
        until(lambda: error_of(self.ec2.delete_security_group, GroupId=self.group) == "no error", 30, "the group's end")

    def log_to(self, bucket, prefix="web", enabled="true"):
        return error_of(self.elb.modify_load_balancer_attributes, LoadBalancerArn=self.arn, Attributes=[
            {"Key": "access_logs.s3.enabled", "Value": enabled}, {"Key": "access_logs.s3.bucket", "Value": bucket},
            {"Key": "access_logs.s3.prefix", "Value": prefix}])

    def ask(self, path, status=418):
        """Of the listener that is there by now."""
        return until(lambda: (got := self.lf.curl(f"http://{self.dns}{path}", "-A", "tea pot")).status == status and got, 30,
                     f"{self.dns} to answer {status}")


def test_a_load_balancers_access_log_is_delivered_to_its_bucket(lf):
    s3 = lf.boto("s3")
    bucket = new_bucket(s3, "alb-logs")
    put_policy(s3, bucket, {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, f"web/AWSLogs/{ACCOUNT}/*",
               {"ArnLike": {"aws:SourceArn": f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/*"},
                "StringEquals": {"aws:SourceAccount": ACCOUNT}})
    with Balancer(lf) as balancer:
        balancer.ask("/before")  # logged nowhere
        equal(balancer.log_to(bucket), "no error", "enabling")
        equal(keys_in(s3, bucket), [f"web/AWSLogs/{ACCOUNT}/ELBAccessLogTestFile"], "what enabling has written")
        path = "/" + uuid.uuid4().hex

        def logged():
            balancer.ask(path + "?q=1")  # again: the change reaches edge a moment later
            return next((line for line in lines_in(s3, bucket, f"web/AWSLogs/{ACCOUNT}/elasticloadbalancing/") if path in line), None)

        line = until(logged, DELIVERY, "the request in the log")
        fields = shlex.split(line)
        identity = balancer.arn.split("loadbalancer/")[1]
        equal((fields[0], fields[2], fields[4], fields[8:10], fields[12:14]),
              ("http", identity, "-", ["418", "-"], [f"GET http://{balancer.dns}:80{path}?q=1 HTTP/1.1", "tea pot"]), f"fields of {line}")
        equal(fields[22], "fixed-response", f"actions of {line}")
        equal(len(fields), 30, f"fields of {line}")
        region, day = "us-east-1", r"\d{4}/\d\d/\d\d"
        pattern = (rf"web/AWSLogs/{ACCOUNT}/elasticloadbalancing/{region}/{day}/{ACCOUNT}_elasticloadbalancing_{region}_"
                   rf"{identity.replace('/', '.')}_\d{{8}}T\d{{4}}Z_127\.\d+\.\d+\.\d+_[a-z0-9]{{8}}\.log\.gz")
        for key in keys_in(s3, bucket, f"web/AWSLogs/{ACCOUNT}/elasticloadbalancing/"):
            check(re.fullmatch(pattern, key), f"the key {key}")
        equal(balancer.log_to(bucket, enabled="false"), "no error", "disabling")
    until(lambda: not is_spooled(lf, bucket), DELIVERY, "the last delivery")
    empty(s3, bucket)


def test_a_load_balancers_connections_are_logged_apart_and_found_by_their_requests(lf):
    s3 = lf.boto("s3")
    bucket = new_bucket(s3, "alb-connections")
    put_policy(s3, bucket, {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, f"tcp/AWSLogs/{ACCOUNT}/*")
    with Balancer(lf) as balancer:

        def log_connections_to(prefix):
            return error_of(balancer.elb.modify_load_balancer_attributes, LoadBalancerArn=balancer.arn, Attributes=[
                {"Key": "connection_logs.s3.enabled", "Value": "true"}, {"Key": "connection_logs.s3.bucket", "Value": bucket},
                {"Key": "connection_logs.s3.prefix", "Value": prefix}])

        equal(log_connections_to("other"),
              f"InvalidConfigurationRequest: Access Denied for bucket: {bucket}. Please check S3bucket permission", "another prefix")
        equal(log_connections_to("tcp"), "no error", "enabling")
        equal(keys_in(s3, bucket), [f"tcp/AWSLogs/{ACCOUNT}/ELBConnectionLogTestFile"], "what enabling has written")
        put_policy(s3, bucket, {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "*")
        equal(balancer.log_to(bucket, "http"), "no error", "access logs besides")
        path = "/" + uuid.uuid4().hex

        def connection_of_a_request():
            balancer.ask(path)
            names = {line.split()[-1] for line in lines_in(s3, bucket, f"http/AWSLogs/{ACCOUNT}/elasticloadbalancing/") if path in line}
            return next((line for line in lines_in(s3, bucket, f"tcp/AWSLogs/{ACCOUNT}/elasticloadbalancing/")
                         if line.split()[-1] in names), None)

        line = until(connection_of_a_request, DELIVERY, "a connection that a request names")
        fields = shlex.split(line)
        equal((len(fields), fields[3:11]), (12, ["80", "-", "-", "-", "-", "-", "-", "-"]), f"fields of {line}")
        check(re.fullmatch("TID_[0-9a-f]{32}", fields[11]), line)
        check(all("/conn_log." in key for key in keys_in(s3, bucket, f"tcp/AWSLogs/{ACCOUNT}/elasticloadbalancing/")), "the files' names")
        balancer.log_to(bucket, enabled="false")
        error_of(balancer.elb.modify_load_balancer_attributes, LoadBalancerArn=balancer.arn,
                 Attributes=[{"Key": "connection_logs.s3.enabled", "Value": "false"}])
    until(lambda: not is_spooled(lf, bucket), DELIVERY, "the last delivery")
    empty(s3, bucket)


def test_a_load_balancer_logs_only_where_it_may_write(lf):
    s3 = lf.boto("s3")
    bucket = new_bucket(s3, "alb-denied")
    denied = f"InvalidConfigurationRequest: Access Denied for bucket: {bucket}. Please check S3bucket permission"
    with Balancer(lf) as balancer:
        equal(balancer.log_to(bucket), denied, "a bucket without a policy")
        put_policy(s3, bucket, {"Service": "logging.s3.amazonaws.com"}, "*")
        equal(balancer.log_to(bucket), denied, "a bucket for another service's logs")
        put_policy(s3, bucket, {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, f"other/AWSLogs/{ACCOUNT}/*")
        equal(balancer.log_to(bucket), denied, "a bucket that lets it in below another prefix")
        put_policy(s3, bucket, {"AWS": "arn:aws:iam::033677994240:root"}, "*")
        equal(balancer.log_to(bucket), denied, "a bucket for another region's load balancers")
        equal(balancer.log_to("absent-" + uuid.uuid4().hex).split(" ")[0], "InvalidConfigurationRequest:", "a bucket that is not there")
        put_policy(s3, bucket, {"AWS": "arn:aws:iam::127311923021:root"}, "*")
        equal(balancer.log_to(bucket), "no error", "a bucket for the region's account of load balancers")
        equal(keys_in(s3, bucket), [f"web/AWSLogs/{ACCOUNT}/ELBAccessLogTestFile"], "all that was written")
        # A policy that is taken away later: told, tried again, and delivered once it is back.
        s3.delete_bucket_policy(Bucket=bucket)
        path = "/" + uuid.uuid4().hex

        def told():
            balancer.ask(path)
            return any(bucket in problem["what"] and "AccessDenied" in problem["why"] for problem in problems(lf))

        until(told, DELIVERY, "the failed delivery in the status")
        check(lf.status()["health"]["edge"]["healthy"], "traffic is well meanwhile")
        put_policy(s3, bucket, {"AWS": "127311923021"}, "*")
        line_with(s3, bucket, path, f"web/AWSLogs/{ACCOUNT}/elasticloadbalancing/")
        until(lambda: not any(bucket in problem["what"] for problem in problems(lf)), DELIVERY, "the problem's end")
        equal(balancer.log_to(bucket, enabled="false"), "no error", "disabling")
    empty(s3, bucket)


def test_a_log_outlives_the_edge_that_wrote_it(lf):
    s3 = lf.boto("s3", retries=5)
    bucket = new_bucket(s3, "alb-killed")
    put_policy(s3, bucket, {"AWS": "127311923021"}, "*")
    with Balancer(lf) as balancer:
        balancer.ask("/")
        equal(balancer.log_to(bucket), "no error", "enabling")

        def spooled(path):
            balancer.ask(path)
            return is_spooled(lf, path)

        killed, drained = "/" + uuid.uuid4().hex, "/" + uuid.uuid4().hex
        until(lambda: spooled(killed), DELIVERY, "the line in the spool")
        lf.kill_role("edge")
        line_with(s3, bucket, killed)
        balancer.ask(drained)
        before = lf.role_pid("edge")
        os.kill(before, signal.SIGTERM)  # an orderly end: what was answered is delivered first
        until(lambda: lf.role_pid("edge") not in (0, before), 30, "edge to be back")
        line_with(s3, bucket, drained)
        equal(balancer.log_to(bucket, enabled="false"), "no error", "disabling")
    empty(s3, bucket)


def log_bucket_to(s3, source, target, prefix):
    s3.put_bucket_logging(Bucket=source, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": prefix}})


def bucket_logging(lf, bucket, method="GET", document=None):
    """GetBucketLogging or PutBucketLogging, as clients do it that know of key formats (Debian's is too old)."""
    env = lf.env()
    request = AWSRequest(method=method, url=f"http://127.0.0.1:{lf.api_port}/{bucket}?logging", data=document)
    S3SigV4Auth(Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]), "s3", "us-east-1").add_auth(request)
    with urllib.request.urlopen(urllib.request.Request(request.url, data=document, headers=dict(request.headers.items()), method=method),
                                timeout=20) as answer:
        return answer.read().decode()


def test_a_buckets_requests_are_logged_to_its_target(lf):
    s3 = lf.boto("s3")
    source, target = new_bucket(s3, "logged"), new_bucket(s3, "s3-logs")
    put_policy(s3, target, {"Service": "logging.s3.amazonaws.com"}, "*",
               {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{source}"}, "StringEquals": {"aws:SourceAccount": ACCOUNT}})
    s3.put_object(Bucket=source, Key="before", Body=b"x")  # logged nowhere
    log_bucket_to(s3, source, target, "plain/")
    s3.put_object(Bucket=source, Key="a key", Body=b"twelve bytes")
    s3.get_object(Bucket=source, Key="a key", Range="bytes=0-3")["Body"].read()
    equal(error_of(s3.get_object, Bucket=source, Key="absent").split(":")[0], "NoSuchKey", "an absent key")
    line = line_with(s3, target, "REST.GET.OBJECT a%20key ", "plain/")
    owner = s3.list_buckets()["Owner"]["ID"]
    fields = shlex.split(re.sub(r"\[(.*?)\]", r'"\1"', line))
    equal((fields[0], fields[1], fields[3], fields[4]), (owner, source, "127.0.0.1", owner), f"who asks whom in {line}")
    equal(fields[6:13], ["REST.GET.OBJECT", "a%20key", f"GET /{source}/a%20key HTTP/1.1", "206", "-", "4", "12"], f"what of {line}")
    equal((fields[19], fields[21], fields[22]), ("SigV4", "AuthHeader", f"127.0.0.1:{lf.api_port}"), f"how of {line}")
    check("Boto3" in fields[16] or "boto" in fields[16].lower(), f"the agent of {line}")
    line_with(s3, target, " 404 NoSuchKey ", "plain/")
    line_with(s3, target, "REST.PUT.OBJECT a%20key ", "plain/")
    check(not any("before" in line for line in lines_in(s3, target, "plain/")), "what came before it was enabled")
    for key in keys_in(s3, target):
        check(re.fullmatch(r"plain/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}", key), f"the key {key}")

    key_format = ("<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>EventTime</PartitionDateSource>"
                  "</PartitionedPrefix></TargetObjectKeyFormat>")
    bucket_logging(lf, source, "PUT", ('<BucketLoggingStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LoggingEnabled>'
                                       f"<TargetBucket>{target}</TargetBucket><TargetPrefix>parted/</TargetPrefix>{key_format}"
                                       "</LoggingEnabled></BucketLoggingStatus>").encode())
    check(key_format in bucket_logging(lf, source), "the format as it is told")
    s3.head_bucket(Bucket=source)
    line_with(s3, target, "REST.HEAD.BUCKET - ", "parted/")
    for key in keys_in(s3, target, "parted/"):
        check(re.fullmatch(rf"parted/{ACCOUNT}/us-east-1/{source}/(\d{{4}})/(\d\d)/(\d\d)/\1-\2-\3-00-00-00-[0-9A-F]{{16}}", key),
              f"the key {key}")
    s3.put_bucket_logging(Bucket=source, BucketLoggingStatus={})
    empty(s3, source, target)


def test_a_bucket_logs_only_where_the_logging_service_may_write(lf):
    s3 = lf.boto("s3")
    source, other, target = new_bucket(s3, "logged"), new_bucket(s3, "logged"), new_bucket(s3, "s3-denied")
    put_policy(s3, target, {"Service": "logging.s3.amazonaws.com"}, "*", {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{other}"}})
    log_bucket_to(s3, source, target, "log/")
    log_bucket_to(s3, other, target, "log/")
    s3.head_bucket(Bucket=source)
    s3.head_bucket(Bucket=other)
    line_with(s3, target, f" {other} ")
    until(lambda: any(source in problem["what"] and "AccessDenied" in problem["why"] for problem in problems(lf)), DELIVERY,
          "the failed delivery in the status")
    check(not any(f" {source} " in line for line in lines_in(s3, target)), "the log of the bucket that the policy does not name")
    s3.delete_bucket_policy(Bucket=target)
    put_policy(s3, target, {"Service": "logging.s3.amazonaws.com"}, "*")
    line_with(s3, target, f" {source} ")
    for bucket in (source, other):
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    empty(s3, source, other, target)


def test_a_bucket_that_logs_into_itself_does_not_drown(lf):
    """Each delivery is a request and so a line of the next file, as on AWS: one line a period, not more."""
    s3 = lf.boto("s3")
    bucket = new_bucket(s3, "own-log")
    put_policy(s3, bucket, {"Service": "logging.s3.amazonaws.com"}, "log/*")
    log_bucket_to(s3, bucket, bucket, "log/")
    s3.head_bucket(Bucket=bucket)
    line = line_with(s3, bucket, "svc:logging.s3.amazonaws.com")
    check(" REST.PUT.OBJECT log/" in line, f"its own delivery: {line}")
    deliveries = [line for line in lines_in(s3, bucket) if "svc:logging.s3.amazonaws.com" in line]
    check(len(deliveries) <= len(keys_in(s3, bucket, "log/")), f"{len(deliveries)} deliveries, {len(keys_in(s3, bucket, 'log/'))} files")
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    until(lambda: not is_spooled(lf, bucket), DELIVERY, "the last delivery")
    empty(s3, bucket)


def test_a_distributions_standard_log_is_delivered_to_its_bucket(lf):
    s3 = lf.boto("s3")
    bucket = new_bucket(s3, "cdn-logs")

    def log(config):
        config["Logging"] = {"Enabled": True, "IncludeCookies": True, "Bucket": f"{bucket}.s3.amazonaws.com", "Prefix": "cdn"}

    with Site(lf) as site:
        refused = error_of(site.change, edit=log)
        equal(refused, f"InvalidArgument: The S3 bucket that you specified for CloudFront logs does not enable ACL access: {bucket}.s3.amazonaws.com",
              "a bucket without ACLs")
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})
        site.change(log)
        path = "/a.txt?" + uuid.uuid4().hex
        equal(site.get(path, "-A", "a b", "-H", "Cookie: c=1").status, 200, "the object")
        equal(site.get(path, "-H", "Range: bytes=1-2").status, 206, "a part of it")
        line_with(s3, bucket, path.split("?")[1] + "\tc=1", f"cdn/{site.id}.")
        lines = lines_in(s3, bucket, "cdn/")
        equal(lines[0], "#Version: 1.0", "the first line")
        names = next(line for line in lines if line.startswith("#Fields: ")).split()[1:]
        logged = until(lambda: (found := [dict(zip(names, line.split("\t"))) for line in lines_in(s3, bucket, "cdn/") if path[7:] in line])
                       and len(found) == 2 and found, DELIVERY, "both requests")
        first, second = sorted(logged, key=lambda line: line["sc-status"])
        equal({name: first[name] for name in ("cs-method", "cs(Host)", "cs-uri-stem", "sc-status", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)",
                                              "x-host-header", "cs-protocol", "sc-content-type", "sc-content-len", "cs-protocol-version")},
              {"cs-method": "GET", "cs(Host)": site.domain, "cs-uri-stem": "/a.txt", "sc-status": "200", "cs(User-Agent)": "a%20b",
               "cs-uri-query": path[7:], "cs(Cookie)": "c=1", "x-host-header": site.domain, "cs-protocol": "https",
               "sc-content-type": "text/plain", "sc-content-len": "5", "cs-protocol-version": first["cs-protocol-version"]}, "the first request")
        check(first["ssl-protocol"].startswith("TLSv1."), f"TLS: {first}")
        equal((second["sc-range-start"], second["sc-range-end"]), ("1", "2"), "the range")
        check(first["x-edge-result-type"] in ("Miss", "Hit") and first["x-edge-request-id"] != "-", f"the result: {first}")
        for key in keys_in(s3, bucket):
            check(re.fullmatch(rf"cdn/{site.id}\.\d{{4}}-\d\d-\d\d-\d\d\.[a-z0-9]{{8}}\.gz", key), f"the key {key}")
        site.change(lambda config: config["Logging"].update(Enabled=False, Bucket="", Prefix="", IncludeCookies=False))
    until(lambda: not is_spooled(lf, bucket), DELIVERY, "the last delivery")
    empty(s3, bucket)
