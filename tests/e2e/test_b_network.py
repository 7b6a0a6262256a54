"""What a VPC's network lets through, seen from its instances; each allowed thing has its denied twin."""

from landfall import check, until
from test_b_denied import LISTENER, World, opens

ALL = {"RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}


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
            token = lf.exec(server, "curl", "-s", "--max-time", "3", "-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60",
                            "http://169.254.169.254/latest/api/token").stdout
            check(token, "nor is the metadata service")
            check(lf.exec(server, "getent", "hosts", "s3.us-east-1.amazonaws.com").returncode == 0, "nor the resolver")
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
