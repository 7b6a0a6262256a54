"""CloudFront beyond caching: who may have an object (botocore's own signer), what a function makes of a request."""

import copy
import datetime
import json
import pathlib
import subprocess
import tempfile
import uuid

from botocore.signers import CloudFrontSigner

from landfall import check, equal, until
from test_b_denied import error_code

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


class Site:
    """A bucket with three objects behind a distribution of its own; gone at the end."""

    def __init__(self, lf):
        self.lf, self.cloudfront, self.s3 = lf, lf.boto("cloudfront"), lf.boto("s3")
        self.bucket = "cdn-" + uuid.uuid4().hex

    def __enter__(self):
        self.s3.create_bucket(Bucket=self.bucket)
        for key in ("a.txt", "b.txt", "docs/index.html"):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=key.encode(), ContentType="text/plain")
        made = self.cloudfront.create_origin_access_control(OriginAccessControlConfig={
            "Name": self.bucket, "SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "s3"})
        self.control = made["OriginAccessControl"]["Id"]
        made = self.cloudfront.create_distribution(DistributionConfig={
            "CallerReference": self.bucket, "Comment": "", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{
                "Id": "site", "DomainName": f"{self.bucket}.s3.us-east-1.amazonaws.com", "OriginAccessControlId": self.control,
                "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
            "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only", "CachePolicyId": CACHING_OPTIMIZED}})
        self.id, self.domain = made["Distribution"]["Id"], made["Distribution"]["DomainName"]
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{self.bucket}/*", "Condition": {"StringEquals": {"AWS:SourceArn": made["Distribution"]["ARN"]}}}]}))
        self.deployed()
        return self

    def __exit__(self, *_):
        self.change(lambda config: config.update(Enabled=False))
        self.cloudfront.delete_distribution(Id=self.id, IfMatch=self.cloudfront.get_distribution(Id=self.id)["ETag"])
        self.cloudfront.delete_origin_access_control(
            Id=self.control, IfMatch=self.cloudfront.get_origin_access_control(Id=self.control)["ETag"])
        for item in self.s3.list_objects_v2(Bucket=self.bucket)["Contents"]:
            self.s3.delete_object(Bucket=self.bucket, Key=item["Key"])
        self.s3.delete_bucket(Bucket=self.bucket)

    def deployed(self):
        until(lambda: self.cloudfront.get_distribution(Id=self.id)["Distribution"]["Status"] == "Deployed", 30, "deployed")

    def change(self, edit):
        got = self.cloudfront.get_distribution_config(Id=self.id)
        config = copy.deepcopy(got["DistributionConfig"])
        edit(config)
        self.cloudfront.update_distribution(Id=self.id, IfMatch=got["ETag"], DistributionConfig=config)
        self.deployed()

    def behave(self, **settings):
        self.change(lambda config: config["DefaultCacheBehavior"].update(settings))

    def url(self, path):
        return f"https://{self.domain}{path}"

    def get(self, path, *arguments):
        return self.lf.curl(self.url(path), *arguments)


class Signer:
    """A key of one's own, in CloudFront, and botocore's signer with it."""

    def __init__(self, cloudfront, folder, name):
        self.private = f"{folder}/{name}.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.private, "2048"], check=True, capture_output=True)
        public = subprocess.run(["openssl", "rsa", "-in", self.private, "-pubout"], check=True, capture_output=True, text=True).stdout
        made = cloudfront.create_public_key(PublicKeyConfig={"CallerReference": uuid.uuid4().hex, "Name": f"{name}-{uuid.uuid4().hex[:8]}",
                                                             "EncodedKey": public})
        self.id, self.etag = made["PublicKey"]["Id"], made["ETag"]
        self.signer = CloudFrontSigner(self.id, self._sign)

    def _sign(self, message):
        return subprocess.run(["openssl", "dgst", "-sha1", "-sign", self.private], input=message, check=True, capture_output=True).stdout

    def signed(self, url, **policy):
        if "date_less_than" in policy:
            return self.signer.generate_presigned_url(url, **policy)
        return self.signer.generate_presigned_url(url, policy=self.signer.build_policy(**policy["policy"]))

    def cookies(self, resource, until_when):
        query = self.signed(self.url_without_wildcards(resource), policy={"resource": resource, "date_less_than": until_when}).split("?", 1)[1]
        return "; ".join("CloudFront-" + pair for pair in query.split("&"))

    @staticmethod
    def url_without_wildcards(resource):
        return resource.replace("*", "x")


def code_of(answer):
    body = answer.body.decode()
    return (answer.status, body.split("<Code>")[1].split("</Code>")[0] if "<Code>" in body else body)


def test_a_key_group_lets_only_signers_through(lf):
    now = datetime.datetime.now(datetime.timezone.utc)
    later, past = now + datetime.timedelta(hours=1), now - datetime.timedelta(minutes=1)
    with Site(lf) as site, tempfile.TemporaryDirectory() as folder:
        cloudfront = site.cloudfront
        ours, stranger = Signer(cloudfront, folder, "ours"), Signer(cloudfront, folder, "stranger")
        group = cloudfront.create_key_group(KeyGroupConfig={"Name": "g-" + uuid.uuid4().hex, "Items": [ours.id]})
        equal(site.get("/a.txt").status, 200, "before it is guarded")
        site.behave(TrustedKeyGroups={"Enabled": True, "Quantity": 1, "Items": [group["KeyGroup"]["Id"]]})
        equal(code_of(site.get("/a.txt")), (403, "MissingKey"), "without a signature, though it is cached")
        good = ours.signed(site.url("/a.txt"), date_less_than=later)
        equal(code_of(lf.curl(good)), (200, "a.txt"), "a canned policy")
        equal(code_of(lf.curl(ours.signed(site.url("/a.txt"), date_less_than=past))), (403, "AccessDenied"), "expired")
        equal(code_of(lf.curl(good.replace("/a.txt", "/b.txt"))), (403, "AccessDenied"), "another resource")
        equal(code_of(lf.curl(stranger.signed(site.url("/a.txt"), date_less_than=later))), (403, "InvalidKey"), "a key that is not in the group")
        equal(code_of(lf.curl(good.replace(ours.id, stranger.id))), (403, "InvalidKey"), "under another's name")
        everything = {"resource": site.url("/*"), "date_less_than": later}
        custom = ours.signed(site.url("/b.txt"), policy=everything)
        equal(code_of(lf.curl(custom)), (200, "b.txt"), "a custom policy")
        policy = custom.split("Policy=")[1].split("&")[0]
        tampered = policy[:20] + ("A" if policy[20] != "A" else "B") + policy[21:]
        equal(code_of(lf.curl(custom.replace(policy, tampered))), (403, "AccessDenied"), "a policy that was tampered with")
        for address, wanted in (("127.0.0.0/8", (200, "b.txt")), ("192.0.2.0/24", (403, "AccessDenied"))):
            equal(code_of(lf.curl(ours.signed(site.url("/b.txt"), policy={**everything, "ip_address": address}))), wanted, f"from {address}")
        cookies = ours.cookies(site.url("/*"), later)
        equal(code_of(site.get("/b.txt", "-b", cookies)), (200, "b.txt"), "signed cookies")
        equal(code_of(site.get("/b.txt", "-b", ours.cookies(site.url("/a*"), later))), (403, "AccessDenied"), "cookies for others")
        equal(error_code(cloudfront.delete_public_key, Id=ours.id, IfMatch=ours.etag), "PublicKeyInUse", "the key in the group")
        equal(error_code(cloudfront.delete_key_group, Id=group["KeyGroup"]["Id"], IfMatch=group["ETag"]), "ResourceInUse", "the group")
        site.behave(TrustedKeyGroups={"Enabled": False, "Quantity": 0})
        equal(site.get("/a.txt").status, 200, "no longer guarded")
        cloudfront.delete_key_group(Id=group["KeyGroup"]["Id"], IfMatch=group["ETag"])
        for key in (ours, stranger):
            cloudfront.delete_public_key(Id=key.id, IfMatch=key.etag)


FUNCTION = """
// What half the web's static sites have.
async function handler(event) {
  const { request, viewer } = event;
  if (event.context.eventType === 'viewer-response') {
    event.response.headers['strict-transport-security'] = { value: 'max-age=63072000' };
    return event.response;
  }
  if (request.headers.authorization?.value !== 'Basic ' + 'dXNlcjpwYXNz')
    return { statusCode: 401, headers: { 'www-authenticate': { value: 'Basic' } }, body: 'who are you?' };
  console.log(`asked for ${request.uri}`);
  if (request.uri.endsWith('/')) request.uri += 'index.html';
  if (request.uri === '/loop') while (true) { }
  return request;
}
"""


def edges_functions(lf):
    """The processes that run functions: children of this Landfall's edge."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
            parent = pathlib.Path("/proc", text.split("PPid:\t")[1].split("\n")[0], "cmdline").read_bytes()
        except OSError:  # it has gone meanwhile
            continue
        if lf.data_dir.encode() in parent and b"\0edge" in parent:
            found.append(text)
    return found


def test_a_function_runs_where_it_is_published_and_cannot_stay_for_ever(lf):
    with Site(lf) as site:
        cloudfront, name = site.cloudfront, "f-" + uuid.uuid4().hex
        settings = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
        equal(error_code(cloudfront.create_function, Name=name, FunctionConfig=settings, FunctionCode=b"x" * 10241), "FunctionSizeLimitExceeded", "a large function")
        made = cloudfront.create_function(Name=name, FunctionConfig=settings, FunctionCode=FUNCTION.encode())
        arn, etag = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"], made["ETag"]
        event = {"version": "1.0", "context": {"eventType": "viewer-request"}, "viewer": {"ip": "1.2.3.4"},
                 "request": {"method": "GET", "uri": "/docs/", "querystring": {}, "cookies": {},
                             "headers": {"authorization": {"value": "Basic dXNlcjpwYXNz"}}}}
        tested = cloudfront.test_function(Name=name, IfMatch=etag, EventObject=json.dumps(event).encode())["TestResult"]
        equal(json.loads(tested["FunctionOutput"])["request"]["uri"], "/docs/index.html", f"the test's output: {tested}")
        equal(tested["FunctionExecutionLogs"], ["asked for /docs/"], "the test's log")
        check(0 <= int(tested["ComputeUtilization"]) <= 100, tested["ComputeUtilization"])
        both = {"Quantity": 2, "Items": [{"FunctionARN": arn, "EventType": kind} for kind in ("viewer-request", "viewer-response")]}
        equal(error_code(site.behave, FunctionAssociations=both), "InvalidFunctionAssociation", "before it is published")
        cloudfront.publish_function(Name=name, IfMatch=etag)
        site.behave(FunctionAssociations=both)
        unknown = site.get("/docs/")
        equal((unknown.status, unknown.body, unknown.headers["x-cache"]), (401, b"who are you?", "FunctionGeneratedResponse from cloudfront"), "without credentials")
        known = site.get("/docs/", "-u", "user:pass")
        equal((known.status, known.body, known.headers.get("strict-transport-security")), (200, b"docs/index.html", "max-age=63072000"), "with them")
        equal(site.get("/docs/index.html", "-u", "user:pass").headers["x-cache"], "Hit from cloudfront", "the function's uri is the key")
        looping = site.get("/loop", "-u", "user:pass")
        equal((looping.status, looping.headers["x-cache"]), (503, "FunctionThrottledError from cloudfront"), "an endless loop")
        logs, group = lf.boto("logs"), "/aws/cloudfront/function/" + name

        def logged(end):
            events = logs.filter_log_events(logGroupName=group)["events"] if error_code(logs.filter_log_events, logGroupName=group) == "no error" else []
            return any(event["message"].endswith(end) for event in events)

        until(lambda: logged(" asked for /docs/") and logged(" The function used up its time."), 20, "the function's log")
        logs.delete_log_group(logGroupName=group)
        running = edges_functions(lf)
        check(running, "a process runs them")
        check(all("Seccomp:\t2" in status for status in running), "confined")
        equal(error_code(cloudfront.delete_function, Name=name, IfMatch=etag), "FunctionInUse", "while it is associated")
        broken = cloudfront.update_function(Name=name, IfMatch=etag, FunctionConfig=settings, FunctionCode=b"function handler(event) { return event.nothing.at_all; }")
        equal(site.get("/docs/", "-u", "user:pass").status, 200, "what is not published does not run")
        cloudfront.publish_function(Name=name, IfMatch=broken["ETag"])
        until(lambda: site.get("/docs/", "-u", "user:pass").headers["x-cache"] == "FunctionExecutionError from cloudfront", 10, "the broken one")
        site.behave(FunctionAssociations={"Quantity": 0})
        equal(site.get("/docs/index.html").status, 200, "without a function")
        cloudfront.delete_function(Name=name, IfMatch=broken["ETag"])


TEMPLATE = """
Resources:
  Key:
    Type: AWS::CloudFront::PublicKey
    Properties: {PublicKeyConfig: {CallerReference: NAME, Name: NAME, EncodedKey: KEY}}
  Group:
    Type: AWS::CloudFront::KeyGroup
    Properties: {KeyGroupConfig: {Name: NAME, Items: [{Ref: Key}]}}
  Hello:
    Type: AWS::CloudFront::Function
    Properties:
      Name: NAME
      AutoPublish: true
      FunctionConfig: {Comment: "", Runtime: cloudfront-js-2.0}
      FunctionCode: "const handler = () => 0; function respond() { return { statusCode: 200, body: 'SAYS' } } globalThis.handler = respond;"
  Caching:
    Type: AWS::CloudFront::CachePolicy
    Properties:
      CachePolicyConfig:
        {Name: NAME, MinTTL: 0, DefaultTTL: 60, MaxTTL: 600, ParametersInCacheKeyAndForwardedToOrigin: {
          EnableAcceptEncodingGzip: true, HeadersConfig: {HeaderBehavior: whitelist, Headers: [X-Tenant]},
          CookiesConfig: {CookieBehavior: none}, QueryStringsConfig: {QueryStringBehavior: all}}}
  Forwarding:
    Type: AWS::CloudFront::OriginRequestPolicy
    Properties:
      OriginRequestPolicyConfig:
        {Name: NAME, HeadersConfig: {HeaderBehavior: whitelist, Headers: [X-A, X-B]}, CookiesConfig: {CookieBehavior: none},
         QueryStringsConfig: {QueryStringBehavior: none}}
  Answers:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: NAME
        CorsConfig:
          {AccessControlAllowCredentials: false, AccessControlAllowHeaders: {Items: ["*"]}, AccessControlAllowMethods: {Items: [GET]},
           AccessControlAllowOrigins: {Items: ["https://a.test", "https://*.b.test"]}, OriginOverride: true}
        CustomHeadersConfig: {Items: [{Header: X-Says, Value: SAYS, Override: true}]}
        RemoveHeadersConfig: {Items: [{Header: X-Powered-By}]}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - {Id: one, DomainName: nobody.s3.us-east-1.amazonaws.com, S3OriginConfig: {}}
          - {Id: two, DomainName: nowhere.s3.us-east-1.amazonaws.com, S3OriginConfig: {}}
        OriginGroups:
          Quantity: 1
          Items:
            - Id: both
              FailoverCriteria: {StatusCodes: {Quantity: 1, Items: [503]}}
              Members: {Quantity: 2, Items: [{OriginId: one}, {OriginId: two}]}
        Restrictions: {GeoRestriction: {RestrictionType: none}}
        CacheBehaviors:
          - {PathPattern: /members/*, TargetOriginId: both, ViewerProtocolPolicy: allow-all, CachePolicyId: POLICY, TrustedKeyGroups: [{Ref: Group}]}
        DefaultCacheBehavior:
          TargetOriginId: one
          ViewerProtocolPolicy: allow-all
          CachePolicyId: {Ref: Caching}
          OriginRequestPolicyId: {Ref: Forwarding}
          ResponseHeadersPolicyId: {Ref: Answers}
          FunctionAssociations: [{EventType: viewer-request, FunctionARN: {"Fn::GetAtt": [Hello, FunctionARN]}}]
Outputs:
  Domain: {Value: {"Fn::GetAtt": [Site, DomainName]}}
"""


def test_a_template_makes_key_groups_functions_and_origin_groups(lf):
    cloudformation, name = lf.boto("cloudformation"), "cdn-" + uuid.uuid4().hex[:8]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["openssl", "genrsa", "-out", f"{folder}/k.pem", "2048"], check=True, capture_output=True)
        public = subprocess.run(["openssl", "rsa", "-in", f"{folder}/k.pem", "-pubout"], check=True, capture_output=True, text=True).stdout
    template = TEMPLATE.replace("NAME", name).replace("KEY", json.dumps(public)).replace("POLICY", CACHING_OPTIMIZED)

    def ended(wanted):
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        check("ROLLBACK" not in stack["StackStatus"], f"{stack}")
        return stack["StackStatus"] == wanted and stack

    cloudformation.create_stack(StackName=name, TemplateBody=template.replace("SAYS", "hello"))
    domain = until(lambda: ended("CREATE_COMPLETE"), 60, "the stack")["Outputs"][0]["OutputValue"]
    first = lf.curl(f"https://{domain}/", "-H", "Origin: https://www.b.test")
    equal((first.body, first.headers.get("x-says"), first.headers.get("access-control-allow-origin")), (b"hello", "hello", "https://www.b.test"),
          "the function's answer, with the policy's headers")
    equal(code_of(lf.curl(f"https://{domain}/members/a")), (403, "MissingKey"), "the guarded behaviour")
    cloudformation.update_stack(StackName=name, TemplateBody=template.replace("SAYS", "changed"))
    until(lambda: ended("UPDATE_COMPLETE"), 60, "the update")
    until(lambda: lf.curl(f"https://{domain}/").body == b"changed", 20, "the changed function")
    until(lambda: lf.curl(f"https://{domain}/").headers.get("x-says") == "changed", 20, "the changed policy")
    cloudformation.delete_stack(StackName=name)
    until(lambda: error_code(cloudformation.describe_stacks, StackName=name) == "ValidationError", 60, "the stack's end")
    cloudfront = lf.boto("cloudfront")
    equal([item["Name"] for item in cloudfront.list_functions()["FunctionList"].get("Items", []) if item["Name"] == name], [], "functions left")
