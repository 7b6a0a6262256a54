"""landfall reset, and POST /_landfall/reset, on a Landfall of their own."""

import pathlib
import shutil
import subprocess
import tempfile
import time

import botocore.exceptions
import botocore.httpsession
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from landfall import Landfall, check, equal, processes_using

AMI_NAME = "al2023-ami-2023.*-x86_64"


class Own:
    """A second Landfall beside the one under test."""

    def __init__(self, lf, *more):
        self.more = more  # arguments of `up`
        self.lf = Landfall(lf.binary, tempfile.mkdtemp(prefix="landfall-reset-", dir="/var/tmp"), lf.api_port + 50, "127.123.0.0/16")
        pathlib.Path(self.lf.data_dir).chmod(0o755)

    def __enter__(self):
        done = self.lf.command("up", "--detach", "--api-port", str(self.lf.api_port), "--public-cidr", self.lf.public_cidr,
                               *self.more)
        check(done.returncode == 0, f"up: {done.stdout}{done.stderr}")
        return self.lf

    def __exit__(self, *_):
        self.lf.down()
        for pid in processes_using(self.lf.data_dir):
            subprocess.run(["kill", "-9", str(pid)], check=False)
        shutil.rmtree(self.lf.data_dir, ignore_errors=True)


def post_reset(lf, access_key, secret):
    request = AWSRequest("POST", f"http://127.0.0.1:{lf.api_port}/_landfall/reset", data=b"")
    SigV4Auth(Credentials(access_key, secret), "landfall", "us-east-1").add_auth(request)
    return botocore.httpsession.URLLib3Session(timeout=90).send(request.prepare())


def fill(lf):
    """Something of everything; the ids of what must be gone afterwards."""
    ec2, s3, iam = lf.boto("ec2"), lf.boto("s3"), lf.boto("iam")
    default_vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    image = ec2.describe_images(Filters=[{"Name": "name", "Values": [AMI_NAME]}])["Images"][0]["ImageId"]
    instance = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig={"Delay": 1})
    s3.create_bucket(Bucket="reset-me")
    s3.put_bucket_versioning(Bucket="reset-me", VersioningConfiguration={"Status": "Enabled"})
    for name in ("a", "a", "folder/b c+d"):
        s3.put_object(Bucket="reset-me", Key=name, Body=b"x")
    s3.delete_object(Bucket="reset-me", Key="a")
    s3.create_multipart_upload(Bucket="reset-me", Key="unfinished")
    iam.create_user(UserName="alice")
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    return default_vpc, instance, key


def test_reset_leaves_a_fresh_account(lf):
    with Own(lf) as own:
        default_vpc, instance, key = fill(own)
        equal(post_reset(own, key["AccessKeyId"], key["SecretAccessKey"]).status_code, 403, "a user's reset")
        env = own.env()
        equal(post_reset(own, env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]).status_code, 200, "root's reset")
        ec2 = own.boto("ec2")
        equal(ec2.describe_instances()["Reservations"], [], "instances")
        vpcs = ec2.describe_vpcs()["Vpcs"]
        equal([vpc["IsDefault"] for vpc in vpcs], [True], "VPCs")
        check(vpcs[0]["VpcId"] != default_vpc, "the default VPC is the old one")
        equal(len(ec2.describe_subnets()["Subnets"]), 6, "default subnets")
        equal(own.boto("s3").list_buckets()["Buckets"], [], "buckets")
        equal(own.boto("iam").list_users()["Users"], [], "users")
        left = [path.name for path in pathlib.Path(own.data_dir, "host/mnt/netns").glob("*") if path.name != vpcs[0]["VpcId"]]
        equal(left, [], "namespaces")
        check(own.exec(instance, "true").returncode != 0, "the instance still runs")
        try:
            own.boto("sts", key["AccessKeyId"], key["SecretAccessKey"]).get_caller_identity()
            check(False, "the old user's key still works")
        except botocore.exceptions.ClientError as error:
            equal(error.response["Error"]["Code"], "InvalidClientTokenId", "the old user's key")


def test_reset_of_little_takes_milliseconds(lf):
    with Own(lf) as own:
        for number in range(3):
            own.boto("ec2").create_vpc(CidrBlock="10.0.0.0/16")
            began = time.monotonic()
            done = own.command("reset")
            equal(done.returncode, 0, f"landfall reset: {done.stderr}")
            took = time.monotonic() - began
            equal(len(own.boto("ec2").describe_vpcs()["Vpcs"]), 1, f"VPCs after reset {number}")
        print(f"  reset of a VPC: {took * 1000:.0f} ms, the command's start included")
        check(took < 5, f"reset took {took:.1f} s")
