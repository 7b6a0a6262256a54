"""What users of the AWS CLI do by hand: filters, queries, pages, dry runs, `wait`, trees of files, `cloudformation deploy`,
deployments, replicas. And, for every operation of every service: it answers, or says 501 and its name."""

import filecmp
import json
import pathlib
import random
import tempfile
import uuid

import botocore.config
import botocore.exceptions
import botocore.session

from landfall import ROOT, check, equal, slow, until
from test_b_denied import World, error_code, image

# Terraform's services: botocore's name of each, which is the folder's but for these.
FOLDERS = {"acm": "acm", "autoscaling": "autoscaling", "cloudformation": "cloudformation", "cloudfront": "cloudfront",
           "cloudwatch": "cloudwatch", "ec2": "ec2", "elasticache": "elasticache", "elasticbeanstalk": "elasticbeanstalk",
           "elbv2": "elbv2", "iam": "iam", "logs": "logs", "rds": "rds", "route53": "route53", "s3": "s3",
           "secretsmanager": "secretsmanager", "ssm": "ssm", "sts": "sts"}


def run(lf, *words):
    """What the CLI printed, as JSON; it must succeed."""
    done = lf.aws(*words)
    equal(done.returncode, 0, f"aws {' '.join(words)}: {done.stderr.strip()}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def stack_resource(lf, logical_id):
    return lf.boto("cloudformation").describe_stack_resource(StackName="myapp", LogicalResourceId=logical_id)[
        "StackResourceDetail"]["PhysicalResourceId"]


# ---- every operation


def implemented(service):
    return {path.stem for path in (ROOT / "src/services" / FOLDERS[service] / "operations").glob("*.cc")}


# Names of old whose requests are those of a newer operation.
OLD_NAMES = {"GetBucketNotification", "PutBucketNotification", "GetBucketLifecycle", "PutBucketLifecycle"}
UNSIGNED = {"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}  # who does not sign is told nothing, not even that


def least(shape):
    """The smallest value that the model takes of a shape."""
    if shape.type_name == "structure":
        return {name: least(shape.members[name]) for name in shape.required_members}
    if shape.type_name in ("list", "map"):
        return [] if shape.type_name == "list" else {}
    if shape.type_name in ("integer", "long", "float", "double"):
        return max(1, int(shape.metadata.get("min", 1)))
    if shape.type_name == "boolean":
        return False
    if shape.type_name == "blob":
        return b"x"
    if shape.type_name == "timestamp":
        return 0
    return shape.enum[0] if shape.enum else "x" * max(3, int(shape.metadata.get("min", 1)))


def test_an_operation_that_is_not_implemented_answers_501_and_its_name_in_every_service(lf):
    wrong, count = [], 0
    for service in FOLDERS:
        client = lf.boto(service)
        client.meta.config.parameter_validation = False
        model = client.meta.service_model
        for name in set(model.operation_names) - implemented(service) - OLD_NAMES - UNSIGNED:
            operation = model.operation_model(name)
            if operation.endpoint and service == "s3":
                continue  # sent to another host name than S3's
            count += 1
            try:
                client._make_api_call(name, least(operation.input_shape) if operation.input_shape else {})
                wrong.append(f"{service} {name} succeeded")
            except botocore.exceptions.ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status != 501 or name not in str(error):
                    wrong.append(f"{service} {name}: {status} {error}"[:150])
            except (botocore.exceptions.BotoCoreError, ValueError, TypeError):
                count -= 1  # botocore does not send it so
    check(count > 900, f"only {count} were tried")
    equal(wrong[:10], [], f"{len(wrong)} of {count}")


def paginated(client, service):
    """Implemented operations that have pages and want no parameter; with the name of the page's limit."""
    session = botocore.session.get_session()
    for name, pages in session.get_paginator_model(service)._paginator_config.items():
        shape = client.meta.service_model.operation_model(name).input_shape
        if name in implemented(service) and pages.get("limit_key") and not shape.required_members:
            yield name, pages, shape.members[pages["limit_key"]]


def listed(client, name, pages, **parameters):
    keys = pages["result_key"] if isinstance(pages["result_key"], list) else [pages["result_key"]]
    found, count = {key: [] for key in keys}, 0
    tokens = pages["input_token"] if isinstance(pages["input_token"], list) else [pages["input_token"]]
    method = client.get_paginator(botocore.xform_name(name))
    check(tokens, name)
    for page in method.paginate(**parameters):
        count += 1
        check(count < 2000, f"{name} does not end")
        for key in keys:
            value = page
            for part in key.split("."):
                value = value.get(part, {}) if isinstance(value, dict) else {}
            found[key] += list(value) if value else []
    return found, count


# Lists that grow while they are read, or that are what AWS publishes (a page of one: hundreds of calls).
MOVING = {"DescribeEvents", "ListMetrics", "DescribeAlarmHistory", "DescribeScalingActivities", "DescribeInstanceTypes", "DescribeImages",
          "DescribeInstanceTypeOfferings", "DescribeStackEvents", "ListPolicies", "DescribeDBEngineVersions", "ListManagedPolicies",
          "DescribeVpcEndpointServices"}  # each page names its services, so one of two types may be named on two pages


NOT_ALONE = {"MissingParameter", "ValidationError", "InvalidParameterCombination"}  # it wants one of several parameters


def test_small_pages_hold_what_large_ones_hold(lf):
    tried, many, wrong = 0, 0, []
    for service in FOLDERS:
        client = lf.boto(service)
        for name, pages, limit in paginated(client, service):
            if name in MOVING:
                continue
            size = max(1, int(limit.metadata.get("min", 1)))
            if service in ("rds", "elasticache"):
                size = 20  # their models leave the minimum to the documentation
            if service == "ec2":
                size = 5
            size = str(size) if limit.type_name == "string" else size
            try:
                whole, _ = listed(client, name, pages)
            except botocore.exceptions.ClientError as error:
                if error.response["Error"]["Code"] not in NOT_ALONE:
                    wrong.append(f"{service} {name}: {error}")
                continue
            tried += 1
            small, count = listed(client, name, pages, **{pages["limit_key"]: size})
            many += count > 1
            if whole != small:
                wrong.append(f"{service} {name}: {[len(v) for v in whole.values()]} and, by {size}, {[len(v) for v in small.values()]}")
    equal(wrong, [], "lists whose small pages differ")
    check(tried >= 50, f"only {tried} lists were read")
    check(many >= 10, f"only {many} lists had more than one page")


# ---- reading


def test_the_cli_filters_queries_and_goes_on_where_it_stopped(lf):
    vpc = stack_resource(lf, "Vpc")
    ids = run(lf, "ec2", "describe-subnets", "--filters", f"Name=vpc-id,Values={vpc}", "Name=availability-zone,Values=us-east-1a",
              "--query", "sort(Subnets[].SubnetId)")
    equal(ids, sorted([stack_resource(lf, "PublicSubnetA"), stack_resource(lf, "PrivateSubnetA")]), "subnets of a zone")
    equal(run(lf, "ec2", "describe-vpcs", "--filters", "Name=tag:Name,Values=my*", "--query", "Vpcs[].VpcId"), [vpc], "by a tag's wildcard")
    equal(run(lf, "ec2", "describe-vpcs", "--filters", "Name=vpc-id,Values=vpc-none", "--query", "Vpcs"), [], "nothing")
    check("InvalidParameterValue" in lf.aws("ec2", "describe-vpcs", "--filters", "Name=nonsense,Values=x").stderr, "a filter that there is not")
    first = run(lf, "iam", "list-roles", "--max-items", "1", "--page-size", "1")
    rest = run(lf, "iam", "list-roles", "--starting-token", first["NextToken"])
    equal(len(first["Roles"]) + len(rest["Roles"]), len(run(lf, "iam", "list-roles")["Roles"]), "roles in two goes")


def test_a_dry_run_changes_nothing(lf):
    before = run(lf, "ec2", "describe-vpcs", "--query", "Vpcs[].VpcId")
    for words in (["create-vpc", "--cidr-block", "10.66.0.0/16"], ["delete-vpc", "--vpc-id", before[0]],
                  ["run-instances", "--image-id", image(lf.boto("ec2")), "--instance-type", "t3.micro"]):
        check("DryRunOperation" in lf.aws("ec2", *words, "--dry-run").stderr, f"aws ec2 {words[0]} --dry-run says that it would")
    equal(run(lf, "ec2", "describe-vpcs", "--query", "Vpcs[].VpcId"), before, "the VPCs")


def test_waiters_end(lf):
    group = lf.boto("elbv2").describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
    balancer = lf.boto("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    bucket, distribution = stack_resource(lf, "Bucket"), stack_resource(lf, "Distribution")
    role = lf.boto("iam").list_roles()["Roles"][0]["RoleName"]
    for words in (["ec2", "wait", "vpc-available", "--vpc-ids", stack_resource(lf, "Vpc")],
                  ["ec2", "wait", "subnet-available", "--subnet-ids", stack_resource(lf, "PublicSubnetA")],
                  ["ec2", "wait", "instance-status-ok", "--instance-ids", lf.api_instances()[0]["InstanceId"]],
                  ["elbv2", "wait", "load-balancer-available", "--load-balancer-arns", balancer],
                  ["elbv2", "wait", "target-in-service", "--target-group-arn", group],
                  ["rds", "wait", "db-instance-available", "--db-instance-identifier", stack_resource(lf, "Database")],
                  ["elasticache", "wait", "replication-group-available", "--replication-group-id", stack_resource(lf, "Cache")],
                  ["acm", "wait", "certificate-validated", "--certificate-arn", stack_resource(lf, "ApiCertificate")],
                  ["cloudfront", "wait", "distribution-deployed", "--id", distribution],
                  ["cloudformation", "wait", "stack-create-complete", "--stack-name", "myapp"],
                  ["elasticbeanstalk", "wait", "environment-exists", "--environment-names", stack_resource(lf, "Environment")],
                  ["iam", "wait", "role-exists", "--role-name", role],
                  ["s3api", "wait", "bucket-exists", "--bucket", bucket],
                  ["s3api", "wait", "object-not-exists", "--bucket", bucket, "--key", "no/such/key"]):
        run(lf, *words)


def test_an_instance_by_hand_from_run_to_terminated(lf):
    with World(lf) as world:
        group = world.group("by-hand")
        latest = run(lf, "ssm", "get-parameters", "--names", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
                     "--query", "Parameters[0].Value")
        made = run(lf, "ec2", "run-instances", "--image-id", latest,
                   "--instance-type", "t3.micro", "--subnet-id", world.subnet, "--security-group-ids", group, "--tag-specifications",
                   "ResourceType=instance,Tags=[{Key=Name,Value=by-hand}]", "--query", "Instances[0].InstanceId")
        world.instances.append(made)
        for verb, wait in ((None, "instance-running"), ("stop-instances", "instance-stopped"), ("start-instances", "instance-running"),
                           ("terminate-instances", "instance-terminated")):
            if verb:
                run(lf, "ec2", verb, "--instance-ids", made)
            run(lf, "ec2", "wait", wait, "--instance-ids", made)
        equal(run(lf, "ec2", "describe-instances", "--filters", "Name=tag:Name,Values=by-hand", "Name=instance-state-name,Values=running",
                  "--query", "Reservations"), [], "none of that name runs")


# ---- S3


def make_tree(folder):
    generator = random.Random(7)
    for number in range(120):
        path = pathlib.Path(folder, f"d{number % 7}", "deeper" if number % 3 else "", f"file {number} ü+&.bin")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(generator.randbytes(generator.randrange(0, 40_000)))
    pathlib.Path(folder, "large.bin").write_bytes(generator.randbytes(21 * 1024 * 1024 + 7))  # three parts, the last a short one


def same_tree(one, other):
    compared = filecmp.dircmp(one, other)
    if compared.left_only or compared.right_only or compared.funny_files:
        return False
    _, different, errors = filecmp.cmpfiles(one, other, compared.common_files, shallow=False)
    return not different and not errors and all(same_tree(f"{one}/{name}", f"{other}/{name}") for name in compared.common_dirs)


def test_trees_and_large_files_are_synced_copied_and_removed(lf):
    bucket = "tree-" + uuid.uuid4().hex
    run(lf, "s3api", "create-bucket", "--bucket", bucket)
    with tempfile.TemporaryDirectory() as folder:
        there, back = folder + "/there", folder + "/back"
        make_tree(there)

        def s3(*words):
            quiet = ["--no-progress"] if words[0] in ("sync", "cp", "mv") else []
            done = lf.shell("/usr/bin/aws", "s3", *words, *quiet)
            equal(done.returncode, 0, f"aws s3 {' '.join(words)}: {done.stderr}{done.stdout[-500:]}")
            return done.stdout

        equal(len(s3("sync", there, f"s3://{bucket}/t").splitlines()), 121, "uploads")
        equal(s3("sync", there, f"s3://{bucket}/t"), "", "a second sync has nothing to do")
        check(lf.boto("s3").head_object(Bucket=bucket, Key="t/large.bin")["ETag"].strip('"').endswith("-3"), "the large one went in parts")
        s3("sync", f"s3://{bucket}/t", back)
        check(same_tree(there, back), "the tree comes back as it was")
        pathlib.Path(there, "large.bin").unlink()
        pathlib.Path(there, "d0", "new").write_text("new")
        equal(sorted(line.split()[0] for line in s3("sync", there, f"s3://{bucket}/t", "--delete").splitlines()), ["delete:", "upload:"],
              "a sync with --delete")
        copied = s3("cp", f"s3://{bucket}/t/", f"s3://{bucket}/copy/", "--recursive", "--exclude", "*", "--include", "d1/*")
        equal(len(copied.splitlines()), len(list(pathlib.Path(there, "d1").rglob("*.bin"))), "copies within S3")
        s3("mv", f"s3://{bucket}/t/d0/new", f"s3://{bucket}/moved")
        check("moved" in s3("ls", f"s3://{bucket}/"), "aws s3 ls")
        s3("rm", f"s3://{bucket}", "--recursive")
    equal(lf.shell("/usr/bin/aws", "s3", "rb", f"s3://{bucket}").returncode, 0, "aws s3 rb")


# ---- stacks and deployments

SMALL = {"Parameters": {"Cidr": {"Type": "String"}},
         "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "Cidr"}}}},
         "Outputs": {"Vpc": {"Value": {"Ref": "Vpc"}}}}


@slow
def test_cloudformation_deploy_creates_updates_and_says_when_there_is_nothing_to_do(lf):
    name = "deployed-" + uuid.uuid4().hex[:8]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        def deploy(*words):
            return lf.shell("/usr/bin/aws", "cloudformation", "deploy", "--stack-name", name, "--template-file", file.name, *words)

        def write(template):
            file.seek(0)
            file.truncate()
            json.dump(template, file)
            file.flush()

        write(SMALL)
        done = deploy("--parameter-overrides", "Cidr=10.67.0.0/16", "--tags", "team=web")
        check(done.returncode == 0 and "Successfully created/updated stack" in done.stdout, f"{done.stdout}{done.stderr}")
        vpc = run(lf, "cloudformation", "describe-stacks", "--stack-name", name, "--query", "Stacks[0].Outputs[0].OutputValue")
        tags = {tag["Key"]: tag["Value"] for tag in run(lf, "ec2", "describe-vpcs", "--vpc-ids", vpc, "--query", "Vpcs[0].Tags")}
        equal((tags.get("team"), tags.get("aws:cloudformation:stack-name")), ("web", name), "the stack's tags are the resources'")
        done = deploy("--tags", "team=web")
        check(done.returncode == 0 and "No changes to deploy" in done.stdout, f"again: {done.stdout}{done.stderr}")
        changed = json.loads(json.dumps(SMALL))
        changed["Resources"]["Group"] = {"Type": "AWS::EC2::SecurityGroup",
                                         "Properties": {"GroupDescription": "g", "VpcId": {"Ref": "Vpc"}}}
        write(changed)
        done = deploy("--tags", "team=web")
        check(done.returncode == 0 and "Successfully created/updated stack" in done.stdout, f"changed: {done.stdout}{done.stderr}")
        groups = run(lf, "ec2", "describe-security-groups", "--filters", f"Name=vpc-id,Values={vpc}", "--query", "SecurityGroups[].GroupName")
        equal(len(groups), 2, f"the default group and the new one: {groups}")
    run(lf, "cloudformation", "delete-stack", "--stack-name", name)
    run(lf, "cloudformation", "wait", "stack-delete-complete", "--stack-name", name)
    equal(error_code(lf.boto("ec2").describe_vpcs, VpcIds=[vpc]), "InvalidVpcID.NotFound", "the VPC is gone")


def test_cloudformation_deploy_of_the_whole_stack_as_it_is_changes_nothing(lf):
    done = lf.shell("/usr/bin/aws", "cloudformation", "deploy", "--stack-name", "myapp", "--template-file", str(ROOT / "examples/myapp/stack.yaml"),
                    "--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")
    check(done.returncode == 0 and "No changes to deploy" in done.stdout, f"{done.stdout}{done.stderr}")


@slow
def test_a_beanstalk_deployment_by_hand_and_back(lf):
    environment = stack_resource(lf, "Environment")
    before = run(lf, "elasticbeanstalk", "describe-environments", "--environment-names", environment, "--query", "Environments[0]")
    application, label = before["ApplicationName"], "by-hand-" + uuid.uuid4().hex[:8]
    bundle = run(lf, "elasticbeanstalk", "describe-application-versions", "--application-name", application, "--version-labels",
                 before["VersionLabel"], "--query", "ApplicationVersions[0].SourceBundle")
    run(lf, "elasticbeanstalk", "create-application-version", "--application-name", application, "--version-label", label,
        "--source-bundle", f"S3Bucket={bundle['S3Bucket']},S3Key={bundle['S3Key']}")

    def deploy(version):
        run(lf, "elasticbeanstalk", "update-environment", "--environment-name", environment, "--version-label", version)
        run(lf, "elasticbeanstalk", "wait", "environment-updated", "--environment-names", environment)
        after = run(lf, "elasticbeanstalk", "describe-environments", "--environment-names", environment, "--query", "Environments[0]")
        equal((after["VersionLabel"], after["Status"]), (version, "Ready"), "the environment")
        until(lambda: lf.curl("https://api.myapp.com/health").status == 200, 20, "the API to answer")

    try:
        deploy(label)
        check("InvalidParameterValue" in lf.aws("elasticbeanstalk", "update-environment", "--environment-name", environment, "--version-label",
                                                "no-such-version").stderr, "a version that there is not")
    finally:
        deploy(before["VersionLabel"])
        run(lf, "elasticbeanstalk", "delete-application-version", "--application-name", application, "--version-label", label)


# ---- a database and its replica


def psql(lf, instance, address, sql):
    return lf.exec(instance, "env", "PGPASSWORD=hunter2hunter2", "PGCONNECT_TIMEOUT=5", "psql", "-h", address, "-U", "app", "-d", "app", "-Atc", sql)


def test_a_read_replica_follows_refuses_writes_and_is_promoted(lf):
    name = "r" + uuid.uuid4().hex[:8]
    with World(lf, "10.79.0.0/24", "10.79.0.0/16") as world:
        other = world.more_subnet("10.79.1.0/24", "us-east-1b")
        group = world.group("data")
        world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": group}]}])
        client, _ = world.instance(group)
        run(lf, "rds", "create-db-subnet-group", "--db-subnet-group-name", name, "--db-subnet-group-description", "d", "--subnet-ids",
            world.subnet, other)

        def describe(identifier):
            return run(lf, "rds", "describe-db-instances", "--db-instance-identifier", identifier, "--query", "DBInstances[0]")

        try:
            run(lf, "rds", "create-db-instance", "--db-instance-identifier", name, "--engine", "postgres", "--db-instance-class", "db.t3.micro",
                "--allocated-storage", "20", "--master-username", "app", "--master-user-password", "hunter2hunter2", "--db-name", "app",
                "--db-subnet-group-name", name, "--vpc-security-group-ids", group, "--backup-retention-period", "1")
            run(lf, "rds", "wait", "db-instance-available", "--db-instance-identifier", name)
            source = describe(name)["Endpoint"]["Address"]
            made = psql(lf, client, source, "CREATE TABLE t (v text); INSERT INTO t VALUES ('before')")
            equal(made.returncode, 0, made.stderr)
            run(lf, "rds", "create-db-instance-read-replica", "--db-instance-identifier", name + "-r", "--source-db-instance-identifier", name,
                "--vpc-security-group-ids", group)
            run(lf, "rds", "wait", "db-instance-available", "--db-instance-identifier", name + "-r")
            replica = describe(name + "-r")
            equal((describe(name)["ReadReplicaDBInstanceIdentifiers"], replica["ReadReplicaSourceDBInstanceIdentifier"]), ([name + "-r"], name),
                  "they name each other")
            address = replica["Endpoint"]["Address"]
            equal(psql(lf, client, address, "SELECT v FROM t").stdout.strip(), "before", "what was there")
            psql(lf, client, source, "INSERT INTO t VALUES ('after')")
            until(lambda: "after" in psql(lf, client, address, "SELECT v FROM t").stdout, 10, "what came later")
            check("read-only" in psql(lf, client, address, "INSERT INTO t VALUES ('no')").stderr, "a write to the replica is refused")
            run(lf, "rds", "reboot-db-instance", "--db-instance-identifier", name)
            run(lf, "rds", "wait", "db-instance-available", "--db-instance-identifier", name)
            until(lambda: psql(lf, client, source, "INSERT INTO t VALUES ('again')").returncode == 0, 20, "the source to serve again")
            until(lambda: "again" in psql(lf, client, address, "SELECT v FROM t").stdout, 20, "the stream to go on after the source's restart")
            check("InvalidDBInstanceState" in lf.aws("rds", "stop-db-instance", "--db-instance-identifier", name).stderr, "a source is not stopped")
            run(lf, "rds", "promote-read-replica", "--db-instance-identifier", name + "-r")
            run(lf, "rds", "wait", "db-instance-available", "--db-instance-identifier", name + "-r")
            until(lambda: psql(lf, client, address, "INSERT INTO t VALUES ('promoted')").returncode == 0, 20, "the promoted one to take writes")
            equal(psql(lf, client, source, "SELECT count(*) FROM t WHERE v = 'promoted'").stdout.strip(), "0", "its rows at the old source")
            equal(describe(name).get("ReadReplicaDBInstanceIdentifiers"), [], "the source has no replica any more")
        finally:
            for identifier in (name + "-r", name):
                lf.aws("rds", "delete-db-instance", "--db-instance-identifier", identifier, "--skip-final-snapshot")
            for identifier in (name + "-r", name):
                run(lf, "rds", "wait", "db-instance-deleted", "--db-instance-identifier", identifier)
            run(lf, "rds", "delete-db-subnet-group", "--db-subnet-group-name", name)
