"""What a VPC's network lets through, seen from its instances; each allowed thing has its denied twin."""

import contextlib
import json
import socket
import uuid

import boto3
import botocore.config

from landfall import check, equal, until
from test_b_denied import LISTENER, World, error_code, opens

PING = """
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
s.settimeout(2)
s.sendto(struct.pack("!BBHHH", 8, 0, 0, 0, 1), (sys.argv[1], 0))
sys.exit(0 if s.recv(100)[0] == 0 else 1)
"""


def pings(lf, instance, address):
    return lf.exec(instance, "python3", "-c", PING, address).returncode == 0


def instance_in(world, subnet, group, user_data=""):
    world.subnet, kept = subnet, world.subnet
    try:
        return world.instance(group, user_data=user_data)
    finally:
        world.subnet = kept


def open_group(world, name="open"):
    group = world.group(name)
    world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    return group


def always_there(lf, instance):
    token = lf.exec(instance, "curl", "-s", "--max-time", "3", "-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60",
                    "http://169.254.169.254/latest/api/token").stdout
    return token and lf.exec(instance, "getent", "hosts", "sts.us-east-1.amazonaws.com").returncode == 0


def associate_acl(ec2, subnet, acl):
    """The subnet's ACL from now on; the one that it had."""
    before = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"][0]
    association = next(a["NetworkAclAssociationId"] for a in before["Associations"] if a["SubnetId"] == subnet)
    ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl)
    return before["NetworkAclId"]


def test_a_network_acl_judges_what_crosses_the_border_of_a_subnet(lf):
    with World(lf, cidr="10.74.0.0/24", vpc_cidr="10.74.0.0/16") as world:
        ec2, group, far = world.ec2, open_group(world), world.more_subnet("10.74.1.0/24", "us-east-1b")
        server, address = world.instance(group, user_data=LISTENER)
        neighbour, _ = world.instance(group)
        client, client_address = instance_in(world, far, group)
        until(lambda: opens(lf, client, address, 8080), 20, "all is open with the default ACL")
        acl = ec2.create_network_acl(VpcId=world.vpc)["NetworkAcl"]["NetworkAclId"]

        def entry(number, egress, action="allow", ports=None, cidr="10.74.1.0/24"):
            ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=number, Egress=egress, RuleAction=action, CidrBlock=cidr,
                                         **({"Protocol": "6", "PortRange": {"From": ports[0], "To": ports[1]}} if ports else {"Protocol": "-1"}))
        default = associate_acl(ec2, world.subnet, acl)
        try:
            until(lambda: not opens(lf, client, address, 8080), 15, "closed by an ACL without entries")
            check(opens(lf, neighbour, address, 8080), "a neighbour in the subnet is not judged")
            check(always_there(lf, server), "nor are the metadata service and the resolver")
            entry(100, False, ports=(8080, 8080))
            check(not opens(lf, client, address, 8080), "the way in is open, and the reply's is not: an ACL has no memory")
            entry(100, True, ports=(1024, 65535))
            until(lambda: opens(lf, client, address, 8080), 15, "both ways are open")
            entry(50, False, "deny", cidr=client_address + "/32")
            until(lambda: not opens(lf, client, address, 8080), 15, "an earlier entry denies")
            ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=50, Egress=False)
            until(lambda: opens(lf, client, address, 8080), 15, "open again")
            check(not pings(lf, client, address), "TCP's entries let no ping in")
            for egress, icmp_type in ((False, 8), (True, 0)):
                ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=200, Egress=egress, RuleAction="allow", Protocol="1",
                                             CidrBlock="10.74.1.0/24", IcmpTypeCode={"Type": icmp_type, "Code": -1})
            until(lambda: pings(lf, client, address), 15, "a ping in, and its answer out")
        finally:
            associate_acl(ec2, world.subnet, default)
            ec2.delete_network_acl(NetworkAclId=acl)
        until(lambda: opens(lf, client, address, 8080), 15, "the default ACL again")


def reaches(lf, instance, service):
    return opens(lf, instance, f"{service}.us-east-1.amazonaws.com", 443)


def main_table(world):
    return world.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [world.vpc]}, {"Name": "association.main", "Values": ["true"]}])[
        "RouteTables"][0]["RouteTableId"]


def test_route_tables_lead_to_awss_endpoints_or_nowhere(lf):
    with World(lf, cidr="10.73.0.0/24", vpc_cidr="10.73.0.0/16") as world, contextlib.ExitStack() as undo:
        ec2, group, private = world.ec2, open_group(world), world.more_subnet("10.73.1.0/24", "us-east-1b")
        here, _ = world.instance(group)
        inner, _ = instance_in(world, private, group)
        check(not reaches(lf, here, "sts") and not reaches(lf, here, "s3"), "a table with its local route alone leads to nothing")
        check(always_there(lf, here), "the metadata service and the resolver need no route")

        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        undo.callback(ec2.delete_internet_gateway, InternetGatewayId=gateway)
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=world.vpc)
        undo.callback(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=world.vpc)
        public = ec2.create_route_table(VpcId=world.vpc)["RouteTable"]["RouteTableId"]
        undo.callback(ec2.delete_route_table, RouteTableId=public)
        ec2.create_route(RouteTableId=public, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        association = ec2.associate_route_table(RouteTableId=public, SubnetId=world.subnet)["AssociationId"]
        undo.callback(ec2.disassociate_route_table, AssociationId=association)
        check(not reaches(lf, here, "sts"), "an internet gateway serves no interface without a public address")
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        undo.callback(ec2.release_address, AllocationId=address)
        associated = ec2.associate_address(AllocationId=address, InstanceId=here)["AssociationId"]
        until(lambda: reaches(lf, here, "sts") and reaches(lf, here, "s3"), 15, "with an Elastic IP it does")
        ec2.delete_route(RouteTableId=public, DestinationCidrBlock="0.0.0.0/0")
        until(lambda: not reaches(lf, here, "sts"), 15, "not without the route")
        ec2.create_route(RouteTableId=public, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        until(lambda: reaches(lf, here, "sts"), 15, "and again with it")
        ec2.disassociate_address(AssociationId=associated)
        until(lambda: not reaches(lf, here, "sts"), 15, "nor without the address")

        nat = ec2.create_nat_gateway(SubnetId=world.subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        inside = ec2.create_route_table(VpcId=world.vpc)["RouteTable"]["RouteTableId"]
        undo.callback(ec2.delete_route_table, RouteTableId=inside)
        undo.callback(ec2.disassociate_route_table,
                      AssociationId=ec2.associate_route_table(RouteTableId=inside, SubnetId=private)["AssociationId"])
        check(not reaches(lf, inner, "sts"), "a NAT gateway that no route leads to")
        ec2.create_route(RouteTableId=inside, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
        until(lambda: reaches(lf, inner, "sts") and reaches(lf, inner, "s3"), 15, "by the NAT gateway, without a public address")
        check(not reaches(lf, here, "sts"), "which is the private subnet's only")
        ec2.delete_nat_gateway(NatGatewayId=nat)
        until(lambda: not reaches(lf, inner, "sts"), 15, "a blackhole")
        check(always_there(lf, inner), "the metadata service and the resolver still answer")


def presigned(lf, bucket, key):
    """A URL with the name that S3 has inside a VPC, signed by root."""
    env = lf.env()
    s3 = boto3.client("s3", endpoint_url="http://s3.us-east-1.amazonaws.com", region_name="us-east-1", aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
                      aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"], config=botocore.config.Config(s3={"addressing_style": "path"}))
    return s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})


def test_an_endpoints_policy_judges_what_comes_through_it(lf):
    bucket, s3 = "endpoint-" + uuid.uuid4().hex, lf.boto("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"within")
    with World(lf, cidr="10.72.0.0/24", vpc_cidr="10.72.0.0/16") as world, contextlib.ExitStack() as undo:
        undo.callback(s3.delete_bucket, Bucket=bucket)
        undo.callback(s3.delete_object, Bucket=bucket, Key="k")
        instance, _ = world.instance(open_group(world))

        def get():
            return lf.exec(instance, "curl", "-sS", "--max-time", "3", presigned(lf, bucket, "k")).stdout

        def policy(resource, effect="Allow"):
            return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": "*", "Action": "s3:*", "Resource": resource}]})
        equal(get(), "", "without a way to S3")
        endpoint = world.ec2.create_vpc_endpoint(VpcId=world.vpc, ServiceName="com.amazonaws.us-east-1.s3",
                                                 RouteTableIds=[main_table(world)])["VpcEndpoint"]["VpcEndpointId"]
        undo.callback(world.ec2.delete_vpc_endpoints, VpcEndpointIds=[endpoint])
        until(lambda: get() == "within", 15, "through the endpoint")
        check(not reaches(lf, instance, "sts"), "it leads to S3 alone")
        world.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=policy("arn:aws:s3:::another/*"))
        until(lambda: "VPC endpoint policy" in get(), 15, "its policy allows another bucket only, even to root")
        equal(s3.get_object(Bucket=bucket, Key="k")["Body"].read(), b"within", "who comes another way is not asked")
        world.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=policy(f"arn:aws:s3:::{bucket}/*"))
        until(lambda: get() == "within", 15, "its policy allows the bucket")
        world.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, ResetPolicy=True)

        def only_through(vpce):
            s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
                "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*",
                "Condition": {"StringNotEquals": {"aws:SourceVpce": vpce}}}]}))
        only_through(endpoint)
        equal(get(), "within", "the bucket's policy names the endpoint")
        equal(error_code(s3.get_object, Bucket=bucket, Key="k"), "AccessDenied", "from elsewhere")
        only_through("vpce-00000000000000000")
        check("AccessDenied" in get(), "the bucket's policy names another endpoint")


def test_an_interface_endpoint_is_the_service_within_the_vpc(lf):
    with World(lf, cidr="10.71.0.0/24", vpc_cidr="10.71.0.0/16") as world, contextlib.ExitStack() as undo:
        instance, _ = world.instance(open_group(world))
        closed = world.group("endpoint")
        check(not reaches(lf, instance, "sts"), "there is no way to AWS")
        made = world.ec2.create_vpc_endpoint(VpcId=world.vpc, VpcEndpointType="Interface", ServiceName="com.amazonaws.us-east-1.sts",
                                             SubnetIds=[world.subnet], SecurityGroupIds=[closed], PrivateDnsEnabled=True)["VpcEndpoint"]
        undo.callback(world.ec2.delete_vpc_endpoints, VpcEndpointIds=[made["VpcEndpointId"]])
        address = world.ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])["NetworkInterfaces"][0]["PrivateIpAddress"]
        until(lambda: address in lf.exec(instance, "getent", "hosts", "sts.us-east-1.amazonaws.com").stdout, 15, "its private name")
        check(not reaches(lf, instance, "sts"), "its security group lets nobody in")
        world.ec2.authorize_security_group_ingress(GroupId=closed, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.71.0.0/16"}]}])
        until(lambda: reaches(lf, instance, "sts"), 15, "its security group opens")
        done = lf.exec(instance, "curl", "-sS", "--max-time", "5", "-o", "/dev/null", "-w", "%{http_code}",
                       "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15")
        equal(done.stdout, "403", f"STS itself answers, who wants a signature: {done.stderr}")
        check(not reaches(lf, instance, "ec2") and not reaches(lf, instance, "s3"), "it is no other service")


class PublicBalancer:
    """An internet-facing load balancer that answers by itself, in a network of two open subnets."""

    def __init__(self, lf, world, group):
        self.world, self.elb, self.far = world, lf.boto("elbv2"), world.more_subnet("10.79.1.0/24", "us-east-1b")
        self.gateway = world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        world.ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=world.vpc)
        made = self.elb.create_load_balancer(Name="admits-" + uuid.uuid4().hex[:8], Subnets=[world.subnet, self.far], SecurityGroups=[group])
        self.arn, self.name = made["LoadBalancers"][0]["LoadBalancerArn"], made["LoadBalancers"][0]["DNSName"]
        self.elb.create_listener(LoadBalancerArn=self.arn, Protocol="HTTP", Port=80, DefaultActions=[
            {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "in"}}])
        self.elb.get_waiter("load_balancer_available").wait(LoadBalancerArns=[self.arn], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        self.addresses = until(lambda: lf.resolve(self.name), 10, "its addresses")

    def answers(self, source, address=None):
        """Whether a client at a loopback address of its own is answered; False: its connection is reset."""
        with socket.socket() as client:
            client.settimeout(5)
            client.bind((source, 0))
            try:
                client.connect((address or self.addresses[0], 80))
                client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                return client.recv(100).startswith(b"HTTP/1.1 200")
            except ConnectionError:
                return False

    def delete(self):
        self.elb.delete_load_balancer(LoadBalancerArn=self.arn)
        self.elb.get_waiter("load_balancers_deleted").wait(LoadBalancerArns=[self.arn], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        self.world.ec2.detach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.world.vpc)
        self.world.ec2.delete_internet_gateway(InternetGatewayId=self.gateway)


def only_by_the_cdn(lf, balancer, group):
    """CloudFront's managed prefix list, in a rule: who comes through a distribution is admitted, who comes directly is not."""
    ec2, cdn = balancer.world.ec2, lf.boto("cloudfront")
    prefix_list = ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name",
                                                              "Values": ["com.amazonaws.global.cloudfront.origin-facing"]}])["PrefixLists"][0]
    rule = {"GroupId": group, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80,
                                                 "PrefixListIds": [{"PrefixListId": prefix_list["PrefixListId"]}]}]}
    made = cdn.create_distribution(DistributionConfig={
        "CallerReference": uuid.uuid4().hex, "Comment": "", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "alb", "DomainName": balancer.name, "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "alb", "ViewerProtocolPolicy": "allow-all",
                                 "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"}})  # CachingDisabled
    distribution, name = made["Distribution"]["Id"], made["Distribution"]["DomainName"]
    try:
        until(lambda: lf.curl(f"http://{name}/").status == 502, 30, "its origin does not admit CloudFront")
        ec2.authorize_security_group_ingress(**rule)
        until(lambda: lf.curl(f"http://{name}/").status == 200, 30, "CloudFront's list does")
        check(not balancer.answers("127.6.0.9"), "and nobody who does not come from there")
    finally:
        config = cdn.get_distribution_config(Id=distribution)
        disabled = cdn.update_distribution(Id=distribution, IfMatch=config["ETag"], DistributionConfig={**config["DistributionConfig"], "Enabled": False})
        cdn.get_waiter("distribution_deployed").wait(Id=distribution, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        cdn.delete_distribution(Id=distribution, IfMatch=disabled["ETag"])
        ec2.revoke_security_group_ingress(**rule)


def test_a_load_balancers_public_address_admits_whom_its_groups_and_acl_admit(lf):
    with World(lf, cidr="10.79.0.0/24", vpc_cidr="10.79.0.0/16") as world:
        ec2, group = world.ec2, world.group("public")

        def rule(cidr):
            return {"GroupId": group, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": cidr}]}]}
        ec2.authorize_security_group_ingress(**rule("127.5.0.0/16"))
        balancer = PublicBalancer(lf, world, group)
        try:
            until(lambda: balancer.answers("127.5.0.9"), 15, "whom a rule admits")
            check(not balancer.answers("127.6.0.9"), "nobody else is")
            ec2.authorize_security_group_ingress(**rule("127.6.0.9/32"))
            until(lambda: balancer.answers("127.6.0.9"), 15, "a rule more")
            ec2.revoke_security_group_ingress(**rule("127.6.0.9/32"))
            until(lambda: not balancer.answers("127.6.0.9"), 15, "the rule is gone")
            only_by_the_cdn(lf, balancer, group)
            other = world.group("other")
            balancer.elb.set_security_groups(LoadBalancerArn=balancer.arn, SecurityGroups=[other])
            until(lambda: not balancer.answers("127.5.0.9"), 15, "a group without rules admits nobody")
            balancer.elb.set_security_groups(LoadBalancerArn=balancer.arn, SecurityGroups=[group])
            until(lambda: balancer.answers("127.5.0.9"), 15, "the first group again")

            acl = ec2.create_network_acl(VpcId=world.vpc)["NetworkAcl"]["NetworkAclId"]
            default = associate_acl(ec2, world.subnet, acl)
            try:
                of_subnet = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [world.subnet]}])["NetworkInterfaces"]
                check(of_subnet, "a node in the subnet")
                until(lambda: [balancer.answers("127.5.0.9", each) for each in balancer.addresses].count(False) == 1, 15,
                      "the ACL of one subnet closes its node, and no other")
                for egress, ports in ((False, (80, 80)), (True, (1024, 65535))):
                    ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Egress=egress, RuleAction="allow", Protocol="6",
                                                 PortRange={"From": ports[0], "To": ports[1]}, CidrBlock="127.5.0.0/16")
                until(lambda: all(balancer.answers("127.5.0.9", each) for each in balancer.addresses), 15, "both ways are open")
            finally:
                associate_acl(ec2, world.subnet, default)
                ec2.delete_network_acl(NetworkAclId=acl)
        finally:
            balancer.delete()
