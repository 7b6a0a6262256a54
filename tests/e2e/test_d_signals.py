"""CloudFormation's CreationPolicy: a resource is complete when it has been told so, and not made when it has been told otherwise."""

import uuid

from landfall import check, equal, until
from test_b_denied import error_code
from test_d_cloudformation import create, delete, physical, reasons, small, wait_for

IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def web(count, timeout):
    return {"Vpc": small("AWS::EC2::VPC", {"CidrBlock": "10.46.0.0/16"}),
            "Subnet": small("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.46.0.0/24"}),
            "Web": small("AWS::EC2::Instance", {"ImageId": "{{" + IMAGE + "}}", "InstanceType": "t3.micro", "SubnetId": {"Ref": "Subnet"}},
                         CreationPolicy={"ResourceSignal": {"Count": count, "Timeout": timeout}}),
            "After": small("AWS::SSM::Parameter", {"Type": "String", "Value": "x"}, DependsOn="Web")}


def initiated(lf, name):
    return any(e["LogicalResourceId"] == "Web" and e.get("ResourceStatusReason") == "Resource creation Initiated"
               for e in lf.boto("cloudformation").describe_stack_events(StackName=name)["StackEvents"])


def test_a_resource_with_a_creation_policy_waits_for_its_signals(lf):
    cloudformation, name = lf.boto("cloudformation"), "signals-" + uuid.uuid4().hex[:6]
    create(lf, name, web(2, "PT5M"))
    until(lambda: initiated(lf, name), 60, "the instance to be asked for")
    until(lambda: lf.boto("ec2").describe_instances(InstanceIds=[physical(lf, name).Web])["Reservations"][0]["Instances"][0]["State"]["Name"] == "running",
          60, "the instance to run")

    def signal(unique_id, status="SUCCESS"):
        cloudformation.signal_resource(StackName=name, LogicalResourceId="Web", UniqueId=unique_id, Status=status)

    signal("one")
    equal(error_code(signal, "one"), "ValidationError", "the same signal twice")
    status = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="Web")["StackResourceDetail"]["ResourceStatus"]
    equal(status, "CREATE_IN_PROGRESS", "an instance that runs and has one signal of two")
    check("After" not in vars(physical(lf, name)), "what depends on it was made before")
    signal("two")
    wait_for(lf, name, "CREATE_COMPLETE")
    equal(error_code(signal, "three"), "ValidationError", "a signal to what is complete")
    said = {e.get("ResourceStatusReason") for e in cloudformation.describe_stack_events(StackName=name)["StackEvents"]}
    check({"Received SUCCESS signal with UniqueId one", "Received SUCCESS signal with UniqueId two"} <= said, said)
    delete(lf, name)


def test_a_failure_signal_and_a_timeout_roll_the_stack_back(lf):
    name = "failure-" + uuid.uuid4().hex[:6]
    create(lf, name, web(1, "PT5M"))
    until(lambda: initiated(lf, name), 60, "the instance to be asked for")
    lf.boto("cloudformation").signal_resource(StackName=name, LogicalResourceId="Web", UniqueId="i", Status="FAILURE")
    wait_for(lf, name, "ROLLBACK_COMPLETE")
    check(reasons(lf, name)["Web"].startswith("Received 1 FAILURE signal(s) out of 1."), reasons(lf, name)["Web"])
    delete(lf, name)
    create(lf, name, web(1, "PT3S"))
    wait_for(lf, name, "ROLLBACK_COMPLETE")
    equal(reasons(lf, name)["Web"], "Failed to receive 1 resource signal(s) within the specified duration", "why the instance failed")
    delete(lf, name)
