"""The reference architecture serves: API, database, cache, uploads, CDN, names, certificates."""

import json
import subprocess
import time
import uuid

from landfall import check, equal, until

API = "https://api.myapp.com"
CDN = "https://cdn.myapp.com"


def create_item(lf, name):
    answer = lf.curl(API + "/items", "-X", "POST", "-H", "Content-Type: application/json", "-d", json.dumps({"name": name}))
    equal(answer.status, 201, f"POST /items ({answer.error} {answer.body[:200]!r})")
    return answer.json()


def some_api_instance(lf):
    instances = until(lf.api_instances, 30, "an API instance")
    return instances[0]["InstanceId"]


def test_the_stack_is_complete(lf):
    stack = lf.boto("cloudformation").describe_stacks(StackName="myapp")["Stacks"][0]
    check(stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), stack["StackStatus"])
    resources = lf.boto("cloudformation").describe_stack_resources(StackName="myapp")["StackResources"]
    check(len(resources) >= 35, f"{len(resources)} resources")
    bad = [r["LogicalResourceId"] for r in resources if not r["ResourceStatus"].endswith("_COMPLETE")]
    equal(bad, [], "resources that are not complete")


def test_the_environment_is_ready_and_green(lf):
    environment = lf.boto("elasticbeanstalk").describe_environments()["Environments"][0]
    equal((environment["Status"], environment["Health"]), ("Ready", "Green"), "environment")


def test_an_item_is_created_read_and_cached(lf):
    item = create_item(lf, "café " + uuid.uuid4().hex)
    first = lf.curl(f"{API}/items/{item['id']}")
    equal((first.status, first.headers.get("x-cache")), (200, "MISS"), "first read")
    second = lf.curl(f"{API}/items/{item['id']}")
    equal((second.status, second.headers.get("x-cache")), (200, "HIT"), "second read")
    equal(second.json(), item, "the item")
    equal(lf.curl(f"{API}/items/999999999").status, 404, "an item that is not there")


def test_every_answer_names_instance_and_zone_and_both_zones_serve(lf):
    instances = {instance["InstanceId"]: instance["AvailabilityZone"] for instance in lf.api_instances()}
    seen = {}
    for _ in range(12):
        answer = lf.curl(API + "/items")
        equal(answer.status, 200, "GET /items")
        seen[answer.headers.get("x-instance-id")] = answer.headers.get("x-availability-zone")
    for instance, zone in seen.items():
        equal(zone, instances.get(instance), f"the zone of {instance}")
    equal(len(set(seen.values())), 2, f"zones that served ({seen})")


def test_rows_are_in_postgresql(lf):
    name = "row-" + uuid.uuid4().hex
    item = create_item(lf, name)
    done = lf.exec(some_api_instance(lf), "env", "PGPASSWORD=" + lf.database_password(), "psql", "-h",
                   lf.outputs()["DatabaseAddress"], "-U", "myapp", "-d", "myapp", "-Atc",
                   f"SELECT name FROM items WHERE id = {int(item['id'])}")
    equal(done.stdout.strip(), name, f"the row ({done.stderr})")


def test_keys_are_in_redis(lf):
    item = create_item(lf, "cached")
    lf.curl(f"{API}/items/{item['id']}")
    done = lf.exec(some_api_instance(lf), "redis-cli", "-h", lf.outputs()["CacheAddress"], "GET", f"item:{item['id']}")
    equal(json.loads(done.stdout or "null"), item, f"the key ({done.stderr})")


def test_an_upload_is_in_s3_and_on_the_cdn_until_invalidated(lf):
    name, content = f"{uuid.uuid4().hex}.txt", b"uploaded " + uuid.uuid4().hex.encode()
    put = lf.curl(f"{API}/uploads/{name}", "-X", "PUT", "-H", "Content-Type: text/plain", "--data-binary", content.decode())
    equal(put.status, 201, f"PUT ({put.body[:300]!r})")
    outputs = lf.outputs()
    s3 = lf.boto("s3")
    stored = s3.get_object(Bucket=outputs["BucketName"], Key="uploads/" + name)
    equal((stored["Body"].read(), stored["ContentType"]), (content, "text/plain"), "the object")

    url = f"{CDN}/uploads/{name}"
    first, second = lf.curl(url), lf.curl(url)
    equal((first.status, first.body, first.headers.get("x-cache")), (200, content, "Miss from cloudfront"), "first")
    equal((second.status, second.body, second.headers.get("x-cache")), (200, content, "Hit from cloudfront"), "second")
    check("age" in second.headers, "a hit has an Age")

    s3.put_object(Bucket=outputs["BucketName"], Key="uploads/" + name, Body=b"changed", ContentType="text/plain")
    equal(lf.curl(url).body, content, "cached still")
    cloudfront = lf.boto("cloudfront")
    made = cloudfront.create_invalidation(
        DistributionId=outputs["DistributionId"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/uploads/*"]}, "CallerReference": uuid.uuid4().hex})["Invalidation"]
    until(lambda: cloudfront.get_invalidation(DistributionId=outputs["DistributionId"], Id=made["Id"])["Invalidation"]["Status"]
          == "Completed", 20, "the invalidation's end")
    after = lf.curl(url)
    equal((after.body, after.headers.get("x-cache")), (b"changed", "Miss from cloudfront"), "after the invalidation")


def test_the_site_is_on_the_cdn(lf):
    index = lf.curl(CDN + "/")
    equal(index.status, 200, "/")
    check(b"<title>myapp</title>" in index.body, "index.html at the root")
    css = lf.curl(CDN + "/css/site.css", "--compressed", "-H", "Accept-Encoding: gzip")
    equal((css.status, css.headers.get("content-encoding")), (200, "gzip"), "the style sheet")
    check(b"color-scheme" in css.body, "the style sheet's content")
    absent = lf.curl(CDN + "/absent.html")
    equal(absent.status, 403, "what is not there (the distribution may not list the bucket)")


def test_the_cdn_redirects_to_https(lf):
    answer = lf.curl("http://cdn.myapp.com/css/site.css?a=1")
    equal((answer.status, answer.headers.get("location")), (301, CDN + "/css/site.css?a=1"), "the redirect")


def test_the_cdn_serves_ranges_and_revalidates(lf):
    whole = lf.curl(CDN + "/img/logo.svg")
    part = lf.curl(CDN + "/img/logo.svg", "-r", "5-14")
    equal((part.status, part.body), (206, whole.body[5:15]), "a range")
    unchanged = lf.curl(CDN + "/img/logo.svg", "-H", "If-None-Match: " + whole.headers["etag"])
    equal(unchanged.status, 304, "a conditional request")


def test_both_speak_http2(lf):
    for url in (API + "/health", CDN + "/"):
        answer = lf.curl(url, "--http2")
        equal((answer.status, answer.version), (200, "2"), url)
        answer = lf.curl(url, "--http1.1")
        equal((answer.status, answer.version), (200, "1.1"), url)


def test_forwarded_headers_reach_only_as_the_load_balancer_made_them(lf):
    answer = lf.curl(API + "/health", "-H", "X-Forwarded-For: 6.6.6.6", "-H", "Transfer-Encoding: identity, chunked")
    check(answer.status in (200, 400, 501), f"status {answer.status}")


def dig(lf, server, name, *more):
    return subprocess.run(["dig", "+time=3", "+tries=1", "@" + lf.address(server), name, *more], capture_output=True, text=True,
                          timeout=20).stdout


def test_route_53_answers_authoritatively_over_udp_and_tcp(lf):
    for more in ([], ["+tcp"]):
        api = dig(lf, 2, "api.myapp.com", "A", *more)
        check("status: NOERROR" in api and " aa" in api, f"authoritative {more}:\n{api}")
        answers = [line for line in api.splitlines() if line.startswith("api.myapp.com.") and "\tA\t" in line]
        equal(len(answers), 2, f"an address in each zone {more}")
        check("status: NXDOMAIN" in dig(lf, 2, "absent.myapp.com", "A", *more), "a name that is not there")
        check("status: REFUSED" in dig(lf, 2, "example.org", "A", *more), "a zone that is not ours")
    check("SOA" in dig(lf, 2, "myapp.com", "SOA") and "ns-" in dig(lf, 2, "myapp.com", "NS"), "SOA and NS")


def openssl_verify(lf, address, name, *more):
    return subprocess.run(["openssl", "s_client", "-connect", f"{address}:443", "-servername", name, "-verify_return_error",
                           "-brief", *more], input="", capture_output=True, text=True, timeout=20)


def test_certificates_verify_against_the_ca_and_not_without_it(lf):
    ca = lf.data_dir + "/ca/ca.pem"
    for name in ("api.myapp.com", "cdn.myapp.com"):
        address = lf.resolve(name)[0]
        good = openssl_verify(lf, address, name, "-CAfile", ca, "-verify_hostname", name)
        equal(good.returncode, 0, f"{name} with the CA: {good.stderr}")
        for version in ("-tls1_2", "-tls1_3"):
            equal(openssl_verify(lf, address, name, "-CAfile", ca, version).returncode, 0, f"{name} {version}")
        check(openssl_verify(lf, address, name, "-tls1_1", "-CAfile", ca, "-cipher", "ALL:@SECLEVEL=0").returncode != 0, "TLS 1.1 is refused")
        check(openssl_verify(lf, address, name).returncode != 0, f"{name} without the CA is refused")
        check(openssl_verify(lf, address, name, "-CAfile", ca, "-verify_hostname", "other.myapp.com").returncode != 0,
              "a wrong name is refused by the client")
    done = lf.shell("curl", "-sS", "--max-time", "5", "--connect-to", f"other.myapp.com:443:{lf.resolve('api.myapp.com')[0]}:443",
                    "https://other.myapp.com/")
    check(done.returncode != 0, "curl refuses a name the certificate does not have")
    cdn = lf.curl("https://cdn.myapp.com/", "-k", "-H", "Host: other.example.com")
    equal(cdn.status, 421 if cdn.status == 421 else 403, "a host that no distribution has")


def test_the_cas_key_is_readable_by_its_owner_only(lf):
    done = subprocess.run(["find", lf.data_dir + "/control", "-name", "*key*", "-perm", "/077"], capture_output=True, text=True)
    equal(done.stdout, "", "keys that others can read")


def test_an_instance_knows_itself_by_imdsv2_only(lf):
    instance = some_api_instance(lf)
    plain = lf.exec(instance, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://169.254.169.254/latest/meta-data/")
    equal(plain.stdout, "401", "without a token")
    script = ("T=$(curl -sX PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60');"
              "curl -s -H \"X-aws-ec2-metadata-token: $T\" http://169.254.169.254/latest/meta-data/instance-id")
    equal(lf.exec(instance, "sh", "-c", script).stdout, instance, "the instance id")


def test_an_sdk_inside_an_instance_needs_no_configuration(lf):
    bucket = lf.outputs()["BucketName"]
    done = lf.exec(some_api_instance(lf), "sh", "-c",
                   f"echo inside > /tmp/o && /usr/bin/aws s3 cp /tmp/o s3://{bucket}/uploads/inside --region us-east-1 && /usr/bin/aws sts get-caller-identity --region us-east-1")
    equal(done.returncode, 0, f"aws in the instance: {done.stderr} {done.stdout}")
    check(":assumed-role/" in done.stdout, f"it is its role: {done.stdout}")


def test_the_aws_cli_finds_the_real_names_in_the_shell(lf):
    identity = lf.aws("sts", "get-caller-identity")
    equal(json.loads(identity.stdout or "{}").get("Arn"), "arn:aws:iam::123456789012:root", f"identity ({identity.stderr})")
    check(lf.outputs()["BucketName"] in lf.shell("/usr/bin/aws", "s3", "ls").stdout, "aws s3 ls")
    for words in (("ec2", "describe-instances"), ("elbv2", "describe-load-balancers"), ("autoscaling", "describe-auto-scaling-groups"),
                  ("rds", "describe-db-instances"), ("elasticache", "describe-replication-groups"), ("route53", "list-hosted-zones"),
                  ("acm", "list-certificates"), ("cloudfront", "list-distributions"), ("iam", "list-roles"),
                  ("elasticbeanstalk", "describe-events"), ("cloudformation", "describe-stack-events", "--stack-name", "myapp")):
        done = lf.aws(*words)
        equal(done.returncode, 0, f"aws {' '.join(words)}: {done.stderr}")
        check(any(json.loads(done.stdout).values()), f"aws {' '.join(words)} lists something")
    # Metrics come by the minute: the first ones when the first minute of the instances is over.
    until(lambda: json.loads(lf.aws("cloudwatch", "list-metrics").stdout or "{}").get("Metrics"), 130, "aws cloudwatch list-metrics lists something")


def test_status_env_logs_and_inspect_speak_json(lf):
    status = lf.status()
    equal([role["state"] for role in status["roles"]], ["ready"] * 3, "the roles")
    done = lf.command("status")
    equal(done.returncode, 0, f"status: {done.stdout}{done.stderr}")
    names = [log["name"] for log in json.loads(lf.command("logs", "--json").stdout)]
    check({"control", "edge", "host"} <= set(names), f"logs: {names}")
    check(lf.command("logs", "control", "-n", "5").stdout, "control's log says something")
    inspected = subprocess.run([lf.binary, "inspect", lf.data_dir, "--json"], capture_output=True, text=True, timeout=60)
    equal(inspected.returncode, 0, f"inspect: {inspected.stderr}")
    json.loads(inspected.stdout)


def test_a_second_up_on_the_same_data_directory_is_refused(lf):
    done = lf.command("up", "--detach")
    equal(done.returncode, 1, "its exit status")
    check("already runs" in done.stderr, done.stderr)


def test_up_again_with_the_same_stack_changes_nothing(lf):
    began = time.monotonic()
    done = lf.command("apply", "--stack", str(__import__("landfall").STACK))
    equal(done.returncode, 0, f"apply: {done.stdout}{done.stderr}")
    check("creating" not in done.stdout and "updating" not in done.stdout, done.stdout)
    check(time.monotonic() - began < 15, "quickly")
