"""Two accounts in one Landfall: the same names side by side, nothing of one seen from the other, and the ways from one into the
other that AWS has: sts:AssumeRole and the bucket policy, each with what denies it. On a Landfall of its own."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import botocore.exceptions
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from landfall import ROOT, STACK, check, equal, slow
from test_e_reset import AMI_NAME, Own, post_reset

FIRST, OTHER = "123456789012", "210987654321"
VPC = {"CidrBlock": "10.20.0.0/16"}


class Account:
    """AWS's clients with the credentials of one account's somebody."""

    def __init__(self, lf, key=None, secret=None, token=None):
        self.lf, self.key, self.secret, self.token = lf, key, secret, token

    def __getattr__(self, service):
        return self.lf.boto(service, self.key, self.secret, self.token)

    def region(self, service, region):
        return self.lf.boto(service, self.key, self.secret, self.token, region=region)

    def user(self, name, *statements):
        """A new user of the account with these statements, as who they are."""
        self.iam.create_user(UserName=name)
        if statements:
            self.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return Account(self.lf, key["AccessKeyId"], key["SecretAccessKey"])

    def assume(self, role_arn, **more):
        got = self.sts.assume_role(RoleArn=role_arn, RoleSessionName="s1", **more)["Credentials"]
        return Account(self.lf, got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])

    def who(self):
        identity = self.sts.get_caller_identity()
        return identity["Account"], identity["Arn"]


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return policy(statement)


def refused(call, *codes):
    """The call must be refused with one of these error codes."""
    try:
        call()
    except botocore.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        check(code in codes, f"refused with {code} ({error}), wanted {codes}")
        return error.response
    check(False, f"it was allowed; wanted {codes}")


def two_accounts(lf):
    done = lf.command("account", "create", "staging", "--id", OTHER, "--json")
    equal(done.returncode, 0, f"account create: {done.stderr}")
    made = json.loads(done.stdout)
    return Account(lf), Account(lf, made["access_key_id"], made["secret_access_key"])


# ---- what each has of its own


def identities(first, other):
    equal(first.who(), (FIRST, f"arn:aws:iam::{FIRST}:root"), "the first account's root")
    equal(other.who(), (OTHER, f"arn:aws:iam::{OTHER}:root"), "the other's root")
    alice, other_alice = first.user("alice", allow("iam:GetUser")), other.user("alice")
    equal(alice.who(), (FIRST, f"arn:aws:iam::{FIRST}:user/alice"), "alice")
    equal(other_alice.who(), (OTHER, f"arn:aws:iam::{OTHER}:user/alice"), "the other alice")
    equal(alice.iam.get_user()["User"]["Arn"], f"arn:aws:iam::{FIRST}:user/alice", "alice of herself")
    refused(other_alice.iam.get_user, "AccessDenied")  # what the first's alice may is not hers
    first.iam.create_user(UserName="only-here")
    refused(lambda: other.iam.get_user(UserName="only-here"), "NoSuchEntity")
    for account in (first, other):
        account.iam.delete_access_key(UserName="alice", AccessKeyId=account.iam.list_access_keys(UserName="alice")["AccessKeyMetadata"][0]["AccessKeyId"])
    refused(other_alice.sts.get_caller_identity, "InvalidClientTokenId")


def networks(first, other):
    for region in ("us-east-1", "eu-west-1"):
        vpcs = [account.region("ec2", region).describe_vpcs()["Vpcs"] for account in (first, other)]
        equal([[vpc["IsDefault"] for vpc in own] for own in vpcs], [[True], [True]], f"default VPCs in {region}")
        check(vpcs[0][0]["VpcId"] != vpcs[1][0]["VpcId"], "the accounts share a default VPC")
        equal([own[0]["OwnerId"] for own in vpcs], [FIRST, OTHER], "owners")
    equal(len(other.ec2.describe_subnets()["Subnets"]), 6, "the other's default subnets")
    vpc = first.ec2.create_vpc(**VPC)["Vpc"]["VpcId"]
    refused(lambda: other.ec2.describe_vpcs(VpcIds=[vpc]), "InvalidVpcID.NotFound")
    refused(lambda: other.ec2.delete_vpc(VpcId=vpc), "InvalidVpcID.NotFound")
    other.ec2.delete_vpc(VpcId=other.ec2.create_vpc(**VPC)["Vpc"]["VpcId"])  # the same addresses
    first.ec2.delete_vpc(VpcId=vpc)


def same_names(account):
    """A thing of each service that goes by a name; the ARNs of those that have one."""
    trusted = trust({"Service": "ec2.amazonaws.com"})
    subnets = [subnet["SubnetId"] for subnet in account.ec2.describe_subnets()["Subnets"]][:2]
    image = account.ec2.describe_images(Filters=[{"Name": "name", "Values": [AMI_NAME]}])["Images"][0]["ImageId"]
    role = account.iam.create_role(RoleName="twin", AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    account.iam.create_instance_profile(InstanceProfileName="twin")
    account.iam.add_role_to_instance_profile(InstanceProfileName="twin", RoleName="twin")
    balancer = account.elbv2.create_load_balancer(Name="twin", Subnets=subnets)["LoadBalancers"][0]
    group = account.elbv2.create_target_group(Name="twin", Protocol="HTTP", Port=80, VpcId=balancer["VpcId"])["TargetGroups"][0]["TargetGroupArn"]
    account.ec2.create_key_pair(KeyName="twin")
    account.ec2.create_security_group(GroupName="twin", Description="twin")
    account.ec2.create_launch_template(LaunchTemplateName="twin", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"})
    account.autoscaling.create_auto_scaling_group(AutoScalingGroupName="twin", MinSize=0, MaxSize=0, VPCZoneIdentifier=",".join(subnets),
                                                  LaunchTemplate={"LaunchTemplateName": "twin"})
    account.elasticbeanstalk.create_application(ApplicationName="twin")
    account.rds.create_db_subnet_group(DBSubnetGroupName="twin", DBSubnetGroupDescription="twin", SubnetIds=subnets)
    account.elasticache.create_cache_subnet_group(CacheSubnetGroupName="twin", CacheSubnetGroupDescription="twin", SubnetIds=subnets)
    account.logs.create_log_group(logGroupName="/twin")
    account.ssm.put_parameter(Name="/twin", Value=account.who()[0], Type="String")
    secret = account.secretsmanager.create_secret(Name="twin", SecretString=account.who()[0])["ARN"]
    account.cloudwatch.put_metric_alarm(AlarmName="twin", Namespace="N", MetricName="M", Period=60, EvaluationPeriods=1,
                                        Threshold=1, ComparisonOperator="GreaterThanThreshold", Statistic="Sum")
    account.route53.create_hosted_zone(Name="twin.test", CallerReference=account.who()[0])
    return {"role": role, "load balancer": balancer["LoadBalancerArn"], "target group": group, "secret": secret}


def names_do_not_collide(first, other):
    arns = [same_names(account) for account in (first, other)]
    for what in arns[0]:
        check(f":{FIRST}:" in arns[0][what] and f":{OTHER}:" in arns[1][what], f"{what}: {arns[0][what]} and {arns[1][what]}")
    for account, own in zip((first, other), (FIRST, OTHER)):
        equal([one["LoadBalancerName"] for one in account.elbv2.describe_load_balancers()["LoadBalancers"]], ["twin"], "load balancers")
        equal([one["AutoScalingGroupName"] for one in account.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]], ["twin"], "groups")
        equal([one["ApplicationName"] for one in account.elasticbeanstalk.describe_applications()["Applications"]], ["twin"], "applications")
        equal([one["arn"].split(":")[4] for one in account.logs.describe_log_groups()["logGroups"]], [own], "log groups")
        equal(account.ssm.get_parameter(Name="/twin")["Parameter"]["Value"], own, "the parameter")
        equal(account.secretsmanager.get_secret_value(SecretId="twin")["SecretString"], own, "the secret")
        equal(len(account.cloudwatch.describe_alarms()["MetricAlarms"]), 1, "alarms")
        equal(len(account.route53.list_hosted_zones()["HostedZones"]), 1, "zones")
    # By its ARN too, a thing of the other account is not there.
    refused(lambda: other.elbv2.describe_load_balancers(LoadBalancerArns=[arns[0]["load balancer"]]), "LoadBalancerNotFound")
    other.elbv2.delete_load_balancer(LoadBalancerArn=arns[0]["load balancer"])  # AWS says nothing of what is not there; nor does it do anything
    refused(lambda: other.secretsmanager.get_secret_value(SecretId=arns[0]["secret"]), "ResourceNotFoundException", "AccessDeniedException")
    refused(lambda: other.rds.list_tags_for_resource(ResourceName=f"arn:aws:rds:us-east-1:{FIRST}:subgrp:twin"), "InvalidParameterValue")
    other.elbv2.delete_load_balancer(LoadBalancerArn=arns[1]["load balancer"])
    equal(len(first.elbv2.describe_load_balancers()["LoadBalancers"]), 1, "the first's, after the other's is deleted")


# ---- from one into the other


def assume_role(first, other):
    may = allow("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/*")
    alice, bob = first.user("assumer", may), first.user("bystander")
    make = lambda name, principal, **condition: other.iam.create_role(  # noqa: E731 (said often)
        RoleName=name, AssumeRolePolicyDocument=trust(principal, **condition))["Role"]["Arn"]
    whole = make("whole-account", {"AWS": f"arn:aws:iam::{FIRST}:root"})
    named = make("named", {"AWS": f"arn:aws:iam::{FIRST}:user/bystander"})
    vendor = make("vendor", {"AWS": FIRST}, StringEquals={"sts:ExternalId": "e-42"})
    refused(lambda: make("nobody", {"AWS": f"arn:aws:iam::{FIRST}:user/never-was"}), "MalformedPolicyDocument")

    session = alice.assume(whole)
    equal(session.who(), (OTHER, f"arn:aws:sts::{OTHER}:assumed-role/whole-account/s1"), "the session")
    refused(session.ec2.describe_vpcs, "UnauthorizedOperation")  # the role's rights, not alice's
    other.iam.put_role_policy(RoleName="whole-account", PolicyName="look", PolicyDocument=policy(allow("ec2:Describe*")))
    equal({vpc["OwnerId"] for vpc in session.ec2.describe_vpcs()["Vpcs"]}, {OTHER}, "the VPCs that the session sees")

    refused(lambda: bob.assume(whole), "AccessDenied")  # trusted with the account; no policy of his own
    refused(lambda: bob.assume(named), "AccessDenied")  # trusted by name; across accounts that is not enough
    refused(lambda: alice.assume(named), "AccessDenied")  # a policy of her own; not trusted
    first.iam.put_user_policy(UserName="bystander", PolicyName="own", PolicyDocument=policy(may))
    equal(bob.assume(named).who()[0], OTHER, "bob, once both sides let him")
    refused(lambda: alice.assume(vendor), "AccessDenied")
    refused(lambda: alice.assume(vendor, ExternalId="e-43"), "AccessDenied")
    equal(alice.assume(vendor, ExternalId="e-42").who()[0], OTHER, "with the external id")
    refused(lambda: alice.assume(f"arn:aws:iam::{OTHER}:role/never-was"), "AccessDenied")
    refused(lambda: alice.assume("arn:aws:iam::999999999999:role/app"), "AccessDenied")
    equal(first.assume(f"arn:aws:iam::{OTHER}:role/OrganizationAccountAccessRole").who()[0], OTHER, "the access role")
    other.iam.delete_role_policy(RoleName="whole-account", PolicyName="look")
    other.iam.delete_role(RoleName="whole-account")
    refused(session.sts.get_caller_identity, "InvalidClientTokenId", "ExpiredToken", "InvalidToken")


def passed_roles(first, other):
    """A role can be passed only within its account, by whoever may."""
    image = first.ec2.describe_images(Filters=[{"Name": "name", "Values": [AMI_NAME]}])["Images"][0]["ImageId"]
    profile = f"arn:aws:iam::{OTHER}:instance-profile/twin"
    refused(lambda: first.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, IamInstanceProfile={"Arn": profile}),
            "InvalidParameterValue")


def buckets(first, other):
    first.s3.create_bucket(Bucket="first-bucket")
    other.s3.create_bucket(Bucket="other-bucket")
    refused(lambda: other.s3.create_bucket(Bucket="first-bucket"), "BucketAlreadyExists")
    for account, name in ((first, "first-bucket"), (other, "other-bucket")):
        equal([bucket["Name"] for bucket in account.s3.list_buckets()["Buckets"]], [name], "own buckets")
    owners = {account.s3.list_buckets()["Owner"]["ID"] for account in (first, other)}
    equal(len(owners), 2, "canonical ids")
    other.s3.put_object(Bucket="other-bucket", Key="k", Body=b"theirs")
    reader, stranger = first.user("reader", allow("s3:*")), first.user("stranger")
    for who in (first, reader, stranger):
        refused(lambda who=who: who.s3.get_object(Bucket="other-bucket", Key="k"), "AccessDenied")
        refused(lambda who=who: who.s3.list_objects_v2(Bucket="other-bucket"), "AccessDenied")
    refused(lambda: reader.s3.delete_bucket(Bucket="other-bucket"), "AccessDenied")
    refused(lambda: reader.s3.get_object(Bucket="no-such-bucket", Key="k"), "NoSuchBucket")

    other.s3.put_bucket_policy(Bucket="other-bucket", Policy=policy(allow(
        ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::other-bucket/*", Principal={"AWS": f"arn:aws:iam::{FIRST}:root"})))
    equal(reader.s3.get_object(Bucket="other-bucket", Key="k")["Body"].read(), b"theirs", "what both sides allow")
    equal(first.s3.get_object(Bucket="other-bucket", Key="k")["Body"].read(), b"theirs", "root of the named account")
    refused(lambda: stranger.s3.get_object(Bucket="other-bucket", Key="k"), "AccessDenied")  # the bucket alone allows
    refused(lambda: reader.s3.list_objects_v2(Bucket="other-bucket"), "AccessDenied")  # the user's policy alone does
    other.s3.put_bucket_policy(Bucket="other-bucket", Policy=policy(allow(
        ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::other-bucket/*", Principal={"AWS": f"arn:aws:iam::{FIRST}:user/reader"})))
    equal(reader.s3.get_object(Bucket="other-bucket", Key="k")["Body"].read(), b"theirs", "the user that is named")
    refused(lambda: first.s3.get_object(Bucket="other-bucket", Key="k"), "AccessDenied")

    # The bucket's owner owns what others put into it; a copy needs the right to both ends.
    reader.s3.put_object(Bucket="other-bucket", Key="from-first", Body=b"x")
    equal(other.s3.get_object(Bucket="other-bucket", Key="from-first")["Body"].read(), b"x", "what the reader wrote")
    equal(other.s3.list_objects_v2(Bucket="other-bucket", FetchOwner=True)["Contents"][0]["Owner"]["ID"],
          other.s3.list_buckets()["Owner"]["ID"], "its owner")
    copy = {"Bucket": "first-bucket", "Key": "copy", "CopySource": "other-bucket/k"}
    refused(lambda: reader.s3.copy_object(**copy, ExpectedSourceBucketOwner=FIRST), "AccessDenied")
    reader.s3.copy_object(**copy, ExpectedSourceBucketOwner=OTHER)
    refused(lambda: other.s3.copy_object(Bucket="other-bucket", Key="c", CopySource="first-bucket/copy"), "AccessDenied")
    url = reader.s3.generate_presigned_url("get_object", Params={"Bucket": "other-bucket", "Key": "k"})
    equal(requests.get(url, timeout=20).content, b"theirs", "a presigned URL across accounts")
    refused(lambda: other.s3.head_bucket(Bucket="first-bucket"), "403")
    refused(lambda: reader.s3.list_objects_v2(Bucket="first-bucket", ExpectedBucketOwner=OTHER), "AccessDenied")


def instance_credentials(lf, account, own):
    """An instance gets the role of its own account, and so does what it signs."""
    image = account.ec2.describe_images(Filters=[{"Name": "name", "Values": [AMI_NAME]}])["Images"][0]["ImageId"]
    account.iam.put_role_policy(RoleName="twin", PolicyName="own", PolicyDocument=policy(allow("s3:ListAllMyBuckets")))
    instance = account.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1,
                                         IamInstanceProfile={"Name": "twin"})["Instances"][0]["InstanceId"]
    account.ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig={"Delay": 1})
    script = ("T=$(curl -sS -X PUT -H 'x-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token); "
              "curl -sS -H \"x-aws-ec2-metadata-token: $T\" http://169.254.169.254/latest/meta-data/iam/security-credentials/twin")
    done = lf.exec(instance, "sh", "-c", script)
    check(re.search(r'"AccessKeyId"', done.stdout), f"metadata: {done.stdout}{done.stderr}")
    got = json.loads(done.stdout)
    session = Account(lf, got["AccessKeyId"], got["SecretAccessKey"], got["Token"])
    equal(session.who(), (own, f"arn:aws:sts::{own}:assumed-role/twin/{instance}"), "who the instance is")
    return instance, session


def instances(lf, first, other):
    ids = []
    for account, own, bucket in ((first, FIRST, "first-bucket"), (other, OTHER, "other-bucket")):
        instance, session = instance_credentials(lf, account, own)
        equal([one["Name"] for one in session.s3.list_buckets()["Buckets"]], [bucket], "the buckets that an instance sees")
        ids.append(instance)
    refused(lambda: first.ec2.terminate_instances(InstanceIds=[ids[1]]), "InvalidInstanceID.NotFound")
    refused(lambda: other.ec2.describe_instances(InstanceIds=[ids[0]]), "InvalidInstanceID.NotFound")
    for account, instance in zip((first, other), ids):
        account.ec2.terminate_instances(InstanceIds=[instance])
        account.ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance], WaiterConfig={"Delay": 1})


def test_two_accounts_keep_apart(lf):
    with Own(lf) as own:
        first, other = two_accounts(own)
        identities(first, other)
        networks(first, other)
        names_do_not_collide(first, other)
        assume_role(first, other)
        passed_roles(first, other)
        buckets(first, other)
        instances(own, first, other)
        own.kill_role("control")  # what it starts from is what was stored
        equal(other.who()[0], OTHER, "after a restart of control")
        own.kill_role("edge")
        equal([one["Name"] for one in other.s3.list_buckets()["Buckets"]], ["other-bucket"], "after a restart of edge")
        only_the_first_remains(own, other)


def only_the_first_remains(lf, other):
    refused_delete = lf.command("account", "delete", "staging")
    check(refused_delete.returncode == 1 and "still has" in refused_delete.stderr, f"delete of a full account: {refused_delete.stderr}")
    equal(post_reset(lf, other.key, other.secret).status_code, 403, "a reset by the other's root")
    done = lf.command("reset")
    check(done.returncode == 0 and FIRST in done.stdout, f"reset: {done.stdout}{done.stderr}")
    refused(other.sts.get_caller_identity, "InvalidClientTokenId")
    refused(other.s3.list_buckets, "InvalidAccessKeyId")
    equal([one["id"] for one in json.loads(lf.command("account", "list", "--json").stdout)["accounts"]], [FIRST], "accounts")
    first = Account(lf)
    equal(first.s3.list_buckets()["Buckets"], [], "buckets")
    for account in (first, two_accounts(lf)[1]):  # both bucket names are free again
        account.s3.create_bucket(Bucket="first-bucket")
        account.s3.delete_bucket(Bucket="first-bucket")


def test_two_regions_keep_apart(lf):
    with Own(lf) as own:
        root = Account(own)
        here, there = root.region("ec2", "us-east-1"), root.region("ec2", "eu-west-1")
        image = there.describe_images(Filters=[{"Name": "name", "Values": [AMI_NAME]}])["Images"][0]["ImageId"]
        instance = there.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        there.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        refused(lambda: here.describe_instances(InstanceIds=[instance]), "InvalidInstanceID.NotFound")
        there.terminate_instances(InstanceIds=[instance])
        there.get_waiter("instance_terminated").wait(InstanceIds=[instance], WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        for region in ("us-east-1", "eu-west-1"):
            root.region("ssm", region).put_parameter(Name="/where", Value=region, Type="String")
            root.region("logs", region).create_log_group(logGroupName="/where")
        for region in ("us-east-1", "eu-west-1"):
            equal(root.region("ssm", region).get_parameter(Name="/where")["Parameter"]["Value"], region, "the parameter")
            equal(len(root.region("logs", region).describe_log_groups()["logGroups"]), 1, "log groups")


def test_the_whole_stack_lives_in_an_added_account(lf):
    with Own(lf) as own:
        first, other = two_accounts(own)
        done = own.command("apply", "--account", "staging", "--stack", str(STACK), timeout=300)
        equal(done.returncode, 0, f"apply: {done.stdout}{done.stderr}")
        made = own.curl("https://api.myapp.com/items", "-X", "POST", "-d", '{"name":"x"}')
        equal(made.status, 201, f"an item by way of DNS, load balancer, instance and database: {made.body!r}")
        equal(own.curl("https://cdn.myapp.com/").status, 200, "the site on the CDN")
        instances = [instance for group in other.ec2.describe_instances()["Reservations"] for instance in group["Instances"]]
        equal({instance["State"]["Name"] for instance in instances}, {"running"}, "instances")
        seen = {"instances": first.ec2.describe_instances()["Reservations"], "databases": first.rds.describe_db_instances()["DBInstances"],
                "caches": first.elasticache.describe_replication_groups()["ReplicationGroups"],
                "load balancers": first.elbv2.describe_load_balancers()["LoadBalancers"],
                "distributions": first.cloudfront.list_distributions()["DistributionList"].get("Items", []),
                "environments": first.elasticbeanstalk.describe_environments()["Environments"],
                "certificates": first.acm.list_certificates()["CertificateSummaryList"],
                "zones": first.route53.list_hosted_zones()["HostedZones"], "stacks": first.cloudformation.describe_stacks()["Stacks"],
                "metrics": first.cloudwatch.list_metrics()["Metrics"], "buckets": first.s3.list_buckets()["Buckets"]}
        equal({what: found for what, found in seen.items() if found}, {}, "what the first account sees of it")
        database = other.rds.describe_db_instances()["DBInstances"][0]["DBInstanceIdentifier"]
        refused(lambda: first.rds.delete_db_instance(DBInstanceIdentifier=database, SkipFinalSnapshot=True), "DBInstanceNotFound")
        done = own.command("reset")
        equal(done.returncode, 0, f"reset: {done.stdout}{done.stderr}")


TWO_PROVIDERS = """
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  allowed_account_ids = ["%(first)s"]
  %(where)s
}
provider "aws" {
  alias               = "staging"
  allowed_account_ids = ["%(other)s"]
  assume_role { role_arn = "arn:aws:iam::%(other)s:role/OrganizationAccountAccessRole" }
  %(where)s
}
resource "aws_iam_role" "first" {
  name               = "same"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "%(other)s" } }] })
}
resource "aws_iam_role" "staging" {
  provider           = aws.staging
  name               = "same"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.first.arn } }] })
}
resource "aws_vpc" "first" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "staging" {
  provider   = aws.staging
  cidr_block = "10.0.0.0/16"
}
resource "aws_s3_bucket" "staging" {
  provider = aws.staging
  bucket   = "tf-staging"
}
resource "aws_s3_bucket_policy" "staging" {
  provider = aws.staging
  bucket   = aws_s3_bucket.staging.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:PutObject", "s3:DeleteObject", "s3:GetObject*"],
    Resource = "${aws_s3_bucket.staging.arn}/*", Principal = { AWS = "arn:aws:iam::%(first)s:root" } }] })
}
resource "aws_s3_object" "from_first" {
  bucket     = aws_s3_bucket.staging.id
  key        = "k"
  content    = "v"
  depends_on = [aws_s3_bucket_policy.staging]
}
"""


@slow  # Terraform's own start, four times over
def test_terraform_works_in_two_accounts_at_once(lf):
    sys.path.insert(0, str(ROOT / "tests/terraform"))
    from workspace import Tools  # noqa: E402 (the path comes first)
    tools = Tools()
    equal(tools.missing(), "", "Terraform")
    with Own(lf) as own, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        two_accounts(own)
        url = f"http://127.0.0.1:{own.api_port}"
        endpoints = "".join(f'    {service} = "{url}"\n' for service in ("ec2", "iam", "s3", "sts"))
        where = f'region = "us-east-1"\n  s3_use_path_style = true\n  endpoints {{\n{endpoints}  }}'
        pathlib.Path(folder, "main.tf").write_text(TWO_PROVIDERS % {"first": FIRST, "other": OTHER, "where": where})
        pathlib.Path(folder, "rc").write_text(
            f'provider_installation {{\n  dev_overrides {{ "hashicorp/aws" = "{tools.provider()}" }}\n  direct {{}}\n}}\n')
        env = {name: value for name, value in own.env().items() if name != "AWS_ENDPOINT_URL"}
        for words in (["apply", "-auto-approve"], ["plan", "-detailed-exitcode"], ["destroy", "-auto-approve"]):
            done = subprocess.run([tools.terraform, *words, "-no-color", "-input=false"], cwd=folder, capture_output=True, text=True,
                                  env={**os.environ, **env, "TF_CLI_CONFIG_FILE": folder + "/rc"}, timeout=300, check=False)
            equal(done.returncode, 0, f"terraform {words[0]}: {done.stdout[-1000:]}{done.stderr}")
        done = own.command("account", "delete", "staging")  # which it could not be if anything were left in it
        equal(done.returncode, 0, f"account delete: {done.stderr}")


def test_an_accounts_number_names_it_where_any_credentials_do(lf):
    with Own(lf, "--auth", "any") as own:
        two_accounts(own)
        anybody, first, other = Account(own, "test", "test"), Account(own, FIRST, "x"), Account(own, OTHER, "x")
        equal([one.who()[0] for one in (anybody, first, other)], [FIRST, FIRST, OTHER], "accounts")
        other.s3.create_bucket(Bucket="others")
        equal(anybody.s3.list_buckets()["Buckets"], [], "the first's buckets")
        refused(lambda: anybody.s3.list_objects_v2(Bucket="others"), "AccessDenied")
        stranger = Account(own, "999999999999", "x")  # not the first account instead
        refused(stranger.sts.get_caller_identity, "InvalidClientTokenId")
        refused(stranger.s3.list_buckets, "InvalidAccessKeyId")
        equal(other.iam.list_roles()["Roles"][0]["Arn"].split(":")[4], OTHER, "roles")


def own_api(lf, account, method, path, body=b""):
    request = AWSRequest(method, f"http://127.0.0.1:{lf.api_port}/_landfall/accounts{path}", data=body)
    SigV4Auth(Credentials(account.key or lf.env()["AWS_ACCESS_KEY_ID"], account.secret or lf.env()["AWS_SECRET_ACCESS_KEY"]),
              "landfall", "us-east-1").add_auth(request)
    return requests.request(method, request.url, data=body, headers=dict(request.headers), timeout=90)


def test_accounts_come_and_go(lf):
    with Own(lf) as own:
        first = Account(own)
        equal(own_api(own, first, "POST", "", b'{"name":"blue"}').status_code, 201, "a new account")
        equal(own_api(own, first, "POST", "", b'{"name":"blue"}').status_code, 409, "the same name again")
        equal(own_api(own, first, "POST", "", b'{"name":"x","id":"12"}').status_code, 400, "an id of two digits")
        equal(own_api(own, first.user("alice", allow("*")), "POST", "", b'{"name":"red"}').status_code, 403, "by a user")
        done = own.command("env", "--json", "--account", "blue")
        equal(done.returncode, 0, f"env --account: {done.stderr}")
        env = json.loads(done.stdout)
        blue = Account(own, env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], env["AWS_SESSION_TOKEN"])
        equal(blue.who()[1].split(":", 5)[5], "assumed-role/OrganizationAccountAccessRole/landfall", "who env makes one")
        vpc = blue.region("ec2", "eu-west-1").create_vpc(**VPC)["Vpc"]["VpcId"]
        check("still has the VPC" in own.command("account", "delete", "blue").stderr, "an account with a VPC was deleted")
        blue.region("ec2", "eu-west-1").delete_vpc(VpcId=vpc)
        blue.s3.create_bucket(Bucket="blue-bucket")
        check("still has buckets" in own.command("account", "delete", "blue").stderr, "an account with a bucket was deleted")
        blue.s3.delete_bucket(Bucket="blue-bucket")
        done = own.command("account", "delete", "blue")
        equal(done.returncode, 0, f"account delete: {done.stderr}")
        refused(blue.sts.get_caller_identity, "InvalidClientTokenId", "InvalidToken")
        equal(own_api(own, first, "DELETE", "/" + FIRST).status_code, 409, "the first account")
        equal(own_api(own, first, "DELETE", "/blue").status_code, 404, "an account that has gone")
        equal(len(first.ec2.describe_vpcs()["Vpcs"]), 1, "the first's VPC")
