"""World: the Landfall under test, on the server's core, with a VPC, an instance that serves, a load balancer, a CDN, DNS.

Its workloads run on the load's core: host, which starts them, is moved there. CPU counts of `up`, control, edge and host
themselves, not of workloads.
"""

import functools
import glob
import http.client
import json
import os
import pathlib
import time

import landfall as harness
import peers
from measure import LOAD_CORE, SERVER_CORE, repin

PORT, CIDR = 4589, "127.98.0.0/16"
NODE_SUBNET = "10.0.0"
USER_DATA = """#!/bin/sh
mkdir -p /srv/bench /var/log/nginx /var/lib/nginx
head -c 1024 /dev/zero | tr '\\0' x > /srv/bench/1k
head -c 1048576 /dev/zero | tr '\\0' x > /srv/bench/1m
cat > /srv/slow.py <<'P'
import http.server, threading, time
lock, count = threading.Lock(), {}
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def do_GET(self):
        name = self.path.rpartition("/")[2]
        if self.path.startswith("/count/"):
            body = str(count.get(name, 0)).encode()
        else:
            with lock: count[name] = count.get(name, 0) + 1
            time.sleep(0.5)
            body = b"x" * 10240
        self.send_response(200)
        self.send_header("Cache-Control", "no-store" if self.path.startswith("/count/") else "max-age=3600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 512
Server(("", 8081), Handler).serve_forever()
P
setsid python3 /srv/slow.py &
cat > /srv/bench.conf <<'C'
worker_processes 1; events { worker_connections 4096; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 1h; open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h; server { listen 80 backlog=4096; root /srv/bench; } }
C
nginx -c /srv/bench.conf
"""


class World:
    def __init__(self, binary, folder, names):
        self.data_dir = str(pathlib.Path(folder, "landfall"))
        os.mkdir(self.data_dir)
        os.chmod(self.data_dir, 0o755)
        self.folder, self.names = folder, names
        self.lf = harness.Landfall(binary, self.data_dir, PORT, CIDR)

    def up(self):
        start(self.lf)
        self.pin()

    def down(self):
        self.lf.down()

    def restart_edge(self):
        """Kills edge; back when the one that `up` starts instead serves the CDN."""
        self.lf.kill_role("edge")

        def serves():
            try:
                connection = http.client.HTTPConnection(self.cdn, 80, timeout=2)
                connection.request("GET", "/1m", headers={"Host": "cdn.test"})
                return connection.getresponse().status == 200
            except OSError:
                return False
        harness.until(serves, 30, "the CDN to be back")

    def pin(self):
        repin(self.lf.role_pid("host"), LOAD_CORE)

    def pids(self):
        """All roles and their supervisor."""
        roles = [entry["pid"] for entry in self.lf.status()["roles"]]
        with open(f"/proc/{roles[0]}/stat", encoding="utf-8") as file:
            supervisor = int(file.read().rsplit(")", 1)[1].split()[1])
        return [supervisor, *roles]

    @functools.cached_property
    def vpc(self):
        ec2 = self.lf.boto("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]][:2]
        subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
                   for index, zone in enumerate(zones)]
        group = ec2.create_security_group(GroupName="bench", Description="bench", VpcId=vpc)["GroupId"]
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]} for port in (80, 443, 8081)])
        return {"id": vpc, "subnets": subnets, "group": group}

    def run_instance(self, user_data=USER_DATA, **more):
        ec2 = self.lf.boto("ec2")
        image = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"][0]["ImageId"]
        return ec2.run_instances(ImageId=image, InstanceType="t3.2xlarge", MinCount=1, MaxCount=1, SubnetId=self.vpc["subnets"][0],
                                 SecurityGroupIds=[self.vpc["group"]], UserData=user_data, **more)["Instances"][0]

    @functools.cached_property
    def instance(self):
        return self.run_instance()

    @functools.cached_property
    def balancer(self):
        """Its DNS name, public and private address; targets are the one instance. Logs its accesses."""
        elb, s3 = self.lf.boto("elbv2"), self.lf.boto("s3")
        s3.create_bucket(Bucket="bench-logs")
        s3.put_bucket_policy(Bucket="bench-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "Action": "s3:PutObject",
             "Resource": "arn:aws:s3:::bench-logs/*"}]}))
        made = elb.create_load_balancer(Name="bench", Subnets=self.vpc["subnets"], SecurityGroups=[self.vpc["group"]])["LoadBalancers"][0]
        elb.modify_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"], Attributes=[
            {"Key": "access_logs.s3.enabled", "Value": "true"}, {"Key": "access_logs.s3.bucket", "Value": "bench-logs"},
            {"Key": "idle_timeout.timeout_seconds", "Value": "3600"}])
        files, slow = self.target_group("bench", 80, "/1k"), self.target_group("slow", 8081, "/count/none")
        for listener in ({"Protocol": "HTTP", "Port": 80},
                         {"Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": self.certificate("lb.test")}],
                          "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}):
            arn = elb.create_listener(LoadBalancerArn=made["LoadBalancerArn"], DefaultActions=[{"Type": "forward", "TargetGroupArn": files}],
                                      **listener)["Listeners"][0]["ListenerArn"]
            elb.create_rule(ListenerArn=arn, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/slow/*", "/count/*"]}],
                            Actions=[{"Type": "forward", "TargetGroupArn": slow}])
        for group in (files, slow):
            harness.until(lambda group=group: self.healthy(group), 60, "the target to be healthy")
        public = harness.until(lambda: self.lf.resolve(made["DNSName"]), 30, "the load balancer's name")[0]
        self.names.add("lb.test", public)
        return {"arn": made["LoadBalancerArn"], "group": files, "name": made["DNSName"], "public": public, "private": self.node_address()}

    def target_group(self, name, port, path):
        elb = self.lf.boto("elbv2")
        group = elb.create_target_group(Name=name, Protocol="HTTP", Port=port, VpcId=self.vpc["id"], HealthCheckPath=path,
                                        HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=3, HealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
        harness.until(lambda: self.is_running(self.instance["InstanceId"]), 30, "the instance to run")
        elb.register_targets(TargetGroupArn=group, Targets=[{"Id": self.instance["InstanceId"]}])
        return group

    def is_running(self, instance):
        state = self.lf.boto("ec2").describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["State"]["Name"]
        return state == "running"

    def healthy(self, group):
        health = self.lf.boto("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return bool(health) and all(each["TargetHealth"]["State"] == "healthy" for each in health)

    def node_address(self):
        """Of the load balancer's interface in the first subnet: where its connections to targets come from."""
        interfaces = self.lf.boto("ec2").describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": self.vpc["subnets"][:1]}])
        return next(each["PrivateIpAddress"] for each in interfaces["NetworkInterfaces"] if each["Description"].startswith("ELB "))

    @functools.cached_property
    def router_network(self):
        """The VPC's network namespace, as a file that nsenter takes."""
        pattern = f"/proc/{self.lf.role_pid('host')}/root{self.data_dir}/host/mnt/netns/*{self.vpc['id']}*"
        return glob.glob(pattern)[0]

    def certificate(self, name):
        """Imported into ACM: the key is of the peers' type."""
        folder = peers.certificate(pathlib.Path(self.folder, "tls-" + name), name)
        return self.lf.boto("acm").import_certificate(Certificate=(folder / "chain.pem").read_bytes(),
                                                      PrivateKey=(folder / "key.pem").read_bytes())["CertificateArn"]

    @functools.cached_property
    def bucket(self):
        self.lf.boto("s3").create_bucket(Bucket="bench")
        return "bench"

    @functools.cached_property
    def cdn(self):
        """The CDN's address: the bucket behind it, and /slow/* from the load balancer's slow origin. cdn.test by name."""
        front = self.lf.boto("cloudfront")
        cached = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # managed: CachingOptimized
        control = front.create_origin_access_control(OriginAccessControlConfig={
            "Name": "bench", "SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "s3"})["OriginAccessControl"]["Id"]
        behavior = {"ViewerProtocolPolicy": "allow-all", "CachePolicyId": cached, "Compress": False,
                    "AllowedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"], "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]}}}
        origins = [{"Id": "bucket", "DomainName": f"{self.bucket}.s3.us-east-1.amazonaws.com", "OriginAccessControlId": control,
                    "S3OriginConfig": {"OriginAccessIdentity": ""}},
                   {"Id": "slow", "DomainName": self.balancer["name"], "CustomOriginConfig": {
                       "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only",
                       "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]}}}]
        made = front.create_distribution(DistributionConfig={
            "CallerReference": "bench", "Comment": "bench", "Enabled": True, "Aliases": {"Quantity": 1, "Items": ["cdn.test"]},
            "Origins": {"Quantity": 2, "Items": origins}, "DefaultCacheBehavior": {"TargetOriginId": "bucket", **behavior},
            "CacheBehaviors": {"Quantity": 1, "Items": [{"PathPattern": "/slow/*", "TargetOriginId": "slow", **behavior}]},
            "ViewerCertificate": {"ACMCertificateArn": self.certificate("cdn.test"), "SSLSupportMethod": "sni-only",
                                  "MinimumProtocolVersion": "TLSv1.2_2021"}})["Distribution"]
        self.lf.boto("s3").put_bucket_policy(Bucket=self.bucket, Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
                                             '"Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", '
                                             f'"Resource": "arn:aws:s3:::{self.bucket}/*", "Condition": {{"StringEquals": {{"AWS:SourceArn": "{made["ARN"]}"}}}}}}]}}')
        address = harness.until(lambda: self.lf.resolve(made["DomainName"]), 30, "the distribution's name")[0]
        self.names.add("cdn.test", address)
        harness.until(lambda: front.get_distribution(Id=made["Id"])["Distribution"]["Status"] == "Deployed", 30, "the distribution")
        return address

    def put(self, key, body):
        self.lf.boto("s3").put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/octet-stream")

    def zone(self, name, records):
        """A public hosted zone with A records {label: address}; its zone file's text, for the peers."""
        route53 = self.lf.boto("route53")
        zone = route53.create_hosted_zone(Name=name, CallerReference=f"{name}{time.time()}")["HostedZone"]["Id"]
        labels = list(records)
        for at in range(0, len(labels), 500):
            route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
                {"Action": "CREATE", "ResourceRecordSet": {"Name": f"{label}.{name}", "Type": "A", "TTL": 300,
                                                           "ResourceRecords": [{"Value": records[label]}]}}
                for label in labels[at:at + 500]]})
        return zone_file(name, records)


def zone_file(name, records):
    head = f"$ORIGIN {name}.\n$TTL 300\n@ SOA ns1 hostmaster 1 7200 900 1209600 300\n@ NS ns1\nns1 A 127.0.0.1\n"
    return head + "".join(f"{label} A {address}\n" for label, address in records.items())


def start(lf, *more):
    """`landfall up` on the server's core, detached."""
    done = lf.command("up", "--detach", "--api-port", str(lf.api_port), "--public-cidr", lf.public_cidr, *more,
                      preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}))
    harness.equal(done.returncode, 0, f"up: {done.stdout}{done.stderr}")
