"""What breaks, and what goes on. Last: these end processes."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse
import uuid

from landfall import Load, check, equal, processes_using, until

API = "https://api.myapp.com"


def warm(load, requests=200):
    until(lambda: load.served() >= requests, 30, "the load to run")


def instance_pids(lf):
    return {instance["InstanceId"]: lf.instance_pid(instance["InstanceId"]) for instance in lf.api_instances()}


def test_killing_control_under_load_fails_no_request(lf):
    with Load(lf, "api.myapp.com", "/items") as api, Load(lf, "cdn.myapp.com", "/css/site.css", threads=2) as cdn:
        warm(api)
        lf.kill_role("control")
        after = api.served()
        until(lambda: api.served() >= after + 200, 30, "the load to go on")
    equal((api.failures[:3], cdn.failures[:3]), ([], []), "failed requests")
    equal(lf.boto("cloudformation", retries=5).describe_stacks(StackName="myapp")["Stacks"][0]["StackStatus"][-8:], "COMPLETE", "the same state")


def test_killing_edge_is_over_within_seconds(lf):
    before = instance_pids(lf)
    with Load(lf, "api.myapp.com", "/items") as api:
        warm(api)
        killed = time.monotonic()
        lf.kill_role("edge")
        healthy = until(lambda: lf.curl(API + "/health").status == 200 and time.monotonic(), 10, "the API to answer again")
        check(healthy - killed < 5, f"it took {healthy - killed:.1f} s")
        at = api.served()
        until(lambda: api.served() >= at + 200, 20, "the load to go on")
    late = [why for when, why in api.failures if when > healthy]
    equal(late[:3], [], "requests that failed after it was back")
    equal(instance_pids(lf), before, "the instances never stopped")


def test_the_cdn_cache_survives_killing_edge_and_so_do_invalidations(lf):
    outputs, cloudfront = lf.outputs(), lf.boto("cloudfront")
    names = [f"{uuid.uuid4().hex}.txt" for _ in range(2)]
    urls = [f"https://cdn.myapp.com/uploads/{name}" for name in names]

    def put(content):
        for name in names:
            lf.boto("s3").put_object(Bucket=outputs["BucketName"], Key="uploads/" + name, Body=content, ContentType="text/plain")

    def files():
        return sum(len(found) for _, _, found in os.walk(lf.data_dir + "/edge/cache/objects"))

    def serves_again():
        until(lambda: lf.curl("https://cdn.myapp.com/").status == 200, 20, "the CDN to answer again")

    put(b"first")
    before = files()
    for url in urls:
        equal(lf.curl(url).headers.get("x-cache"), "Miss from cloudfront", "the first answer")
    until(lambda: files() >= before + 2, 10, "the objects to be on disk")
    put(b"second")
    lf.kill_role("edge")
    serves_again()
    for url in urls:
        answer = lf.curl(url)
        equal((answer.body, answer.headers.get("x-cache")), (b"first", "Hit from cloudfront"), "after kill -9 of edge")
        check("age" in answer.headers, "a hit has an Age")

    made = cloudfront.create_invalidation(DistributionId=outputs["DistributionId"], InvalidationBatch={
        "Paths": {"Quantity": 1, "Items": ["/uploads/" + names[0]]}, "CallerReference": uuid.uuid4().hex})["Invalidation"]
    until(lambda: cloudfront.get_invalidation(DistributionId=outputs["DistributionId"], Id=made["Id"])["Invalidation"]["Status"]
          == "Completed", 20, "the invalidation's end")
    lf.kill_role("edge")
    serves_again()
    answers = [lf.curl(url) for url in urls]
    equal([(a.body, a.headers.get("x-cache")) for a in answers],
          [(b"second", "Miss from cloudfront"), (b"first", "Hit from cloudfront")], "after an invalidation and a kill")


def test_killing_host_stops_no_instance_and_fails_no_request(lf):
    before = instance_pids(lf)
    with Load(lf, "api.myapp.com", "/items") as api:
        warm(api)
        took = lf.kill_role("host")
        at = api.served()
        until(lambda: api.served() >= at + 200, 20, "the load to go on")
    check(took < 5, f"host took {took:.1f} s")
    equal(api.failures[:3], [], "failed requests")
    equal(instance_pids(lf), before, "the instances never stopped")
    equal(lf.exec(next(iter(before)), "true").returncode, 0, "host takes commands again")


def test_a_killed_instance_is_replaced_and_only_its_requests_in_flight_fail(lf):
    until(lambda: len(lf.healthy_targets()) >= 2, 60, "two healthy targets")
    victim = lf.api_instances()[0]["InstanceId"]
    threads = 4
    with Load(lf, "api.myapp.com", "/items", threads=threads) as api:
        warm(api)
        os.kill(lf.instance_pid(victim), signal.SIGKILL)
        killed = time.monotonic()
        until(lambda: victim not in lf.healthy_targets(), 30, "the load balancer to stop sending to it")
        replaced = until(lambda: [i for i in lf.api_instances() if i["InstanceId"] != victim and i["InstanceId"] in lf.healthy_targets()]
                         .__len__() >= 2 and time.monotonic(), 120, "Auto Scaling to replace it")
    check(len(api.failures) <= threads, f"{len(api.failures)} failed, {threads} were in flight: {api.failures[:5]}")
    check(victim not in [i["InstanceId"] for i in lf.api_instances()], "the dead one is out of the group")
    check(replaced - killed < 90, f"replaced after {replaced - killed:.0f} s")
    activities = lf.boto("autoscaling").describe_scaling_activities()["Activities"]
    check(any(victim in activity["Description"] for activity in activities), "an activity says so")


def test_the_web_process_is_restarted_when_it_dies(lf):
    instance = lf.api_instances()[0]["InstanceId"]
    pid = lf.exec(instance, "pgrep", "-x", "myapp_api").stdout.split()
    check(pid, "the web process runs")
    lf.exec(instance, "kill", "-9", *pid)
    until(lambda: lf.exec(instance, "pgrep", "-x", "myapp_api").stdout.split() not in ([], pid), 15, "another web process")
    until(lambda: instance in lf.healthy_targets(), 60, "the target to be healthy")


def resources(lf):
    """Names of everything that must still be there, by what the APIs list."""
    return {
        "stack": sorted((r["LogicalResourceId"], r["PhysicalResourceId"]) for r in
                        lf.boto("cloudformation").describe_stack_resources(StackName="myapp")["StackResources"]),
        "roles": sorted(r["Arn"] for r in lf.boto("iam").list_roles()["Roles"]),
        "zones": sorted(z["Id"] for z in lf.boto("route53").list_hosted_zones()["HostedZones"]),
        "vpcs": sorted(v["VpcId"] for v in lf.boto("ec2").describe_vpcs()["Vpcs"]),
    }


def test_everything_is_there_after_everything_was_killed(lf):
    item = lf.curl(API + "/items", "-X", "POST", "-d", json.dumps({"name": "survivor " + uuid.uuid4().hex})).json()
    bucket, content = lf.outputs()["BucketName"], os.urandom(300_000)
    lf.boto("s3").put_object(Bucket=bucket, Key="uploads/survivor", Body=content)
    role = lf.boto("iam").create_role(RoleName="survivor-" + uuid.uuid4().hex[:8], AssumeRolePolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
    before = resources(lf)
    check(role["Role"]["Arn"] in before["roles"], "the role was acknowledged")
    status = lf.status()
    for pid in [status["pid"], *[entry["pid"] for entry in status["roles"]], *instance_pids(lf).values()]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    until(lambda: not [p for p in processes_using(lf.data_dir) if p in [e["pid"] for e in status["roles"]]], 10, "the roles' end")
    lf.up()
    equal(resources(lf), before, "every resource")
    equal(lf.boto("s3").get_object(Bucket=bucket, Key="uploads/survivor")["Body"].read(), content, "the object")
    equal(until(lambda: (a := lf.curl(f"{API}/items/{item['id']}")).status == 200 and a, 30, "the API").json(), item, "the row")
    lf.boto("iam").delete_role(RoleName=role["Role"]["RoleName"])


def test_down_lets_requests_in_flight_end(lf):
    """Half a request to the API and to S3, then `down`, then the other half."""
    s3, bucket, body = lf.boto("s3"), lf.outputs()["BucketName"], os.urandom(200_000)
    url = urllib.parse.urlsplit(s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "uploads/in-flight"}))
    name = json.dumps({"name": "in flight " + uuid.uuid4().hex}).encode()
    address = lf.resolve("api.myapp.com")[0]
    begun = []
    for where, head, content in (((url.hostname, url.port), f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n", body),
                                 ((address, 80), "POST /items HTTP/1.1\r\nHost: api.myapp.com\r\n", name)):
        client = socket.create_connection(where, timeout=20)
        half = len(content) // 2
        client.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content[:half])
        begun.append((client, content[half:]))
    idle = socket.create_connection((address, 80), timeout=20)
    time.sleep(0.2)  # so that edge has begun with them: there is nothing that would tell
    down = subprocess.Popen([lf.binary, "down", "--data-dir", lf.data_dir], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    equal(idle.recv(1), b"", "an idle connection ends when edge drains")
    answers = []
    for client, rest in begun:
        client.sendall(rest)
        answers.append(client.makefile("rb").read().split(b"\r\n")[0])
        client.close()
    equal(answers, [b"HTTP/1.1 200 OK", b"HTTP/1.1 201 Created"], "answers after `down` was asked for")
    equal(down.wait(30), 0, "down")
    lf.up()
    equal(lf.boto("s3").get_object(Bucket=bucket, Key="uploads/in-flight")["Body"].read(), body, "the object")


def test_down_and_up_serve_the_same_data(lf):
    item = lf.curl(API + "/items", "-X", "POST", "-d", json.dumps({"name": "kept"})).json()
    equal(lf.down().returncode, 0, "down")
    equal(processes_using(lf.data_dir), [], "processes after down")
    equal(lf.command("status").returncode, 3, "status says that nothing runs")
    lf.up()
    equal(until(lambda: (a := lf.curl(f"{API}/items/{item['id']}")).status == 200 and a, 30, "the API").json(), item, "the row")
