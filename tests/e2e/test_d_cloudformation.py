"""CloudFormation: every resource type through its life, asked of the services themselves; what a stack may not do, and what it
never shows."""

import json
import pathlib
import types
import uuid

import botocore.exceptions
import jmespath

from landfall import check, equal, until
from test_b_denied import error_code

TEMPLATE = pathlib.Path(__file__).resolve().parent / "templates/every_type.yaml"
STAGE = "[?Key=='stage'].Value | [0]"


# Of each resource: who is asked, how, and what of the answer is "one" and then "two". None: it is there, and does not change.
def asked(i):
    zone = {"HostedZoneId": i.Zone}
    return {
        "Vpc": ("ec2", "describe_vpcs", {"VpcIds": [i.Vpc]}, f"Vpcs[0].Tags{STAGE}", "one", "two"),
        "Gateway": ("ec2", "describe_internet_gateways", {"InternetGatewayIds": [i.Gateway]}, f"InternetGateways[0].Tags{STAGE}", "one", "two"),
        "SubnetA": ("ec2", "describe_subnets", {"SubnetIds": [i.SubnetA]}, "Subnets[0].MapPublicIpOnLaunch", False, True),
        "RouteTable": ("ec2", "describe_route_tables", {"RouteTableIds": [i.RouteTable]}, f"RouteTables[0].Tags{STAGE}", "one", "two"),
        "NatRoute": ("ec2", "describe_route_tables", {"RouteTableIds": [i.OtherRouteTable]},
                     "RouteTables[0].Routes[?DestinationCidrBlock=='0.0.0.0/0'] | [0].[NatGatewayId, GatewayId]", [i.Nat, None], [None, i.Gateway]),
        "NatAddress": ("ec2", "describe_addresses", {"PublicIps": [i.NatAddress]}, f"Addresses[0].Tags{STAGE}", "one", "two"),
        "Nat": ("ec2", "describe_nat_gateways", {"NatGatewayIds": [i.Nat], "Filters": [{"Name": "state", "Values": ["available"]}]},
                f"NatGateways[0].Tags{STAGE}", "one", "two"),
        "Acl": ("ec2", "describe_network_acls", {"NetworkAclIds": [i.Acl]}, f"NetworkAcls[0].Tags{STAGE}", "one", "two"),
        "AclIn": ("ec2", "describe_network_acls", {"NetworkAclIds": [i.Acl]}, "NetworkAcls[0].Entries[?RuleNumber==`100` && !Egress] | [0].RuleAction", "allow", "deny"),
        "AclAssociation": ("ec2", "describe_network_acls", {"NetworkAclIds": [i.Acl]}, "NetworkAcls[0].Associations[0].SubnetId", i.SubnetB, i.SubnetB),
        "Endpoint": ("ec2", "describe_vpc_endpoints", {"VpcEndpointIds": [i.Endpoint]}, "length(VpcEndpoints[0].RouteTableIds)", 1, 2),
        "Group": ("ec2", "describe_security_groups", {"GroupIds": [i.Group]}, "SecurityGroups[0].IpPermissions[?ToPort==`443`] | [0].FromPort", 80, 443),
        "GroupIn": ("ec2", "describe_security_group_rules", {"SecurityGroupRuleIds": [i.GroupIn]}, "SecurityGroupRules[0].Description", "one", "two"),
        "GroupOut": ("ec2", "describe_security_group_rules", {"SecurityGroupRuleIds": [i.GroupOut]}, "SecurityGroupRules[0].Description", "one", "two"),
        "Key": ("ec2", "describe_key_pairs", {"KeyNames": [i.Key]}, "KeyPairs[0].KeyName", i.Key, i.Key),
        "ImportedKey": ("ec2", "describe_key_pairs", {"KeyNames": [i.ImportedKey]}, "KeyPairs[0].KeyName", i.ImportedKey, i.ImportedKey),
        "Template": ("ec2", "describe_launch_templates", {"LaunchTemplateIds": [i.Template]}, "LaunchTemplates[0].LatestVersionNumber", 1, 2),
        "Instance": ("ec2", "describe_instances", {"InstanceIds": [i.Instance], "Filters": [{"Name": "instance-state-name", "Values": ["running"]}]},
                     "Reservations[0].Instances[0].InstanceType", "t3.micro", "t3.small"),
        "AddressAssociation": ("ec2", "describe_addresses", {"PublicIps": [i.InstanceAddress]}, "Addresses[0].InstanceId", i.Instance, i.Instance),
        "Asg": ("autoscaling", "describe_auto_scaling_groups", {"AutoScalingGroupNames": [i.Asg]},
                "AutoScalingGroups[0].[MaxSize, length(TargetGroupARNs)]", [2, 0], [3, 1]),
        "Scaling": ("autoscaling", "describe_policies", {"AutoScalingGroupName": i.Asg}, "ScalingPolicies[0].ScalingAdjustment", 1, 2),
        "Schedule": ("autoscaling", "describe_scheduled_actions", {"AutoScalingGroupName": i.Asg}, "ScheduledUpdateGroupActions[0].Recurrence", "0 9 * * *", "0 8 * * *"),
        "Hook": ("autoscaling", "describe_lifecycle_hooks", {"AutoScalingGroupName": i.Asg}, "LifecycleHooks[0].HeartbeatTimeout", 30, 60),
        "Balancer": ("elbv2", "describe_load_balancer_attributes", {"LoadBalancerArn": i.Balancer},
                     "Attributes[?Key=='idle_timeout.timeout_seconds'].Value | [0]", "60", "61"),
        "Targets": ("elbv2", "describe_target_groups", {"TargetGroupArns": [i.Targets]}, "TargetGroups[0].HealthCheckPath", "/one", "/two"),
        "Listener": ("elbv2", "describe_listeners", {"ListenerArns": [i.Listener]}, "Listeners[0].Port", 443, 443),
        "ListenerCertificate": ("elbv2", "describe_listener_certificates", {"ListenerArn": i.Listener}, "Certificates[?!IsDefault].CertificateArn | [0]",
                                i.OtherCertificate, i.OtherCertificate),
        "Rule": ("elbv2", "describe_rules", {"RuleArns": [i.Rule]}, "Rules[0].[Priority, Actions[0].FixedResponseConfig.StatusCode]", ["1", "403"], ["2", "404"]),
        "Certificate": ("acm", "list_tags_for_certificate", {"CertificateArn": i.Certificate}, f"Tags{STAGE}", "one", "two"),
        "Zone": ("route53", "get_hosted_zone", {"Id": i.Zone}, "HostedZone.Config.Comment", "one", "two"),
        "Record": ("route53", "list_resource_record_sets", zone, f"ResourceRecordSets[?starts_with(Name, 'one.')] | [0].TTL", 10, 20),
        "Records": ("route53", "list_resource_record_sets", zone, f"ResourceRecordSets[?starts_with(Name, 'two.')].Weight", [1, 1], [3]),
        "Check": ("route53", "get_health_check", {"HealthCheckId": i.Check}, "HealthCheck.HealthCheckConfig.ResourcePath", "/one", "/two"),
        "Role": ("iam", "get_role", {"RoleName": i.Role}, "Role.Description", "one", "two"),
        "RolePolicy": ("iam", "get_role_policy", {"RoleName": i.Role, "PolicyName": "own"}, "PolicyDocument.Statement[0].Action", "s3:GetObject", "s3:PutObject"),
        "Profile": ("iam", "get_instance_profile", {"InstanceProfileName": i.Profile}, "InstanceProfile.Roles[0].RoleName", i.Role, i.Role),
        "People": ("iam", "get_group", {"GroupName": i.People}, "Group.Path", "/one/", "/two/"),
        "GroupPolicy": ("iam", "get_group_policy", {"GroupName": i.People, "PolicyName": "own"}, "PolicyDocument.Statement[0].Action", "s3:GetObject", "s3:PutObject"),
        "User": ("iam", "get_user", {"UserName": i.User}, "User.Path", "/one/", "/two/"),
        "UserPolicy": ("iam", "get_user_policy", {"UserName": i.User, "PolicyName": "own"}, "PolicyDocument.Statement[0].Action", "s3:GetObject", "s3:PutObject"),
        "Membership": ("iam", "get_group", {"GroupName": i.People}, "length(Users)", 1, 2),
        "AccessKey": ("iam", "list_access_keys", {"UserName": i.User}, "AccessKeyMetadata[0].Status", "Active", "Inactive"),
        "Inline": ("iam", "list_group_policies", {"GroupName": i.People}, "PolicyNames", ["own"], ["inline", "own"]),
        "Managed": ("iam", "get_policy", {"PolicyArn": i.Managed}, "Policy.DefaultVersionId", "v1", "v2"),
        "Linked": ("iam", "get_role", {"RoleName": i.Linked}, "Role.Description", "one", "two"),
        "Bucket": ("s3", "get_bucket_lifecycle_configuration", {"Bucket": i.Bucket}, "Rules[0].Expiration.Days", 1, 2),
        "LogBucket": ("s3", "get_object_lock_configuration", {"Bucket": i.LogBucket}, "ObjectLockConfiguration.Rule.DefaultRetention.Days", 1, 2),
        "BucketPolicy": ("s3", "get_bucket_policy", {"Bucket": i.Bucket}, "contains(Policy, 's3:PutObjectAcl')", False, True),
        "Parameter": ("ssm", "get_parameter", {"Name": i.Parameter}, "Parameter.Value", "value one", "value two"),
        "Secret": ("secretsmanager", "describe_secret", {"SecretId": i.Secret}, "Description", "one", "two"),
        "SecretPolicy": ("secretsmanager", "get_resource_policy", {"SecretId": i.Secret}, "contains(ResourcePolicy, 'secretsmanager:*')", False, True),
        "DatabaseSubnets": ("rds", "describe_db_subnet_groups", {"DBSubnetGroupName": i.DatabaseSubnets}, "DBSubnetGroups[0].DBSubnetGroupDescription", "one", "two"),
        "DatabaseParameters": ("rds", "describe_db_parameters", {"DBParameterGroupName": i.DatabaseParameters, "Source": "user"},
                               "Parameters[?ParameterName=='work_mem'].ParameterValue | [0]", "4096", "8192"),
        "Database": ("rds", "describe_db_instances", {"DBInstanceIdentifier": i.Database}, "DBInstances[0].BackupRetentionPeriod", 1, 2),
        "Replica": ("rds", "describe_db_instances", {"DBInstanceIdentifier": i.Replica}, f"DBInstances[0].TagList{STAGE}", "one", "two"),
        "CacheSubnets": ("elasticache", "describe_cache_subnet_groups", {"CacheSubnetGroupName": i.CacheSubnets}, "CacheSubnetGroups[0].CacheSubnetGroupDescription", "one", "two"),
        "CacheParameters": ("elasticache", "describe_cache_parameters", {"CacheParameterGroupName": i.CacheParameters, "Source": "user"},
                            "Parameters[?ParameterName=='maxmemory-policy'].ParameterValue | [0]", "noeviction", "allkeys-lru"),
        "CacheUser": ("elasticache", "describe_users", {"UserId": i.CacheUser}, "contains(Users[0].AccessString, '@read')", False, True),
        "CacheUsers": ("elasticache", "describe_user_groups", {"UserGroupId": i.CacheUsers}, "UserGroups[0].UserIds", [i.CacheUser], [i.CacheUser]),
        "Cache": ("elasticache", "describe_replication_groups", {"ReplicationGroupId": i.Cache}, "ReplicationGroups[0].Description", "one", "two"),
        "CachePolicy": ("cloudfront", "get_cache_policy", {"Id": i.CachePolicy}, "CachePolicy.CachePolicyConfig.Comment", "one", "two"),
        "OriginRequestPolicy": ("cloudfront", "get_origin_request_policy", {"Id": i.OriginRequestPolicy}, "OriginRequestPolicy.OriginRequestPolicyConfig.Comment", "one", "two"),
        "ResponseHeadersPolicy": ("cloudfront", "get_response_headers_policy", {"Id": i.ResponseHeadersPolicy},
                                  "ResponseHeadersPolicy.ResponseHeadersPolicyConfig.CustomHeadersConfig.Items[0].Value", "one", "two"),
        "PublicKey": ("cloudfront", "get_public_key", {"Id": i.PublicKey}, "PublicKey.PublicKeyConfig.Comment", "one", "two"),
        "KeyGroup": ("cloudfront", "get_key_group", {"Id": i.KeyGroup}, "KeyGroup.KeyGroupConfig.Comment", "one", "two"),
        "Function": ("cloudfront", "describe_function", {"Name": i.Function.rpartition("/")[2], "Stage": "LIVE"}, "FunctionSummary.FunctionConfig.Comment", "one", "two"),
        "AccessControl": ("cloudfront", "get_origin_access_control", {"Id": i.AccessControl}, "OriginAccessControl.OriginAccessControlConfig.Description", "one", "two"),
        "Distribution": ("cloudfront", "get_distribution_config", {"Id": i.Distribution}, "DistributionConfig.CacheBehaviors.Items[0].PathPattern", "/one/*", "/two/*"),
        "Alarm": ("cloudwatch", "describe_alarms", {"AlarmNames": [i.Alarm]}, "MetricAlarms[0].Threshold", 1.0, 2.0),
        "Dashboard": ("cloudwatch", "get_dashboard", {"DashboardName": i.Dashboard}, "contains(DashboardBody, 'two')", False, True),
        "LogGroup": ("logs", "describe_log_groups", {"logGroupNamePrefix": i.LogGroup}, "logGroups[0].retentionInDays", 7, 14),
        "LogStream": ("logs", "describe_log_streams", {"logGroupName": i.LogGroup}, "logStreams[0].logStreamName", i.LogStream, i.LogStream),
    }


NOTHING = (None, [], 0, [None, None])  # what an expression says of an empty answer


def answer(lf, question):
    service, operation, arguments, expression = question[:4]
    return jmespath.search(expression, getattr(lf.boto(service), operation)(**arguments))


def physical(lf, name):
    pages = lf.boto("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
    return types.SimpleNamespace(**{entry["LogicalResourceId"]: entry["PhysicalResourceId"] for page in pages for entry in page["StackResourceSummaries"]})


def deploy(lf, name, *words):
    return lf.shell("/usr/bin/aws", "cloudformation", "deploy", "--stack-name", name, "--template-file", str(TEMPLATE),
                    "--capabilities", "CAPABILITY_NAMED_IAM", *words, timeout=300)


def reasons(lf, name):
    """What failed, and why."""
    pages = lf.boto("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name)
    return {event["LogicalResourceId"]: event.get("ResourceStatusReason", "") for page in pages for event in page["StackEvents"]
            if event["ResourceStatus"].endswith("FAILED")}


def everything_shown(lf, name):
    cloudformation = lf.boto("cloudformation")
    events = [page["StackEvents"] for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)]
    return json.dumps([cloudformation.describe_stacks(StackName=name)["Stacks"], events, cloudformation.get_template(StackName=name)["TemplateBody"],
                       cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]], default=str)


def wait_for(lf, name, *wanted, seconds=120):
    cloudformation = lf.boto("cloudformation")

    def status():
        now = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return None if now.endswith("IN_PROGRESS") else now

    now = until(status, seconds, f"{name} to come to rest")
    check(now in wanted, f"{name} is {now}: {reasons(lf, name)}")


def delete(lf, name, seconds=120):
    cloudformation = lf.boto("cloudformation")
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=name)
    wait_for(lf, stack, "DELETE_COMPLETE", seconds=seconds)


def test_every_resource_type_is_deployed_changed_in_place_and_deleted(lf):
    name = "types-" + uuid.uuid4().hex[:6]
    done = deploy(lf, name, "--parameter-overrides", f"Domain={name}.test")
    equal(done.returncode, 0, f"deploy: {done.stderr} {reasons(lf, name)}")
    before = physical(lf, name)
    for logical, question in asked(before).items():
        equal(answer(lf, question), question[4], f"{logical} after its creation")
    outputs = {o["OutputKey"]: o["OutputValue"] for o in lf.boto("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["Outputs"]}
    secret = json.loads(lf.boto("secretsmanager").get_secret_value(SecretId=outputs["Secret"])["SecretString"])
    equal((secret["username"], secret["host"], len(secret["password"])), ("boss", outputs["Address"], 24), "the secret, with what attaching it added")
    equal(outputs["Mentioned"][:10], "{{resolve:", "a reference in an output")
    check(secret["password"] not in everything_shown(lf, name), "CloudFormation shows the password")
    equal(lf.boto("rds").describe_db_instances(DBInstanceIdentifier=before.Database)["DBInstances"][0]["MasterUsername"], "boss", "the master user")
    until(lambda: secret["password"] in lf.exec(before.Instance, "cat", "/root/password").stdout, 30, "the instance to have the password")
    key = lf.boto("ssm").get_parameter(Name="/ec2/keypair/" + outputs["KeyId"], WithDecryption=True)["Parameter"]["Value"]
    check("PRIVATE KEY" in key, "the made key pair's private key")

    done = deploy(lf, name, "--parameter-overrides", f"Domain={name}.test", "Stage=two")
    equal(done.returncode, 0, f"update: {done.stderr} {reasons(lf, name)}")
    after = physical(lf, name)
    moved = {"Association"}  # its id says what it associates
    equal({key for key, value in vars(after).items() if vars(before).get(key) != value}, moved, "what was replaced")
    for logical, question in asked(after).items():
        equal(answer(lf, question), question[5], f"{logical} after its change")
    equal(error_code(lf.boto("s3").get_bucket_cors, Bucket=after.Bucket), "NoSuchCORSConfiguration", "the CORS rules that were dropped")
    equal(lf.boto("iam").list_role_policies(RoleName=after.Role)["PolicyNames"], ["inline", "own", "two"], "the role's inline policies")
    equal(json.loads(lf.boto("secretsmanager").get_secret_value(SecretId=after.Secret)["SecretString"])["password"], secret["password"], "the password of a secret whose generator did not change")

    done = deploy(lf, name, "--no-fail-on-empty-changeset")
    check("No changes to deploy" in done.stdout + done.stderr, f"the same again: {done.stdout}{done.stderr}")

    delete(lf, name)
    for logical, question in asked(after).items():
        try:
            equal(answer(lf, question) in NOTHING, True, f"{logical} is gone: {answer(lf, question)}")
        except botocore.exceptions.ClientError:
            pass  # the service says that there is none
        except jmespath.exceptions.JMESPathTypeError:
            pass  # length() of nothing
    equal(error_code(lf.boto("ssm").get_parameter, Name="/ec2/keypair/" + outputs["KeyId"]), "ParameterNotFound", "the private key's parameter")


def small(kind, properties, **more):
    return {"Type": kind, "Properties": properties, **more}


def create(lf, name, resources, parameters=None, **more):
    lf.boto("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps({"Parameters": parameters or {}, "Resources": resources}), **more)


def test_a_property_that_a_type_does_not_have_is_refused_not_ignored(lf):
    name = "unknown-" + uuid.uuid4().hex[:6]
    create(lf, name, {
        "Colour": small("AWS::Logs::LogGroup", {"RetentionInDays": 1, "Colour": "blue"}),
        "Missing": small("AWS::SSM::Parameter", {"Type": "String"}),
        "Wrong": small("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {}, "TagSpecifications": ["text"]}),
        "Nested": small("AWS::Route53::HealthCheck", {"HealthCheckConfig": {"Type": "TCP", "IPAddress": "127.0.0.1", "Prot": 80}})})
    wait_for(lf, name, "ROLLBACK_COMPLETE")
    said = reasons(lf, name)
    check("Properties validation failed for resource Colour with message:" in said["Colour"] and "#: extraneous key [Colour] is not permitted" in said["Colour"], said["Colour"])
    check("#: required key [Value] not found" in said["Missing"], said["Missing"])
    check("Properties validation failed for resource Wrong with message:" in said["Wrong"], said["Wrong"])
    check("#/HealthCheckConfig: extraneous key [Prot] is not permitted" in said["Nested"], said["Nested"])
    delete(lf, name)


def test_a_stack_role_without_the_right_fails_with_the_services_denial_and_rolls_back(lf):
    iam, name = lf.boto("iam"), "norights-" + uuid.uuid4().hex[:6]
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="logs", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}))
    try:
        group = "/e2e/" + name
        create(lf, name, {"Group": small("AWS::Logs::LogGroup", {"LogGroupName": group}),
                          "Parameter": small("AWS::SSM::Parameter", {"Type": "String", "Value": "v"}, DependsOn="Group"),
                          "Named": small("AWS::Logs::LogGroup", {"LogGroupName": "{{resolve:ssm:/e2e/none}}"}, DependsOn="Group")}, RoleARN=role)
        wait_for(lf, name, "ROLLBACK_COMPLETE")
        said = reasons(lf, name)
        check("is not authorized to perform: ssm:PutParameter" in said["Parameter"] and f"assumed-role/{name}/" in said["Parameter"], said["Parameter"])
        check("is not authorized to perform: ssm:GetParameters" in said["Named"], said["Named"])
        equal(lf.boto("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"], [], "what the stack had made before")
        delete(lf, name)
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="logs")
        iam.delete_role(RoleName=name)


def test_what_a_template_only_names_is_resolved_and_never_shown(lf):
    cloudformation, ssm, name = lf.boto("cloudformation"), lf.boto("ssm"), "names-" + uuid.uuid4().hex[:6]
    plain, secure = f"/e2e/{name}/plain", f"/e2e/{name}/secure"
    ssm.put_parameter(Name=plain, Type="String", Value="v1")
    ssm.put_parameter(Name=secure, Type="SecureString", Value="unseen")
    parameters = {"Password": {"Type": "String", "NoEcho": True}, "Plain": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": plain}}
    value = {"Fn::Sub": "${Plain} {{resolve:ssm:" + plain + ":1}} ${Password}"}
    body = json.dumps({"Parameters": parameters, "Resources": {"Made": small("AWS::SSM::Parameter", {"Type": "String", "Value": value})}})
    given = [{"ParameterKey": "Password", "ParameterValue": "hush-hush"}]
    try:
        cloudformation.create_stack(StackName=name, TemplateBody=body, Parameters=given)
        wait_for(lf, name, "CREATE_COMPLETE")
        made = physical(lf, name).Made
        equal(ssm.get_parameter(Name=made)["Parameter"]["Value"], "v1 v1 hush-hush", "the value that was made of three")
        check("hush-hush" not in everything_shown(lf, name), "a NoEcho parameter is shown")
        shown = {p["ParameterKey"]: (p["ParameterValue"], p.get("ResolvedValue")) for p in cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Parameters"]}
        equal(shown, {"Password": ("****", None), "Plain": (plain, "v1")}, "the stack's parameters")
        # The same template and names, but what one of them names is another: that is an update.
        ssm.put_parameter(Name=plain, Type="String", Value="v2", Overwrite=True)
        cloudformation.update_stack(StackName=name, UsePreviousTemplate=True, Parameters=[{"ParameterKey": "Password", "UsePreviousValue": True}])
        wait_for(lf, name, "UPDATE_COMPLETE")
        equal(ssm.get_parameter(Name=made)["Parameter"]["Value"], "v2 v1 hush-hush", "after the parameter's change")
        equal(physical(lf, name).Made, made, "the parameter that was changed in place")
        delete(lf, name)
        create(lf, name, {"Made": small("AWS::SSM::Parameter", {"Type": "String", "Value": "{{resolve:ssm-secure:" + secure + "}}"}),
                          "Other": small("AWS::SSM::Parameter", {"Type": "String", "Value": "{{resolve:ssm:" + secure + "}}"})})
        wait_for(lf, name, "ROLLBACK_COMPLETE")
        said = reasons(lf, name)
        check("SSM Secure reference is not supported in: [AWS::SSM::Parameter/Properties/Value]" in said["Made"], said["Made"])
        check("Non-secure ssm prefix was used for secure parameter" in said["Other"], said["Other"])
        delete(lf, name)
        equal(error_code(cloudformation.create_stack, StackName=name, TemplateBody=body.replace(plain, plain + "-none"), Parameters=given), "ValidationError",
              "a parameter that names nothing")
    finally:
        ssm.delete_parameters(Names=[plain, secure])


def test_an_update_rolls_through_an_auto_scaling_group(lf):
    autoscaling, name = lf.boto("autoscaling"), "rolls-" + uuid.uuid4().hex[:6]

    def resources(instance_type):
        image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
        return {"Vpc": small("AWS::EC2::VPC", {"CidrBlock": "10.45.0.0/16"}),
                "Subnet": small("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.45.0.0/24"}),
                "Template": small("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"ImageId": image, "InstanceType": instance_type}}),
                "Asg": small("AWS::AutoScaling::AutoScalingGroup",
                             {"MinSize": 2, "MaxSize": 3, "VPCZoneIdentifier": [{"Ref": "Subnet"}],
                              "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": {"Fn::GetAtt": "Template.LatestVersionNumber"}}},
                             UpdatePolicy={"AutoScalingRollingUpdate": {"MinInstancesInService": 2, "MaxBatchSize": 1}})}

    create(lf, name, resources("t3.micro"))
    wait_for(lf, name, "CREATE_COMPLETE")
    group = physical(lf, name).Asg

    def serving():
        instances = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"][0]["Instances"]
        return {i["InstanceId"] for i in instances if i["LifecycleState"] == "InService"}

    before, fewest = serving(), 2
    equal(len(before), 2, "instances at first")
    lf.boto("cloudformation").update_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources("t3.small")}))

    def at_rest():
        nonlocal fewest
        fewest = min(fewest, len(serving()))
        return not lf.boto("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"].endswith("IN_PROGRESS")

    until(at_rest, 180, "the update's end")
    wait_for(lf, name, "UPDATE_COMPLETE")
    equal(fewest, 2, "the fewest instances in service meanwhile")
    until(lambda: len(serving()) == 2, 60, "the group to have two again")
    equal(serving() & before, set(), "old instances left")
    delete(lf, name)
