"""What the reference stack does not show of the systems: rollback, alarms that act, S3's corners, imports."""

import hashlib
import json
import os
import signal
import subprocess
import uuid

import botocore.exceptions

from landfall import check, equal, until
from test_b_denied import LISTENER, World, error_code, image


def test_a_stack_that_fails_is_rolled_back(lf):
    cloudformation, name = lf.boto("cloudformation"), "fails-" + uuid.uuid4().hex[:8]
    bucket = "rolled-back-" + uuid.uuid4().hex
    template = {"Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
        "Bad": {"Type": "AWS::EC2::Subnet", "DependsOn": "Bucket", "Properties": {"VpcId": "vpc-00000000000000000", "CidrBlock": "10.9.0.0/24"}}}}
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    until(lambda: cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE", 60, "the rollback")
    reasons = [e.get("ResourceStatusReason", "") for e in cloudformation.describe_stack_events(StackName=name)["StackEvents"]
               if e["ResourceStatus"] == "CREATE_FAILED"]
    check(any("vpc-00000000000000000" in reason for reason in reasons), f"the reason: {reasons}")
    equal(error_code(lf.boto("s3").head_bucket, Bucket=bucket), "404", "what had been made is gone")
    cloudformation.delete_stack(StackName=name)
    until(lambda: error_code(cloudformation.describe_stacks, StackName=name) == "ValidationError", 30, "the stack's end")


def test_a_stack_is_created_updated_and_deleted(lf):
    cloudformation, name = lf.boto("cloudformation"), "small-" + uuid.uuid4().hex[:8]

    def template(tag):
        return json.dumps({
            "Parameters": {"Open": {"Type": "String", "Default": "no"}},
            "Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "Open"}, "yes"]}},
            "Resources": {
                "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.8.0.0/16", "Tags": [{"Key": "t", "Value": tag}]}},
                "Group": {"Type": "AWS::EC2::SecurityGroup", "Condition": "IsOpen",
                          "Properties": {"GroupDescription": "g", "VpcId": {"Ref": "Vpc"}}}},
            "Outputs": {"Vpc": {"Value": {"Ref": "Vpc"}}}})

    def at_rest(wanted):
        until(lambda: cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == wanted, 60, wanted)

    cloudformation.create_stack(StackName=name, TemplateBody=template("one"))
    at_rest("CREATE_COMPLETE")
    vpc = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]
    cloudformation.update_stack(StackName=name, TemplateBody=template("two"), Parameters=[{"ParameterKey": "Open", "ParameterValue": "yes"}])
    at_rest("UPDATE_COMPLETE")
    ec2 = lf.boto("ec2")
    tags = {tag["Key"]: tag["Value"] for tag in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]}
    equal(tags.get("t"), "two", "the tag after the update")
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    equal(len(groups), 2, "default group and the conditional one")
    try:
        cloudformation.update_stack(StackName=name, TemplateBody=template("two"), Parameters=[{"ParameterKey": "Open", "UsePreviousValue": True}])
        check(False, "an update that changes nothing is refused")
    except botocore.exceptions.ClientError as error:
        check("No updates are to be performed" in str(error), str(error))
    cloudformation.delete_stack(StackName=name)
    until(lambda: error_code(ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound", 60, "the VPC's end")


def test_an_alarm_acts_on_a_scaling_policy(lf):
    autoscaling, cloudwatch, name = lf.boto("autoscaling"), lf.boto("cloudwatch"), "scaled-" + uuid.uuid4().hex[:8]
    with World(lf) as world:
        group = world.group("scaled")
        world.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData={
            "ImageId": image(world.ec2), "InstanceType": "t3.micro", "SecurityGroupIds": [group]})
        autoscaling.create_auto_scaling_group(AutoScalingGroupName=name, MinSize=0, MaxSize=2, DesiredCapacity=0,
                                              VPCZoneIdentifier=world.subnet,
                                              LaunchTemplate={"LaunchTemplateName": name, "Version": "$Latest"})
        try:
            policy = autoscaling.put_scaling_policy(AutoScalingGroupName=name, PolicyName="up", AdjustmentType="ChangeInCapacity",
                                                    ScalingAdjustment=1)["PolicyARN"]
            cloudwatch.put_metric_alarm(AlarmName=name, Namespace="e2e", MetricName="Load", Statistic="Maximum", Period=10,
                                        EvaluationPeriods=1, Threshold=5, ComparisonOperator="GreaterThanThreshold",
                                        AlarmActions=[policy])
            cloudwatch.put_metric_data(Namespace="e2e", MetricData=[{"MetricName": "Load", "Value": 9}])

            def in_service():
                described = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
                return [i for i in described["Instances"] if i["LifecycleState"] == "InService"]
            until(in_service, 90, "the alarm to add an instance")  # the data's minute must be over
            equal(cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"], "ALARM", "the alarm")
        finally:
            cloudwatch.delete_alarms(AlarmNames=[name])
            autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
            until(lambda: not autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"], 60,
                  "the group's end")
            world.ec2.delete_launch_template(LaunchTemplateName=name)


def test_s3_multipart_copy_range_and_conditions(lf):
    s3, bucket = lf.boto("s3"), "e2e-" + uuid.uuid4().hex
    s3.create_bucket(Bucket=bucket)
    try:
        parts = [bytes([65 + i]) * (5 * 1024 * 1024) for i in range(2)] + [b"end"]
        upload = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
        etags = [{"PartNumber": n, "ETag": s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=n, Body=part)["ETag"]}
                 for n, part in enumerate(parts, 1)]
        done = s3.complete_multipart_upload(Bucket=bucket, Key="big", UploadId=upload, MultipartUpload={"Parts": etags})
        wanted = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest() + "-3"
        equal(done["ETag"].strip('"'), wanted, "the multipart ETag")
        boundary = s3.get_object(Bucket=bucket, Key="big", Range=f"bytes={5 * 1024 * 1024 - 2}-{5 * 1024 * 1024 + 1}")
        equal((boundary["ResponseMetadata"]["HTTPStatusCode"], boundary["Body"].read()), (206, b"AABB"), "a range over two parts")
        s3.copy_object(Bucket=bucket, Key="a/copy ü", CopySource={"Bucket": bucket, "Key": "big"})
        listed = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
        equal(([o["Key"] for o in listed["Contents"]], [p["Prefix"] for p in listed["CommonPrefixes"]]), (["big"], ["a/"]), "the listing")
        etag = s3.head_object(Bucket=bucket, Key="a/copy ü")["ETag"]
        equal(error_code(s3.get_object, Bucket=bucket, Key="a/copy ü", IfNoneMatch=etag), "304", "not modified")
        equal(error_code(s3.get_object, Bucket=bucket, Key="a/copy ü", IfMatch='"other"'), "PreconditionFailed", "precondition")
        equal(error_code(s3.get_object, Bucket=bucket, Key="absent"), "NoSuchKey", "absent")
        equal(error_code(s3.delete_bucket, Bucket=bucket), "BucketNotEmpty", "not empty")
    finally:
        for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=item["Key"])
        s3.delete_bucket(Bucket=bucket)


def test_a_zone_is_served_as_soon_as_it_changes(lf):
    route53, name = lf.boto("route53"), f"e2e-{uuid.uuid4().hex[:8]}.test"
    zone = route53.create_hosted_zone(Name=name, CallerReference=uuid.uuid4().hex)["HostedZone"]["Id"]

    def change(action, value):
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": {
            "Name": "www." + name, "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": value}]}}]})
    change("CREATE", "192.0.2.1")
    until(lambda: lf.resolve("www." + name) == ["192.0.2.1"], 5, "the record")
    change("UPSERT", "192.0.2.2")
    until(lambda: lf.resolve("www." + name) == ["192.0.2.2"], 5, "the change")
    equal(error_code(change, "CREATE", "192.0.2.3"), "InvalidChangeBatch", "what is there already")
    change("DELETE", "192.0.2.2")
    route53.delete_hosted_zone(Id=zone)
    until(lambda: not lf.resolve("www." + name), 5, "its end")


def test_a_certificate_is_issued_only_when_its_record_is_there(lf):
    acm, route53, name = lf.boto("acm"), lf.boto("route53"), f"e2e-{uuid.uuid4().hex[:8]}.test"
    arn = acm.request_certificate(DomainName=name, ValidationMethod="DNS")["CertificateArn"]
    record = until(lambda: acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"][0].get("ResourceRecord"),
                   10, "the record to make")
    equal(acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"], "PENDING_VALIDATION", "before")
    zone = route53.create_hosted_zone(Name=name, CallerReference=uuid.uuid4().hex)["HostedZone"]["Id"]
    rrset = {"Name": record["Name"], "Type": record["Type"], "TTL": 5, "ResourceRecords": [{"Value": record["Value"]}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": rrset}]})
    until(lambda: acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED", 30, "the certificate")
    acm.delete_certificate(CertificateArn=arn)
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": rrset}]})
    route53.delete_hosted_zone(Id=zone)


def test_a_load_balancer_of_ones_own_checks_routes_and_forwards(lf):
    elb, name = lf.boto("elbv2"), "e2e-" + uuid.uuid4().hex[:8]
    with World(lf, "10.78.0.0/24", "10.78.0.0/16") as world:
        other = world.more_subnet("10.78.1.0/24", "us-east-1b")
        inside, outside = world.group("targets"), world.group("balancer")
        world.ec2.authorize_security_group_ingress(GroupId=outside, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
        world.ec2.authorize_security_group_ingress(GroupId=inside, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": [{"GroupId": outside}]}])
        instance, _ = world.instance(inside, user_data=LISTENER)
        balancer = elb.create_load_balancer(Name=name, Subnets=[world.subnet, other], SecurityGroups=[outside])["LoadBalancers"][0]
        arn = balancer["LoadBalancerArn"]
        group = elb.create_target_group(Name=name, Protocol="HTTP", Port=8080, VpcId=world.vpc, HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=3,
                                        HealthyThresholdCount=2, HealthCheckPath="/")["TargetGroups"][0]["TargetGroupArn"]
        try:
            elb.register_targets(TargetGroupArn=group, Targets=[{"Id": instance}])
            listener = elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80,
                                           DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])["Listeners"][0]["ListenerArn"]
            elb.create_rule(ListenerArn=listener, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/fixed*"]}],
                            Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418", "MessageBody": "tea",
                                                                                         "ContentType": "text/plain"}}])
            url = "http://" + balancer["DNSName"]
            until(lambda: "healthy" in [t["TargetHealth"]["State"] for t in
                                        elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]],
                  40, "the target to be healthy")
            answer = until(lambda: (a := lf.curl(url + "/")).status == 200 and a, 20, "the load balancer to forward")
            check(b"Directory listing" in answer.body, f"from the instance: {answer.body[:100]!r}")
            fixed = lf.curl(url + "/fixed/x")
            equal((fixed.status, fixed.body), (418, b"tea"), "the rule")
            lf.exec(instance, "pkill", "-f", "http.server")
            until(lambda: lf.curl(url + "/").status in (502, 503, 504), 20, "no target is left")
        finally:
            elb.delete_load_balancer(LoadBalancerArn=arn)
            until(lambda: error_code(elb.describe_load_balancers, Names=[name]) == "LoadBalancerNotFound", 30, "its end")
            elb.delete_target_group(TargetGroupArn=group)
            until(lambda: not world.ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [world.vpc]}, {
                "Name": "group-id", "Values": [outside]}])["NetworkInterfaces"], 30, "its interfaces' end")


def cache_engine(node):
    """The pid of a cache node's Redis: the one whose host is called so."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/comm", encoding="utf-8") as file:
                redis = file.read().strip() == "redis-server"
        except OSError:
            continue
        if redis and subprocess.run(["nsenter", "-t", entry, "-u", "hostname"], capture_output=True, text=True, check=False).stdout.strip() == node:
            return int(entry)
    return None


def test_a_replica_takes_the_place_of_a_cache_whose_engine_ended(lf):
    cache = lf.boto("elasticache")

    def group():
        return cache.describe_replication_groups(ReplicationGroupId="failover")["ReplicationGroups"][0]

    def roles():
        return {member["CacheClusterId"]: member["CurrentRole"] for member in group()["NodeGroups"][0]["NodeGroupMembers"]}

    def redis(node, *words):
        done = subprocess.run(["nsenter", "-t", str(cache_engine(node)), "-n", "redis-cli", *words], capture_output=True, text=True, check=False)
        return done.stdout

    cache.create_replication_group(ReplicationGroupId="failover", ReplicationGroupDescription="two", Engine="redis", CacheNodeType="cache.t3.micro",
                                   NumCacheClusters=2, AutomaticFailoverEnabled=True)
    until(lambda: group()["Status"] == "available", 60, "the cache")
    equal(roles(), {"failover-001": "primary", "failover-002": "replica"}, "the roles")
    redis("failover-001", "set", "kept", "yes")
    until(lambda: redis("failover-002", "get", "kept").strip() == "yes", 20, "the replica to have it")
    os.kill(cache_engine("failover-001"), signal.SIGKILL)
    until(lambda: roles()["failover-002"] == "primary" and group()["Status"] == "available", 60, "the replica to take over")
    equal(redis("failover-002", "get", "kept").strip(), "yes", "the data")
    until(lambda: "role:master" in redis("failover-002", "info", "replication") and "role:slave" in redis("failover-001", "info", "replication"), 20, "the engines to know it")
    cache.delete_replication_group(ReplicationGroupId="failover")
    until(lambda: not any(each["ReplicationGroupId"] == "failover" for each in cache.describe_replication_groups()["ReplicationGroups"]), 60, "the cache to be gone")
