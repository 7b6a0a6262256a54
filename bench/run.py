"""The promised figures, measured beside nginx in the same run (as root; Debian's nginx, wrk, openssl).

    run.py [--landfall BINARY] [--seconds 5] [--write]

CPU per request is user + system time of the serving processes over the requests that wrk counted, one round each after a
warm-up: it does not depend on who else has the machine, as a rate would.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))
sys.dont_write_bytecode = True

import landfall as harness  # noqa: E402

PORT, CIDR = 4589, "127.98.0.0/16"
TICK = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 32


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def wrk(command, seconds, url):
    done = subprocess.run([*command, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url], capture_output=True, text=True,
                          timeout=seconds + 30)
    count = re.search(r"(\d+) requests in", done.stdout)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    harness.check(count and not bad, f"wrk {url}: {done.stdout}{done.stderr}")
    return int(count.group(1))


def microseconds_per_request(pids, command, seconds, url):
    wrk(command, 1, url)
    before = cpu_seconds(pids)
    requests = wrk(command, seconds, url)
    return 1e6 * (cpu_seconds(pids) - before) / requests


class Nginx:
    """nginx as reverse proxy and as caching proxy, with TLS, before an nginx that serves the files."""

    CONFIG = """
daemon off; worker_processes 1; error_log {folder}/error.log; pid {folder}/pid;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  keepalive_requests 1000000000;
  proxy_cache_path {folder}/cache keys_zone=cdn:10m;
  upstream files {{ server 127.0.0.1:8471; keepalive 64; keepalive_requests 1000000000; }}
  proxy_http_version 1.1; proxy_set_header Connection "";
  ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem; ssl_protocols TLSv1.2 TLSv1.3;
  server {{ listen 127.0.0.1:8472; listen 127.0.0.1:8473 ssl; location / {{ proxy_pass http://files; }} }}
  server {{ listen 127.0.0.1:8474 ssl; location / {{ proxy_cache cdn; proxy_cache_valid 200 1h; proxy_pass http://files; }} }}
}}
"""
    FILES = """
daemon off; worker_processes 1; error_log {folder}/files-error.log; pid {folder}/files-pid;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {folder}/b2; proxy_temp_path {folder}/p2;
  fastcgi_temp_path {folder}/f2; uwsgi_temp_path {folder}/u2; scgi_temp_path {folder}/s2;
  server {{ listen 127.0.0.1:8471; root {folder}/files; }} }}
"""

    def __init__(self, folder):
        self.folder = folder
        os.chmod(folder, 0o755)
        files = pathlib.Path(folder, "files")
        files.mkdir()
        (files / "1k").write_bytes(b"x" * 1024)
        (files / "10k").write_bytes(b"x" * 10240)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                        folder + "/key.pem", "-out", folder + "/cert.pem", "-subj", "/CN=bench", "-days", "2"],
                       check=True, capture_output=True)
        self.processes = []
        for name, text in (("files.conf", self.FILES), ("nginx.conf", self.CONFIG)):
            path = pathlib.Path(folder, name)
            path.write_text(text.format(folder=folder))
            self.processes.append(subprocess.Popen(["nginx", "-c", str(path)], stderr=subprocess.DEVNULL))
        harness.until(lambda: subprocess.run(["curl", "-s", "http://127.0.0.1:8472/1k"], capture_output=True, check=False).stdout, 10, "nginx")

    def pids(self):
        children = pathlib.Path(f"/proc/{self.processes[1].pid}/task/{self.processes[1].pid}/children").read_text().split()
        return [int(pid) for pid in children]

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait(10)


def serve_from_an_instance(lf):
    """An instance with nginx and a 1 KiB file, behind the stack's own load balancer as /1k. Its addresses and the clean-up."""
    ec2, elb = lf.boto("ec2"), lf.boto("elbv2")
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]
    vpc, subnet = balancer["VpcId"], balancer["AvailabilityZones"][0]["SubnetId"]
    group = ec2.create_security_group(GroupName="bench", Description="bench", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}])
    image = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"][0]["ImageId"]
    script = ("#!/bin/sh\nmkdir -p /srv/bench /var/log/nginx\nhead -c 1024 /dev/zero | tr '\\0' x > /srv/bench/1k\n"
              "cat > /srv/bench.conf <<'C'\nworker_processes 1; events { worker_connections 1024; }\n"
              "http { access_log off; keepalive_requests 1000000000; server { listen 80; root /srv/bench; } }\nC\nnginx -c /srv/bench.conf\n")

    def run(address=None):
        more = {"PrivateIpAddress": address} if address else {}
        return ec2.run_instances(ImageId=image, InstanceType="t3.large", MinCount=1, MaxCount=1, SubnetId=subnet,
                                 SecurityGroupIds=[group], UserData=script, **more)["Instances"][0]
    return ec2, elb, balancer, vpc, group, run


def measure_first_byte(lf, run, subnet_prefix):
    """Seconds from the RunInstances call to the first byte that nginx in the new instance serves."""
    watcher = run()["InstanceId"]
    harness.until(lambda: lf.exec(watcher, "true").returncode == 0, 30, "the watcher")
    address = subnet_prefix + ".200"
    loop = f"until curl -sf --connect-timeout 0.2 -o /dev/null http://{address}/1k; do :; done"
    with subprocess.Popen([lf.binary, "exec", watcher, "--data-dir", lf.data_dir, "--", "bash", "-c", loop]) as waiting:
        began = time.monotonic()
        served = run(address)["InstanceId"]
        waiting.wait(60)
        took = time.monotonic() - began
    return took, [watcher, served], address


def proportional_set_mib(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1)) / 1024


def measure_start(binary):
    folder = tempfile.mkdtemp(prefix="landfall-bench-", dir="/var/tmp")
    os.chmod(folder, 0o755)
    lf = harness.Landfall(binary, folder, PORT + 1, "127.97.0.0/16")
    began = time.monotonic()
    done = lf.command("up", "--detach", "--api-port", str(PORT + 1), "--public-cidr", "127.97.0.0/16")
    harness.equal(done.returncode, 0, f"up: {done.stderr}")
    lf.boto("sts").get_caller_identity()
    took = time.monotonic() - began
    time.sleep(3)  # at rest
    memory = {role["name"]: proportional_set_mib(role["pid"]) for role in lf.status()["roles"]}
    lf.down()
    shutil.rmtree(folder, ignore_errors=True)
    return took, memory


def measure_traffic(lf, seconds, figures):
    ec2, elb, balancer, vpc, group, run = serve_from_an_instance(lf)
    took, instances, _ = measure_first_byte(lf, run, "10.0.0")
    figures.append(("RunInstances to first served byte", f"{took:.2f} s", ""))
    target_group = elb.create_target_group(Name="bench", Protocol="HTTP", Port=80, VpcId=vpc, HealthCheckPath="/1k",
                                           HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=3, HealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=target_group, Targets=[{"Id": instance} for instance in instances])
    rules = [elb.create_rule(ListenerArn=listener["ListenerArn"], Priority=1,
                             Conditions=[{"Field": "path-pattern", "Values": ["/1k"]}],
                             Actions=[{"Type": "forward", "TargetGroupArn": target_group}])["Rules"][0]["RuleArn"]
             for listener in elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]]
    lf.boto("s3").put_object(Bucket=lf.outputs()["BucketName"], Key="10k", Body=b"x" * 10240, ContentType="application/octet-stream")
    harness.until(lambda: lf.curl("https://api.myapp.com/1k").status == 200, 60, "the target to be healthy")
    shell = [lf.binary, "shell", "--data-dir", lf.data_dir, "--"]
    folder = tempfile.mkdtemp(prefix="landfall-bench-nginx-", dir="/var/tmp")
    nginx = Nginx(folder)
    try:
        edge = [lf.role_pid("edge")]
        for what, ours, theirs in (("proxied request, 1 KiB, plain", "http://api.myapp.com/1k", "http://127.0.0.1:8472/1k"),
                                   ("proxied request, 1 KiB, TLS", "https://api.myapp.com/1k", "https://127.0.0.1:8473/1k"),
                                   ("CDN hit, 10 KiB, TLS", "https://cdn.myapp.com/10k", "https://127.0.0.1:8474/10k")):
            figures.append(("CPU per " + what, f"{microseconds_per_request(edge, shell, seconds, ours):.1f} µs",
                            f"{microseconds_per_request(nginx.pids(), [], seconds, theirs):.1f} µs"))
            print(f"{figures[-1]}", flush=True)
    finally:
        nginx.stop()
        shutil.rmtree(folder, ignore_errors=True)
        for rule in rules:
            elb.delete_rule(RuleArn=rule)
        ec2.terminate_instances(InstanceIds=instances)


def table(figures):
    lines = ["| Figure | Landfall | nginx |", "|---|---|---|"]
    return "\n".join(lines + [f"| {what} | {ours} | {theirs} |" for what, ours, theirs in figures])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--landfall", default=str(ROOT / "build/landfall"))
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    figures = []
    took, memory = measure_start(options.landfall)
    figures.append(("`up` to first API answer, fresh data directory", f"{took:.2f} s", ""))
    figures += [(f"memory of {role} at rest (PSS)", f"{mib:.0f} MiB", "") for role, mib in memory.items()]
    folder = tempfile.mkdtemp(prefix="landfall-bench-", dir="/var/tmp")
    os.chmod(folder, 0o755)
    lf = harness.Landfall(options.landfall, folder, PORT, CIDR)
    try:
        began = time.monotonic()
        lf.up()
        figures.append(("`up --stack examples/myapp/stack.yaml` to everything healthy", f"{time.monotonic() - began:.1f} s", ""))
        measure_traffic(lf, options.seconds, figures)
    finally:
        lf.down()
        print(table(figures))
        shutil.rmtree(folder, ignore_errors=True)
    if options.write:
        cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text()).group(1)
        text = (f"# Performance\n\nMade by `./dev bench --write` on {time.strftime('%Y-%m-%d')} ({os.cpu_count()} CPUs, {cpu}, kernel "
                f"{os.uname().release}), nginx beside it in the same run. How it is measured: `bench/run.py`.\n\n{table(figures)}\n")
        (ROOT / "docs/performance.md").write_text(text)


if __name__ == "__main__":
    main()
