"""Two who change one thing both get true answers; what is in use is not deleted; regions and sessions keep apart."""

import concurrent.futures
import copy
import json
import uuid

from landfall import check, equal, until
from test_b_denied import World, error_code, image
from test_f_cli import stack_resource


def at_once(count, body):
    """What `count` calls of body(number) at the same time gave."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(body, range(count)))


# ---- two at once


def test_of_two_updates_of_a_distribution_with_one_etag_one_wins(lf):
    cloudfront = lf.boto("cloudfront")
    made = cloudfront.create_distribution(DistributionConfig={
        "CallerReference": uuid.uuid4().hex, "Comment": "0", "Enabled": False,
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "b.s3.us-east-1.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}})
    an_id, etag, config = made["Distribution"]["Id"], made["ETag"], made["Distribution"]["DistributionConfig"]

    def update(number):
        mine = copy.deepcopy(config)
        mine["Comment"] = f"by {number}"
        return error_code(lf.boto("cloudfront").update_distribution, Id=an_id, IfMatch=etag, DistributionConfig=mine)

    codes = at_once(4, update)
    equal(sorted(codes), ["PreconditionFailed"] * 3 + ["no error"], "four updates on one ETag")
    now = cloudfront.get_distribution_config(Id=an_id)
    equal(now["DistributionConfig"]["Comment"], f"by {codes.index('no error')}", "the winner's comment")
    equal(error_code(cloudfront.delete_distribution, Id=an_id, IfMatch=etag), "PreconditionFailed", "a deletion with the old ETag")
    cloudfront.delete_distribution(Id=an_id, IfMatch=now["ETag"])


def put_if(lf, header, value):
    """An S3 client whose PutObject has one more header (this botocore knows conditional writes not yet)."""
    client = lf.boto("s3")
    client.meta.events.register("before-sign.s3.PutObject", lambda request, **_: request.headers.add_header(header, value))
    return client


def test_of_many_conditional_writes_of_an_object_one_wins(lf):
    s3, bucket = lf.boto("s3"), "races-" + uuid.uuid4().hex
    s3.create_bucket(Bucket=bucket)
    created = at_once(8, lambda number: error_code(put_if(lf, "If-None-Match", "*").put_object, Bucket=bucket, Key="k", Body=f"{number}".encode()))
    equal(sorted(set(created)), ["PreconditionFailed", "no error"], "creations")
    equal(created.count("no error"), 1, f"who created it: {created}")
    got = s3.get_object(Bucket=bucket, Key="k")
    equal(got["Body"].read(), f"{created.index('no error')}".encode(), "the winner's body")
    changed = at_once(8, lambda number: error_code(put_if(lf, "If-Match", got["ETag"]).put_object, Bucket=bucket, Key="k", Body=f"n{number}".encode()))
    equal(changed.count("no error"), 1, f"who changed it: {changed}")
    equal(s3.get_object(Bucket=bucket, Key="k")["Body"].read(), f"n{changed.index('no error')}".encode(), "the winner's change")
    s3.delete_object(Bucket=bucket, Key="k")
    s3.delete_bucket(Bucket=bucket)


def test_change_batches_are_whole_and_of_many_creations_one_wins(lf):
    route53, name = lf.boto("route53"), f"e2e-{uuid.uuid4().hex[:8]}.test"
    zone = route53.create_hosted_zone(Name=name, CallerReference=uuid.uuid4().hex)["HostedZone"]["Id"]

    def change(number, action="CREATE"):
        records = [{"Name": f"{host}.{name}", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": f"192.0.2.{number + 1}"}]} for host in ("a", "b")]
        return error_code(lf.boto("route53").change_resource_record_sets, HostedZoneId=zone, ChangeBatch={
            "Changes": [{"Action": action, "ResourceRecordSet": record} for record in records]})

    codes = at_once(6, change)
    equal(codes.count("no error"), 1, f"creations: {codes}")
    equal(set(codes), {"no error", "InvalidChangeBatch"}, "the others")
    winner = codes.index("no error")
    values = {record["Name"]: record["ResourceRecords"][0]["Value"]
              for record in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"] if record["Type"] == "A"}
    equal(values, {f"{host}.{name}.": f"192.0.2.{winner + 1}" for host in ("a", "b")}, "both records are the winner's")
    equal(change(winner + 1, "DELETE"), "InvalidChangeBatch", "a deletion of other values")
    equal(change(winner, "DELETE"), "no error", "of these")
    route53.delete_hosted_zone(Id=zone)


def test_versions_of_a_launch_template_are_counted_without_gap_or_double(lf):
    ec2, name = lf.boto("ec2"), "races-" + uuid.uuid4().hex[:8]
    ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.micro"})
    numbers = at_once(8, lambda number: lf.boto("ec2").create_launch_template_version(
        LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.small"})["LaunchTemplateVersion"]["VersionNumber"])
    equal(sorted(numbers), list(range(2, 10)), "versions")
    equal(ec2.describe_launch_templates(LaunchTemplateNames=[name])["LaunchTemplates"][0]["LatestVersionNumber"], 9, "the latest")
    equal(error_code(ec2.create_launch_template, LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.micro"}),
          "InvalidLaunchTemplateName.AlreadyExistsException", "the name again")
    ec2.delete_launch_template(LaunchTemplateName=name)


def test_of_many_creations_of_one_name_one_wins(lf):
    name = "races-" + uuid.uuid4().hex[:8]
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
    codes = at_once(6, lambda _: error_code(lf.boto("iam").create_role, RoleName=name, AssumeRolePolicyDocument=trust))
    equal(sorted(codes), ["EntityAlreadyExists"] * 5 + ["no error"], "roles")
    lf.boto("iam").delete_role(RoleName=name)
    codes = at_once(6, lambda _: error_code(lf.boto("s3").create_bucket, Bucket=name))
    check(set(codes) <= {"no error", "BucketAlreadyOwnedByYou"}, f"buckets: {codes}")  # us-east-1 answers its owner 200
    lf.boto("s3").delete_bucket(Bucket=name)


def test_an_idempotency_token_makes_one_instance_of_many_requests(lf):
    with World(lf) as world:
        group, token, source = world.group("token"), uuid.uuid4().hex, image(world.ec2)
        made = at_once(4, lambda _: lf.boto("ec2").run_instances(
            ImageId=source, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=world.subnet, SecurityGroupIds=[group],
            ClientToken=token)["Instances"][0]["InstanceId"])
        world.instances.append(made[0])
        equal(len(set(made)), 1, f"instances: {made}")
        equal(error_code(world.ec2.run_instances, ImageId=source, InstanceType="t3.small", MinCount=1, MaxCount=1, SubnetId=world.subnet,
                         ClientToken=token), "IdempotentParameterMismatch", "the token for something else")


def test_what_is_deleted_while_it_is_created_leaves_nothing(lf):
    with World(lf, "10.76.0.0/24", "10.76.0.0/16") as world:
        other = world.more_subnet("10.76.1.0/24", "us-east-1b")
        elb, name = lf.boto("elbv2"), "brief-" + uuid.uuid4().hex[:8]
        instance = world.ec2.run_instances(ImageId=image(world.ec2), InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=world.subnet)[
            "Instances"][0]["InstanceId"]
        world.instances.append(instance)
        world.ec2.terminate_instances(InstanceIds=[instance])
        arn = elb.create_load_balancer(Name=name, Subnets=[world.subnet, other])["LoadBalancers"][0]["LoadBalancerArn"]
        elb.delete_load_balancer(LoadBalancerArn=arn)
        until(lambda: world.state(instance) == "terminated", 30, "the instance's end")
        until(lambda: not world.ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [world.vpc]}])["NetworkInterfaces"], 30,
              "no interface is left")
    # World's own end deletes the VPC, which nothing may hold.


# ---- out of order


def test_what_is_in_use_is_not_deleted(lf):
    def physical(logical):
        return stack_resource(lf, logical)

    ec2, elb, cloudfront, iam, rds, cache = (lf.boto(service) for service in ("ec2", "elbv2", "cloudfront", "iam", "rds", "elasticache"))
    distribution = physical("Distribution")
    etag = cloudfront.get_distribution(Id=distribution)["ETag"]
    group = elb.describe_target_groups()["TargetGroups"][0]
    asg = lf.boto("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]["AutoScalingGroupName"]
    instance = ec2.describe_instances(InstanceIds=[lf.api_instances()[0]["InstanceId"]])["Reservations"][0]["Instances"][0]
    profile = instance["IamInstanceProfile"]["Arn"].rsplit("/", 1)[1]
    role = iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"][0]["RoleName"]
    control = cloudfront.list_origin_access_controls()["OriginAccessControlList"]["Items"][0]["Id"]
    gateway = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [instance["VpcId"]]}])["InternetGateways"][0]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [instance["VpcId"]]}])["RouteTables"]
    table = next(t for t in tables if t["Associations"] and not t["Associations"][0]["Main"])
    wanted = [
        ("DependencyViolation", ec2.delete_vpc, {"VpcId": instance["VpcId"]}),
        ("DependencyViolation", ec2.delete_subnet, {"SubnetId": instance["SubnetId"]}),
        ("DependencyViolation", ec2.delete_security_group, {"GroupId": instance["SecurityGroups"][0]["GroupId"]}),
        ("DependencyViolation", ec2.delete_internet_gateway, {"InternetGatewayId": gateway["InternetGatewayId"]}),
        ("DependencyViolation", ec2.delete_route_table, {"RouteTableId": table["RouteTableId"]}),
        ("InvalidParameterValue", ec2.delete_network_interface, {"NetworkInterfaceId": instance["NetworkInterfaces"][0]["NetworkInterfaceId"]}),
        ("ResourceInUse", elb.delete_target_group, {"TargetGroupArn": group["TargetGroupArn"]}),
        ("ResourceInUse", lf.boto("autoscaling").delete_auto_scaling_group, {"AutoScalingGroupName": asg}),
        ("ResourceInUseException", lf.boto("acm").delete_certificate, {"CertificateArn": physical("ApiCertificate")}),
        ("ResourceInUseException", lf.boto("acm").delete_certificate, {"CertificateArn": physical("CdnCertificate")}),
        ("BucketNotEmpty", lf.boto("s3").delete_bucket, {"Bucket": physical("Bucket")}),
        ("DeleteConflict", iam.delete_role, {"RoleName": role}),
        ("DeleteConflict", iam.delete_instance_profile, {"InstanceProfileName": profile}),
        ("HostedZoneNotEmpty", lf.boto("route53").delete_hosted_zone, {"Id": physical("HostedZone")}),
        ("DistributionNotDisabled", cloudfront.delete_distribution, {"Id": distribution, "IfMatch": etag}),
        ("OriginAccessControlInUse", cloudfront.delete_origin_access_control,
         {"Id": control, "IfMatch": cloudfront.get_origin_access_control(Id=control)["ETag"]}),
        ("InvalidDBSubnetGroupStateFault", rds.delete_db_subnet_group, {"DBSubnetGroupName": physical("DatabaseSubnets")}),
        ("CacheSubnetGroupInUse", cache.delete_cache_subnet_group, {"CacheSubnetGroupName": physical("CacheSubnets")}),
        ("OperationInProgressFailure", lf.boto("elasticbeanstalk").delete_application, {"ApplicationName": physical("Application")}),
    ]
    wrong = []
    for code, operation, parameters in wanted:
        got = error_code(operation, **parameters)
        if got != code:
            wrong.append(f"{operation.__name__} {parameters}: {got}, not {code}")
    equal(wrong, [], "what is in use")
    equal(lf.curl("https://api.myapp.com/health").status, 200, "nothing of it is gone")


# ---- apart


def test_regions_keep_apart(lf):
    west, east = lf.boto("ec2", region="us-west-2"), lf.boto("ec2")
    default = west.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    equal(len(default), 1, "a default VPC in each region")
    vpc = west.create_vpc(CidrBlock="10.75.0.0/16")["Vpc"]["VpcId"]
    try:
        equal(error_code(east.describe_vpcs, VpcIds=[vpc]), "InvalidVpcID.NotFound", "from the other region")
        equal(error_code(east.create_subnet, VpcId=vpc, CidrBlock="10.75.0.0/24"), "InvalidVpcID.NotFound", "a subnet from there")
        zone = west.create_subnet(VpcId=vpc, CidrBlock="10.75.0.0/24")["Subnet"]
        check(zone["AvailabilityZone"].startswith("us-west-2"), zone["AvailabilityZone"])
        west.delete_subnet(SubnetId=zone["SubnetId"])
    finally:
        west.delete_vpc(VpcId=vpc)
    name = "apart-" + uuid.uuid4().hex[:8]
    for region in ("us-east-1", "us-west-2"):
        logs = lf.boto("logs", region=region)
        equal(logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"], [], f"log groups in {region}")
        logs.create_log_group(logGroupName=name)
    for region in ("us-east-1", "us-west-2"):
        lf.boto("logs", region=region).delete_log_group(logGroupName=name)
    role = lf.boto("iam", region="us-west-2").list_roles()["Roles"]
    equal([r["Arn"] for r in role], [r["Arn"] for r in lf.boto("iam").list_roles()["Roles"]], "IAM is one for all regions")
