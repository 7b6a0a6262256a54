"""Each allowed thing has its denied twin."""

import datetime
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid

import botocore.exceptions

from landfall import check, equal, until

BASE = "10.77.0"


def error_code(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return "no error"


def http_error(url, method="GET"):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def opens(lf, instance, host, port):
    """Whether a TCP connection from the instance opens (a dropped packet never answers: 2 s)."""
    return lf.exec(instance, "timeout", "2", "bash", "-c", f"exec 3<>/dev/tcp/{host}/{port}").returncode == 0


class World:
    """A VPC with a subnet and instances, made by a test and removed by it."""

    def __init__(self, lf, cidr=BASE + ".0/24", vpc_cidr=None):
        self.lf, self.ec2 = lf, lf.boto("ec2")
        self.instances, self.groups, self.more_subnets = [], [], []
        self.vpc = self.ec2.create_vpc(CidrBlock=vpc_cidr or cidr)["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]

    def __enter__(self):
        return self

    def more_subnet(self, cidr, zone):
        self.more_subnets.append(self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"])
        return self.more_subnets[-1]

    def group(self, name):
        group = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)["GroupId"]
        self.groups.append(group)
        return group

    def instance(self, group, address=None, user_data=""):
        more = {"PrivateIpAddress": address} if address else {}
        made = self.ec2.run_instances(ImageId=image(self.ec2), InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=self.subnet,
                                      SecurityGroupIds=[group], UserData=user_data, **more)["Instances"][0]
        self.instances.append(made["InstanceId"])
        until(lambda: self.state(made["InstanceId"]) == "running", 30, "the instance to run")
        return made["InstanceId"], made["PrivateIpAddress"]

    def state(self, instance):
        return self.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["State"]["Name"]

    def __exit__(self, *_):
        if self.instances:
            self.ec2.terminate_instances(InstanceIds=self.instances)
            until(lambda: all(self.state(i) == "terminated" for i in self.instances), 30, "the instances' end")
        for group in self.groups:  # rules that name one of the others would keep it
            rules = self.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
            if rules:
                self.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=rules)
        for group in self.groups:
            self.ec2.delete_security_group(GroupId=group)
        for subnet in [self.subnet, *self.more_subnets]:
            self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_vpc(VpcId=self.vpc)


def image(ec2):
    found = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"]
    return found[0]["ImageId"]


LISTENER = "#!/bin/sh\nmkdir -p /srv/empty\nexec python3 -m http.server 8080 --directory /srv/empty\n"


def test_only_the_api_instances_reach_the_database_and_the_cache(lf):
    api = until(lf.api_instances, 30, "an API instance")[0]["InstanceId"]
    outputs = lf.outputs()
    ec2 = lf.boto("ec2")
    described = ec2.describe_instances(InstanceIds=[api])["Reservations"][0]["Instances"][0]
    group = ec2.create_security_group(GroupName="stranger-" + uuid.uuid4().hex[:8], Description="no rule names it",
                                      VpcId=described["VpcId"])["GroupId"]
    stranger = ec2.run_instances(ImageId=image(ec2), InstanceType="t3.micro", MinCount=1, MaxCount=1,
                                 SubnetId=described["SubnetId"], SecurityGroupIds=[group])["Instances"][0]["InstanceId"]
    try:
        until(lambda: ec2.describe_instances(InstanceIds=[stranger])["Reservations"][0]["Instances"][0]["State"]["Name"] == "running",
              30, "the stranger to run")
        for address, port in ((outputs["DatabaseAddress"], 5432), (outputs["CacheAddress"], 6379)):
            check(opens(lf, api, address, port), f"the API reaches {address}:{port}")
            check(not opens(lf, stranger, address, port), f"a stranger does not reach {address}:{port}")
    finally:
        ec2.terminate_instances(InstanceIds=[stranger])
        until(lambda: ec2.describe_instances(InstanceIds=[stranger])["Reservations"][0]["Instances"][0]["State"]["Name"] == "terminated",
              30, "the stranger's end")
        ec2.delete_security_group(GroupId=group)


def test_a_security_group_opens_and_closes_a_port_within_a_subnet(lf):
    with World(lf) as world:
        servers, clients = world.group("servers"), world.group("clients")
        _, address = world.instance(servers, user_data=LISTENER)
        client, _ = world.instance(clients)
        check(not opens(lf, client, address, 8080), "closed without a rule, in the same subnet too")
        permission = [{"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": [{"GroupId": clients}]}]
        world.ec2.authorize_security_group_ingress(GroupId=servers, IpPermissions=permission)
        until(lambda: opens(lf, client, address, 8080), 15, "open to a member of the group that the rule names")
        world.ec2.revoke_security_group_ingress(GroupId=servers, IpPermissions=permission)
        until(lambda: not opens(lf, client, address, 8080), 15, "closed again")


def test_user_data_runs_at_boot_and_the_console_is_kept(lf):
    with World(lf) as world:
        mark = uuid.uuid4().hex
        instance, address = world.instance(world.group("g"), user_data=f"#!/bin/sh\necho booted {mark}\n")
        until(lambda: mark in lf.command("logs", instance, "-n", "0").stdout, 20, "the console log")
        equal(lf.exec(instance, "hostname", "-I").stdout.split()[:1], [address], "its address")


def test_two_vpcs_with_the_same_addresses_do_not_see_each_other(lf):
    with World(lf) as first, World(lf) as second:
        permission = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        open_groups = []
        for world in (first, second):
            open_groups.append(world.group("open"))
            world.ec2.authorize_security_group_ingress(GroupId=open_groups[-1], IpPermissions=permission)
        first.instance(open_groups[0], BASE + ".10", LISTENER)
        neighbour, _ = first.instance(open_groups[0], BASE + ".11")
        outsider, _ = second.instance(open_groups[1], BASE + ".11")
        until(lambda: opens(lf, neighbour, BASE + ".10", 8080), 20, "the neighbour in the same VPC reaches it")
        check(not opens(lf, outsider, BASE + ".10", 8080), "the same address in another VPC is nobody")
        second.instance(open_groups[1], BASE + ".10")
        check(not opens(lf, outsider, BASE + ".10", 8080), "or somebody else")


def test_an_instance_sees_neither_the_machines_network_nor_its_secrets(lf):
    api = lf.api_instances()[0]["InstanceId"]
    shadow = lf.exec(api, "cat", "/etc/shadow").stdout
    check("$" not in shadow, f"no password's hash in an instance's /etc/shadow: {shadow[:200]!r}")
    for path in ("/root/.ssh", "/home", lf.data_dir):
        done = lf.exec(api, "sh", "-c", f"ls -A {path} 2>/dev/null; cat {path} 2>/dev/null")
        equal(done.stdout.strip(), "", f"{path} in an instance")
    with socket.create_server(("0.0.0.0", 0)) as listener:
        port = listener.getsockname()[1]
        for address in ("127.0.0.1", lf.address(1)):
            check(not opens(lf, api, address, port), f"an instance does not reach the machine at {address}")
    check("eth0" in lf.exec(api, "ip", "-o", "addr").stdout, "it has its own interface")


def test_an_instances_role_reads_its_uploads_and_nothing_else(lf):
    api = lf.api_instances()[0]["InstanceId"]
    bucket = lf.outputs()["BucketName"]
    s3 = lf.boto("s3")
    other = "other-" + uuid.uuid4().hex
    s3.create_bucket(Bucket=other)
    for name, key in ((other, "uploads/x"), (bucket, "uploads/x"), (bucket, "x")):
        s3.put_object(Bucket=name, Key=key, Body=b"x")

    def read(name, key):
        return lf.exec(api, "/usr/bin/aws", "s3api", "get-object", "--region", "us-east-1", "--bucket", name, "--key", key, "/tmp/x")
    equal(read(bucket, "uploads/x").returncode, 0, f"its uploads: {read(bucket, 'uploads/x').stderr}")
    for name, key in ((other, "uploads/x"), (bucket, "x")):
        check("AccessDenied" in read(name, key).stderr, f"s3://{name}/{key} is denied")
    done = lf.exec(api, "/usr/bin/aws", "ec2", "describe-vpcs", "--region", "us-east-1")
    check("UnauthorizedOperation" in done.stderr, f"EC2 is denied: {done.stderr}")
    s3.delete_object(Bucket=other, Key="uploads/x")
    s3.delete_bucket(Bucket=other)


def test_a_wrong_secret_and_an_unknown_key_are_refused(lf):
    wrong = "w" * 40
    equal(error_code(lf.boto("s3", secret=wrong).list_buckets), "SignatureDoesNotMatch", "S3, wrong secret")
    equal(error_code(lf.boto("sts", secret=wrong).get_caller_identity), "SignatureDoesNotMatch", "STS, wrong secret")
    equal(error_code(lf.boto("ec2", secret=wrong).describe_vpcs), "AuthFailure", "EC2, wrong secret")
    equal(error_code(lf.boto("s3", access_key="AKIAAAAAAAAAAAAAAAAA").list_buckets), "InvalidAccessKeyId", "S3, unknown key")
    equal(error_code(lf.boto("iam", access_key="AKIAAAAAAAAAAAAAAAAA").list_users), "InvalidClientTokenId", "IAM, unknown key")


def test_presigned_urls_work_and_expire(lf):
    bucket = lf.outputs()["BucketName"]
    s3 = lf.boto("s3")
    s3.put_object(Bucket=bucket, Key="uploads/presigned", Body=b"signed for you")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "uploads/presigned"}, ExpiresIn=1)
    equal(http_error(url), (200, "signed for you"), "in time")
    tampered = url.replace("uploads/presigned", "uploads/x")
    equal(http_error(tampered)[0], 403, "for another key")
    time.sleep(2.1)
    status, body = http_error(url)
    check(status == 403 and "<Code>AccessDenied</Code>" in body and "Request has expired" in body, f"too late: {status} {body}")


def test_a_tampered_body_is_refused(lf):
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    env = lf.env()
    bucket = lf.outputs()["BucketName"]
    url = f"http://127.0.0.1:{lf.api_port}/{bucket}/uploads/tampered"
    request = botocore.awsrequest.AWSRequest("PUT", url, data=b"what was signed")
    credentials = botocore.credentials.Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"])
    botocore.auth.S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(request)
    headers = dict(request.headers.items())
    if headers.get("X-Amz-Content-SHA256") == "UNSIGNED-PAYLOAD":
        headers = {}
    command = ["curl", "-s", "-w", "\n%{http_code}", "-X", "PUT", url, "--data-binary", "what was put", "-H", "Content-Type:"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    check("XAmzContentSHA256Mismatch" in done.stdout and done.stdout.endswith("400"), done.stdout)
    s3 = lf.boto("s3")
    equal(error_code(s3.head_object, Bucket=bucket, Key="uploads/tampered"), "404", "nothing was stored")


def test_the_bucket_is_not_readable_around_the_cdn(lf):
    bucket = lf.outputs()["BucketName"]
    for url in (f"https://{bucket}.s3.us-east-1.amazonaws.com/index.html", f"https://s3.us-east-1.amazonaws.com/{bucket}/index.html"):
        answer = lf.curl(url)
        equal(answer.status, 403, url)
        check(b"<Code>AccessDenied</Code>" in answer.body, f"AWS's error: {answer.body!r}")
    equal(lf.curl("https://cdn.myapp.com/index.html").status, 200, "the CDN reads it")
    public = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                                                      "Resource": f"arn:aws:s3:::{bucket}/*"}]}
    equal(error_code(lf.boto("s3").put_bucket_policy, Bucket=bucket, Policy=json.dumps(public)), "AccessDenied",
          "a public policy on a bucket that blocks them")


def test_a_user_may_what_its_policy_says(lf):
    iam, name = lf.boto("iam"), "user-" + uuid.uuid4().hex[:8]
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    as_user = {"access_key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    try:
        equal(error_code(lf.boto("ec2", **as_user).describe_vpcs), "UnauthorizedOperation", "without a policy")
        equal(lf.boto("sts", **as_user).get_caller_identity()["Arn"], f"arn:aws:iam::123456789012:user/{name}", "who it is")
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}))
        until(lambda: error_code(lf.boto("ec2", **as_user).describe_vpcs) == "no error", 10, "with one")
        equal(error_code(lf.boto("ec2", **as_user).create_vpc, CidrBlock="10.1.0.0/16"), "UnauthorizedOperation", "what it does not say")
        equal(error_code(lf.boto("rds", **as_user).describe_db_instances), "AccessDenied", "another service")
        iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
        until(lambda: error_code(lf.boto("sts", **as_user).get_caller_identity) == "InvalidClientTokenId", 10, "an inactive key")
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
            iam.delete_user_policy(UserName=name, PolicyName=policy)
        iam.delete_user(UserName=name)


def test_a_role_is_assumed_by_those_it_trusts_and_limited_by_the_session_policy(lf):
    iam, name = lf.boto("iam"), "role-" + uuid.uuid4().hex[:8]
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                                                     "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "42"}}}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["ec2:*", "s3:ListAllMyBuckets"], "Resource": "*"}]}))
    user = "user-" + uuid.uuid4().hex[:8]
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role["Arn"]}]}))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    try:
        sts = lf.boto("sts", access_key=key["AccessKeyId"], secret=key["SecretAccessKey"])
        equal(error_code(sts.assume_role, RoleArn=role["Arn"], RoleSessionName="session"), "AccessDenied", "without the external id")
        only = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        given = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="session", ExternalId="42", Policy=json.dumps(only))["Credentials"]
        session = {"access_key": given["AccessKeyId"], "secret": given["SecretAccessKey"], "token": given["SessionToken"]}
        lf.boto("s3", **session).list_buckets()
        equal(error_code(lf.boto("ec2", **session).describe_vpcs), "UnauthorizedOperation", "beyond the session policy")
        session["token"] = session["token"][:-4] + ("AAAA" if not session["token"].endswith("AAAA") else "BBBB")
        check(error_code(lf.boto("s3", **session).list_buckets) in ("InvalidToken", "InvalidAccessKeyId"), "a tampered token")
    finally:
        iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName=user, PolicyName="p")
        iam.delete_user(UserName=user)
        iam.delete_role_policy(RoleName=name, PolicyName="p")
        iam.delete_role(RoleName=name)


def test_a_clock_that_is_wrong_is_refused(lf):
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    env = lf.env()
    old = datetime.datetime.utcnow() - datetime.timedelta(minutes=20)

    class OldAuth(botocore.auth.SigV4Auth):
        def add_auth(self, request):
            request.context["timestamp"] = old.strftime("%Y%m%dT%H%M%SZ")
            self._modify_request_before_signing(request)
            canonical = self.canonical_request(request)
            self._inject_signature_to_request(request, self.signature(self.string_to_sign(request, canonical), request))

    request = botocore.awsrequest.AWSRequest("POST", f"http://127.0.0.1:{lf.api_port}/", data="Action=GetCallerIdentity&Version=2011-06-15",
                                             headers={"Content-Type": "application/x-www-form-urlencoded"})
    OldAuth(botocore.credentials.Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]), "sts", "us-east-1").add_auth(request)
    prepared = urllib.request.Request(request.url, data=request.data.encode(), headers=dict(request.headers.items()), method="POST")
    try:
        with urllib.request.urlopen(prepared, timeout=20) as answer:
            body, status = answer.read().decode(), answer.status
    except urllib.error.HTTPError as error:
        body, status = error.read().decode(), error.code
    check(status == 403 and "SignatureDoesNotMatch" in body and "Signature expired" in body, f"{status} {body}")


def test_an_operation_that_is_not_implemented_says_so(lf):
    try:
        lf.boto("ec2").describe_spot_fleet_requests()
    except botocore.exceptions.ClientError as error:
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 501, "status")
        check("DescribeSpotFleetRequests" in str(error), f"it is named: {error}")
        return
    check(False, "no error")


def test_a_parameter_that_breaks_the_model_is_refused_before_the_handler(lf):
    from botocore.config import Config
    import boto3
    env = lf.env()
    client = boto3.client("elbv2", endpoint_url=f"http://127.0.0.1:{lf.api_port}", region_name="us-east-1",
                          aws_access_key_id=env["AWS_ACCESS_KEY_ID"], aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
                          config=Config(parameter_validation=False, retries={"max_attempts": 0}))
    equal(error_code(client.create_target_group), "ValidationError", "a required parameter is missing")
