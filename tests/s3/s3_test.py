#!/usr/bin/python3
"""S3 as clients that are not ours see it: boto3, the AWS CLI, and raw HTTP for what they cannot be made to send.

  s3_test.py PATH/TO/s3_server [unittest arguments]
"""
import base64
import hashlib
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import zlib

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

SERVER = None


class Server:
    """The server under test, in a directory of its own."""

    def __init__(self, directory):
        self.directory = directory
        self.start()

    def start(self):
        self.process = subprocess.Popen([SERVER, self.directory], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        assert line.startswith("port "), line
        self.port = int(line.split()[1])

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait()
        self.process.stdout.close()
        assert code == 0, f"the server ended with {code}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def client(self, key="AKIAROOT", secret="root-secret", **config):
        config.setdefault("signature_version", "s3v4")
        config.setdefault("retries", {"max_attempts": 0})
        return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1",
                            aws_access_key_id=key, aws_secret_access_key=secret, config=Config(**config))

    def raw(self, method, path, body=b"", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data


def policy(bucket, principal="*", actions=("s3:GetObject",), effect="Allow", condition=None):
    statement = {"Effect": effect, "Principal": principal, "Action": list(actions),
                 "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class S3Test(unittest.TestCase):
    counter = 0

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="landfall-s3-test-")
        cls.server = Server(cls.directory)
        cls.s3 = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.directory)

    def bucket(self):
        S3Test.counter += 1
        name = f"bucket-{S3Test.counter}"
        self.s3.create_bucket(Bucket=name)
        return name

    def assert_error(self, code, call, *args, status=None, **kwargs):
        with self.assertRaises(ClientError) as caught:
            call(*args, **kwargs)
        response = caught.exception.response
        self.assertEqual(response["Error"]["Code"], code, response)
        if status:
            self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], status)
        return response


class Buckets(S3Test):
    def test_a_bucket_is_made_listed_found_and_deleted(self):
        name = self.bucket()
        self.assertIn(name, [b["Name"] for b in self.s3.list_buckets()["Buckets"]])
        self.assertEqual(self.s3.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"],
                         "us-east-1")
        self.assertIsNone(self.s3.get_bucket_location(Bucket=name)["LocationConstraint"])
        self.s3.put_object(Bucket=name, Key="k", Body=b"x")
        self.assert_error("BucketNotEmpty", self.s3.delete_bucket, Bucket=name, status=409)
        self.s3.delete_object(Bucket=name, Key="k")
        self.s3.delete_bucket(Bucket=name)
        self.assert_error("404", self.s3.head_bucket, Bucket=name, status=404)
        self.assert_error("NoSuchBucket", self.s3.list_objects_v2, Bucket=name, status=404)

    def test_bad_names_and_foreign_regions_are_refused(self):
        for name in ("UPPER", "ab", "a..b", "192.168.1.1", "-abc"):
            status, _, body = self.server.raw("PUT", "/" + name)
            self.assertIn(status, (400, 403), name)
        client = self.server.client()
        client.meta.events.unregister("before-parameter-build.s3", None)
        self.assert_error("InvalidBucketName", self.s3.create_bucket, Bucket="a.-b.192-")
        self.assert_error("IllegalLocationConstraintException", self.s3.create_bucket, Bucket="elsewhere",
                          CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def test_an_unconfigured_bucket_answers_as_aws_does(self):
        name = self.bucket()
        for call, code in ((self.s3.get_bucket_policy, "NoSuchBucketPolicy"),
                           (self.s3.get_bucket_cors, "NoSuchCORSConfiguration"),
                           (self.s3.get_bucket_tagging, "NoSuchTagSet"),
                           (self.s3.get_bucket_website, "NoSuchWebsiteConfiguration"),
                           (self.s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"),
                           (self.s3.get_bucket_replication, "ReplicationConfigurationNotFoundError"),
                           (self.s3.get_object_lock_configuration, "ObjectLockConfigurationNotFoundError")):
            self.assert_error(code, call, Bucket=name, status=404)
        self.assertNotIn("Status", self.s3.get_bucket_versioning(Bucket=name))
        self.assertNotIn("LoggingEnabled", self.s3.get_bucket_logging(Bucket=name))
        self.assertEqual(self.s3.get_bucket_request_payment(Bucket=name)["Payer"], "BucketOwner")
        self.s3.get_bucket_accelerate_configuration(Bucket=name)
        self.s3.get_bucket_notification_configuration(Bucket=name)
        rule = self.s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
        self.assertEqual(rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256")
        acl = self.s3.get_bucket_acl(Bucket=name)
        self.assertEqual(acl["Grants"][0]["Permission"], "FULL_CONTROL")
        self.assertEqual(acl["Grants"][0]["Grantee"]["Type"], "CanonicalUser")
        self.assertEqual(self.s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"],
                         [{"ObjectOwnership": "BucketOwnerEnforced"}])
        block = self.s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        self.assertTrue(all(block.values()) and len(block) == 4)

    def test_configurations_are_kept(self):
        name = self.bucket()
        self.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "a", "Value": "b & c"}]})
        self.assertEqual(self.s3.get_bucket_tagging(Bucket=name)["TagSet"], [{"Key": "a", "Value": "b & c"}])
        self.s3.delete_bucket_tagging(Bucket=name)
        self.assert_error("NoSuchTagSet", self.s3.get_bucket_tagging, Bucket=name)
        self.s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}]})
        rules = self.s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        self.assertTrue(rules[0]["BucketKeyEnabled"])
        self.s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={
            "Rules": [{"ObjectOwnership": "ObjectWriter"}]})
        self.assertEqual(self.s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"],
                         [{"ObjectOwnership": "ObjectWriter"}])
        self.s3.delete_bucket_ownership_controls(Bucket=name)
        self.assert_error("OwnershipControlsNotFoundError", self.s3.get_bucket_ownership_controls, Bucket=name)
        self.s3.delete_public_access_block(Bucket=name)
        self.assert_error("NoSuchPublicAccessBlockConfiguration", self.s3.get_public_access_block, Bucket=name)

    def test_what_is_not_implemented_says_so_and_changes_nothing(self):
        name = self.bucket()
        response = self.assert_error(
            "NotImplemented", self.s3.put_bucket_analytics_configuration, Bucket=name, status=501, Id="i",
            AnalyticsConfiguration={"Id": "i", "StorageClassAnalysis": {}})
        self.assertIn("PutBucketAnalyticsConfiguration", response["Error"]["Message"])

    def test_subresources_are_kept_and_given_back(self):
        name, logs = self.bucket(), self.bucket()
        self.s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "l/"}})
        self.assertEqual(self.s3.get_bucket_logging(Bucket=name)["LoggingEnabled"],
                         {"TargetBucket": logs, "TargetPrefix": "l/"})
        self.s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={})
        self.assertNotIn("LoggingEnabled", self.s3.get_bucket_logging(Bucket=name))
        self.assert_error("InvalidTargetBucketForLogging", self.s3.put_bucket_logging, Bucket=name, BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": "nobody-has-this", "TargetPrefix": ""}})
        self.s3.put_bucket_accelerate_configuration(Bucket=name, AccelerateConfiguration={"Status": "Enabled"})
        self.assertEqual(self.s3.get_bucket_accelerate_configuration(Bucket=name)["Status"], "Enabled")
        self.s3.put_bucket_request_payment(Bucket=name, RequestPaymentConfiguration={"Payer": "Requester"})
        self.assertEqual(self.s3.get_bucket_request_payment(Bucket=name)["Payer"], "Requester")

    def test_lifecycle_rules_are_checked_and_kept(self):
        name = self.bucket()
        rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 3},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 2}}
        self.s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
        self.assertEqual(self.s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"], [rule])
        for change, code in (({"Expiration": {"Days": 0}}, "InvalidArgument"), ({"Status": "Sometimes"}, "MalformedXML")):
            self.assert_error(code, self.s3.put_bucket_lifecycle_configuration, Bucket=name,
                              LifecycleConfiguration={"Rules": [{**rule, **change}]})
        self.s3.delete_bucket_lifecycle(Bucket=name)
        self.assert_error("NoSuchLifecycleConfiguration", self.s3.get_bucket_lifecycle_configuration, Bucket=name)

    def test_a_website(self):
        name = self.bucket()
        self.s3.delete_public_access_block(Bucket=name)
        self.s3.put_bucket_policy(Bucket=name, Policy=policy(name))
        for key, body in (("index.html", b"home"), ("a/index.html", b"a's"), ("oops.html", b"oops"), ("plain", b"plain")):
            self.s3.put_object(Bucket=name, Key=key, Body=body, ContentType="text/html")
        host = {"Host": f"{name}.s3-website-us-east-1.amazonaws.com"}
        status, headers, body = self.server.raw("GET", "/", headers=host)
        self.assertEqual((status, b"NoSuchWebsiteConfiguration" in body), (404, True))
        self.s3.put_bucket_website(Bucket=name, WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "oops.html"},
            "RoutingRules": [{"Condition": {"KeyPrefixEquals": "old/"}, "Redirect": {"ReplaceKeyPrefixWith": "new/"}}]})
        self.assertEqual(self.server.raw("GET", "/", headers=host)[::2], (200, b"home"))
        self.assertEqual(self.server.raw("GET", "/a/", headers=host)[::2], (200, b"a's"))
        self.assertEqual(self.server.raw("GET", "/plain", headers=host)[::2], (200, b"plain"))
        status, headers, _ = self.server.raw("GET", "/a", headers=host)
        self.assertEqual((status, headers["location"]), (302, "/a/"))
        self.assertEqual(self.server.raw("GET", "/old/x", headers=host)[1]["location"], f"http://{host['Host']}/new/x")
        self.s3.put_bucket_policy(Bucket=name, Policy=policy(name, actions=("s3:GetObject", "s3:ListBucket")))
        self.assertEqual(self.server.raw("GET", "/none", headers=host)[::2], (404, b"oops"))
        self.assertEqual(self.server.raw("POST", "/", headers=host)[0], 405)
        self.s3.delete_bucket_website(Bucket=name)
        self.assert_error("NoSuchWebsiteConfiguration", self.s3.get_bucket_website, Bucket=name)

    def test_object_lock(self):
        name = self.bucket() + "-locked"
        self.s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        self.assertEqual(self.s3.get_bucket_versioning(Bucket=name)["Status"], "Enabled")
        self.assert_error("InvalidBucketState", self.s3.put_bucket_versioning, Bucket=name,
                          VersioningConfiguration={"Status": "Suspended"}, status=409)
        self.s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}})
        version = self.s3.put_object(Bucket=name, Key="k", Body=b"x")["VersionId"]
        self.assertEqual(self.s3.head_object(Bucket=name, Key="k")["ObjectLockMode"], "GOVERNANCE")
        self.assertEqual(self.s3.get_object_retention(Bucket=name, Key="k")["Retention"]["Mode"], "GOVERNANCE")
        self.assert_error("AccessDenied", self.s3.delete_object, Bucket=name, Key="k", VersionId=version, status=403)
        errors = self.s3.delete_objects(Bucket=name, Delete={"Objects": [{"Key": "k", "VersionId": version}]})["Errors"]
        self.assertEqual(errors[0]["Code"], "AccessDenied")
        self.s3.put_object_legal_hold(Bucket=name, Key="k", LegalHold={"Status": "ON"})
        self.assert_error("AccessDenied", self.s3.delete_object, Bucket=name, Key="k", VersionId=version,
                          BypassGovernanceRetention=True)
        self.s3.put_object_legal_hold(Bucket=name, Key="k", LegalHold={"Status": "OFF"})
        self.s3.delete_object(Bucket=name, Key="k", VersionId=version, BypassGovernanceRetention=True)
        self.assert_error("InvalidRequest", self.s3.put_object, Bucket=self.bucket(), Key="k", Body=b"x",
                          ObjectLockLegalHoldStatus="ON")


class Objects(S3Test):
    def setUp(self):
        self.name = self.bucket()

    def put(self, key="k", body=b"hello", **kwargs):
        return self.s3.put_object(Bucket=self.name, Key=key, Body=body, **kwargs)

    def get(self, key="k", **kwargs):
        return self.s3.get_object(Bucket=self.name, Key=key, **kwargs)

    def test_bytes_headers_and_metadata_come_back(self):
        for size in (0, 1, 16384, 16385, 300000, 3 << 20):
            body = os.urandom(size)
            put = self.put(body=body, ContentType="text/x", CacheControl="max-age=1", Metadata={"Colour": "blue"},
                           ContentEncoding="gzip", ContentDisposition="inline", ContentLanguage="en")
            self.assertEqual(put["ETag"], '"%s"' % hashlib.md5(body).hexdigest())
            got = self.get()
            self.assertEqual(got["Body"].read(), body)
            self.assertEqual((got["ContentType"], got["CacheControl"], got["ContentEncoding"]),
                             ("text/x", "max-age=1", "gzip"))
            self.assertEqual(got["Metadata"], {"colour": "blue"})
            head = self.s3.head_object(Bucket=self.name, Key="k")
            self.assertEqual(head["ContentLength"], size)
            self.assertEqual(head["ETag"], put["ETag"])
            self.assertEqual(head["AcceptRanges"], "bytes")

    def test_keys_of_every_kind(self):
        for key in ("a b+c", "ümläut/→", "a//b", "../x", "./y", "%41", "q?x=1&y", "trailing/", "=;:@!$'()*,~"):
            self.put(key=key, body=key.encode())
            self.assertEqual(self.get(key=key)["Body"].read(), key.encode(), key)
        self.assertEqual(len(self.s3.list_objects_v2(Bucket=self.name)["Contents"]), 9)
        self.assert_error("KeyTooLongError", self.put, key="k" * 1025)

    def test_missing_things(self):
        error = self.assert_error("NoSuchKey", self.get, key="absent", status=404)
        self.assertEqual(error["Error"]["Key"], "absent")
        self.assertTrue(error["ResponseMetadata"]["RequestId"] and error["ResponseMetadata"]["HostId"])
        self.assert_error("404", self.s3.head_object, Bucket=self.name, Key="absent")
        self.assertEqual(self.s3.delete_object(Bucket=self.name, Key="absent")["ResponseMetadata"]["HTTPStatusCode"], 204)

    def test_ranges(self):
        for body in (os.urandom(5000), os.urandom(700000)):
            self.put(body=body)
            size = len(body)
            for spec, expected in (("bytes=0-9", body[:10]), ("bytes=100-", body[100:]), ("bytes=-7", body[-7:]),
                                   (f"bytes={size - 1}-{size + 50}", body[-1:]), ("bytes=-99999999", body)):
                got = self.get(Range=spec)
                self.assertEqual(got["ResponseMetadata"]["HTTPStatusCode"], 206)
                self.assertEqual(got["Body"].read(), expected, spec)
            self.assertEqual(self.get(Range="bytes=5-9")["ContentRange"], f"bytes 5-9/{size}")
            self.assert_error("InvalidRange", self.get, Range=f"bytes={size}-", status=416)
            for ignored in ("bytes=9-5", "lines=1-2", "bytes=a-b", "bytes=0-1,3-4"):
                self.assertEqual(self.get(Range=ignored)["ResponseMetadata"]["HTTPStatusCode"], 200, ignored)

    def test_conditional_reads(self):
        etag = self.put()["ETag"]
        when = self.get()["LastModified"]
        self.assertEqual(self.get(IfMatch=etag)["Body"].read(), b"hello")
        self.assert_error("PreconditionFailed", self.get, IfMatch='"0"', status=412)
        self.assert_error("304", self.get, IfNoneMatch=etag, status=304)
        self.assert_error("304", self.get, IfModifiedSince=when)
        self.assertEqual(self.get(IfUnmodifiedSince=when)["Body"].read(), b"hello")
        self.assert_error("PreconditionFailed", self.get, IfUnmodifiedSince="2001-01-01T00:00:00Z")
        self.assertEqual(self.get(IfMatch=etag, IfUnmodifiedSince="2001-01-01T00:00:00Z")["Body"].read(), b"hello")

    def test_response_overrides(self):
        self.put()
        got = self.get(ResponseContentType="a/b", ResponseCacheControl="no-store", ResponseContentDisposition="attachment")
        self.assertEqual((got["ContentType"], got["CacheControl"], got["ContentDisposition"]),
                         ("a/b", "no-store", "attachment"))

    def conditional_put(self, body, **headers):
        def add(request, **_):
            for name, value in headers.items():
                request.headers[name.replace("_", "-")] = value
        client = self.server.client()
        client.meta.events.register("before-sign.s3.PutObject", add)
        return client.put_object(Bucket=self.name, Key="k", Body=body)

    def test_conditional_writes(self):
        etag = self.conditional_put(b"first", If_None_Match="*")["ETag"]
        self.assert_error("PreconditionFailed", self.conditional_put, b"x" * 50000, If_None_Match="*", status=412)
        self.assertEqual(self.get()["Body"].read(), b"first")
        self.conditional_put(b"second", If_Match=etag)
        self.assert_error("PreconditionFailed", self.conditional_put, b"third", If_Match=etag, status=412)
        self.s3.delete_object(Bucket=self.name, Key="k")
        self.assert_error("NoSuchKey", self.conditional_put, b"fourth", If_Match=etag, status=404)

    def test_bodies_are_checked(self):
        md5 = base64.b64encode(hashlib.md5(b"hello").digest()).decode()
        self.put(ContentMD5=md5)
        self.assert_error("BadDigest", self.put, body=b"jello", ContentMD5=md5, status=400)
        self.assert_error("InvalidDigest", self.put, ContentMD5="bm90IGFuIG1kNQ==", status=400)
        crc = base64.b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()
        self.assertEqual(self.put(ChecksumCRC32=crc)["ChecksumCRC32"], crc)
        self.assertEqual(self.get(ChecksumMode="ENABLED")["ChecksumCRC32"], crc)
        self.assert_error("BadDigest", self.put, body=b"jello", ChecksumCRC32=crc)
        sha = base64.b64encode(hashlib.sha256(b"x" * 99999).digest()).decode()
        self.assertEqual(self.put(body=b"x" * 99999, ChecksumAlgorithm="SHA256")["ChecksumSHA256"], sha)

    def test_copies(self):
        self.put(key="source", body=b"s" * 100000, Metadata={"a": "1"}, ContentType="t/1", Tagging="x=y")
        copied = self.s3.copy_object(Bucket=self.name, Key="copy", CopySource={"Bucket": self.name, "Key": "source"})
        self.assertEqual(copied["CopyObjectResult"]["ETag"], self.get(key="source")["ETag"])
        self.s3.delete_object(Bucket=self.name, Key="source")
        got = self.get(key="copy")
        self.assertEqual((got["Body"].read(), got["Metadata"], got["ContentType"], got["TagCount"]),
                         (b"s" * 100000, {"a": "1"}, "t/1", 1))
        self.s3.copy_object(Bucket=self.name, Key="copy", CopySource=f"{self.name}/copy", MetadataDirective="REPLACE",
                            Metadata={"b": "2"}, ContentType="t/2")
        self.assertEqual(self.get(key="copy")["Metadata"], {"b": "2"})
        self.assert_error("InvalidRequest", self.s3.copy_object, Bucket=self.name, Key="copy",
                          CopySource=f"{self.name}/copy")
        self.assert_error("NoSuchKey", self.s3.copy_object, Bucket=self.name, Key="x", CopySource=f"{self.name}/none")
        self.assert_error("PreconditionFailed", self.s3.copy_object, Bucket=self.name, Key="x",
                          CopySource=f"{self.name}/copy", CopySourceIfMatch='"0"')

    def test_listing(self):
        keys = [f"{d}/{i:03}" for d in "abc" for i in range(20)] + ["top", "übrig & <x>"]
        for key in keys:
            self.put(key=key, body=b"")
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, PaginationConfig={"PageSize": 7})
        self.assertEqual([o["Key"] for page in pages for o in page["Contents"]], sorted(keys, key=str.encode))
        page = self.s3.list_objects_v2(Bucket=self.name, Delimiter="/")
        self.assertEqual([p["Prefix"] for p in page["CommonPrefixes"]], ["a/", "b/", "c/"])
        self.assertEqual([o["Key"] for o in page["Contents"]], ["top", "übrig & <x>"])
        self.assertEqual(page["KeyCount"], 5)
        page = self.s3.list_objects_v2(Bucket=self.name, Prefix="b/", StartAfter="b/017")
        self.assertEqual([o["Key"] for o in page["Contents"]], ["b/018", "b/019"])
        old = self.s3.get_paginator("list_objects").paginate(Bucket=self.name, Delimiter="/", PaginationConfig={"PageSize": 2})
        found = [p["Prefix"] for page in old for p in page.get("CommonPrefixes", [])]
        self.assertEqual(found, ["a/", "b/", "c/"])
        self.assert_error("InvalidArgument", self.s3.list_objects_v2, Bucket=self.name, ContinuationToken="rubbish")
        self.assertEqual(self.s3.list_objects_v2(Bucket=self.name, MaxKeys=0)["KeyCount"], 0)

    def test_many_deletes_in_one_request(self):
        for i in range(30):
            self.put(key=f"k{i}", body=b"x")
        answer = self.s3.delete_objects(Bucket=self.name, Delete={"Objects": [{"Key": f"k{i}"} for i in range(30)]})
        self.assertEqual(len(answer["Deleted"]), 30)
        self.assertNotIn("Contents", self.s3.list_objects_v2(Bucket=self.name))

    def test_object_tags(self):
        self.put(Tagging="a=1&b=%26")
        self.assertEqual(self.s3.get_object_tagging(Bucket=self.name, Key="k")["TagSet"],
                         [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "&"}])
        self.s3.put_object_tagging(Bucket=self.name, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": "3"}]})
        self.assertEqual(self.get()["TagCount"], 1)
        self.s3.delete_object_tagging(Bucket=self.name, Key="k")
        self.assertEqual(self.s3.get_object_tagging(Bucket=self.name, Key="k")["TagSet"], [])


class Multipart(S3Test):
    def setUp(self):
        self.name = self.bucket()

    def start(self, **kwargs):
        return self.s3.create_multipart_upload(Bucket=self.name, Key="k", **kwargs)["UploadId"]

    def part(self, upload, number, body, **kwargs):
        answer = self.s3.upload_part(Bucket=self.name, Key="k", UploadId=upload, PartNumber=number, Body=body, **kwargs)
        return {"PartNumber": number, "ETag": answer["ETag"]}

    def complete(self, upload, parts):
        return self.s3.complete_multipart_upload(Bucket=self.name, Key="k", UploadId=upload,
                                                 MultipartUpload={"Parts": parts})

    def test_parts_become_one_object(self):
        bodies = [os.urandom(5 << 20), os.urandom(5 << 20), b"the end"]
        upload = self.start(ContentType="x/y", Metadata={"m": "n"})
        parts = [self.part(upload, i + 1, body) for i, body in enumerate(bodies)]
        listed = self.s3.list_parts(Bucket=self.name, Key="k", UploadId=upload, MaxParts=2)
        self.assertEqual([p["Size"] for p in listed["Parts"]], [5 << 20, 5 << 20])
        self.assertTrue(listed["IsTruncated"] and listed["NextPartNumberMarker"] == 2)
        uploads = self.s3.list_multipart_uploads(Bucket=self.name)["Uploads"]
        self.assertEqual([u["UploadId"] for u in uploads], [upload])
        done = self.complete(upload, parts)
        md5s = b"".join(hashlib.md5(body).digest() for body in bodies)
        self.assertEqual(done["ETag"], '"%s-3"' % hashlib.md5(md5s).hexdigest())
        self.assertEqual(self.complete(upload, parts)["ETag"], done["ETag"], "asked again, the same answer")
        got = self.s3.get_object(Bucket=self.name, Key="k")
        self.assertEqual((got["Body"].read(), got["ContentType"], got["Metadata"]), (b"".join(bodies), "x/y", {"m": "n"}))
        ranged = self.s3.get_object(Bucket=self.name, Key="k", Range=f"bytes={(5 << 20) - 5}-{(5 << 20) + 4}")
        self.assertEqual(ranged["Body"].read(), bodies[0][-5:] + bodies[1][:5])
        second = self.s3.get_object(Bucket=self.name, Key="k", PartNumber=3)
        self.assertEqual((second["Body"].read(), second["PartsCount"]), (b"the end", 3))
        copied = self.s3.copy_object(Bucket=self.name, Key="copy", CopySource=f"{self.name}/k")
        self.assertEqual(copied["CopyObjectResult"]["ETag"], '"%s"' % hashlib.md5(b"".join(bodies)).hexdigest())

    def test_refusals(self):
        upload = self.start()
        small = [self.part(upload, 1, b"a"), self.part(upload, 2, b"b")]
        self.assert_error("EntityTooSmall", self.complete, upload, small)
        self.assert_error("InvalidPartOrder", self.complete, upload, small[::-1])
        self.assert_error("InvalidPart", self.complete, upload, [{"PartNumber": 1, "ETag": '"0"'}])
        self.assert_error("InvalidPart", self.complete, upload, [{"PartNumber": 9, "ETag": small[0]["ETag"]}])
        self.assert_error("MalformedXML", self.complete, upload, [])
        self.assert_error("InvalidArgument", self.part, upload, 10001, b"x")
        self.s3.abort_multipart_upload(Bucket=self.name, Key="k", UploadId=upload)
        self.assert_error("NoSuchUpload", self.part, upload, 1, b"a", status=404)
        self.assert_error("NoSuchUpload", self.complete, upload, small[:1])
        self.assert_error("NoSuchUpload", self.s3.list_parts, Bucket=self.name, Key="k", UploadId=upload)

    def test_parts_from_copies(self):
        body = os.urandom(6 << 20)
        self.s3.put_object(Bucket=self.name, Key="source", Body=body)
        upload = self.start()
        copy = self.s3.upload_part_copy(Bucket=self.name, Key="k", UploadId=upload, PartNumber=1,
                                        CopySource=f"{self.name}/source", CopySourceRange=f"bytes=1-{(5 << 20)}")
        self.assertEqual(copy["CopyPartResult"]["ETag"], '"%s"' % hashlib.md5(body[1:(5 << 20) + 1]).hexdigest())
        parts = [{"PartNumber": 1, "ETag": copy["CopyPartResult"]["ETag"]}, self.part(upload, 2, b"tail")]
        self.complete(upload, parts)
        self.s3.delete_object(Bucket=self.name, Key="source")
        self.assertEqual(self.s3.get_object(Bucket=self.name, Key="k")["Body"].read(), body[1:(5 << 20) + 1] + b"tail")

    def test_checksums_of_parts(self):
        upload = self.start(ChecksumAlgorithm="CRC32")
        bodies, parts = [os.urandom(5 << 20), b"z"], []
        for number, body in enumerate(bodies, 1):
            answer = self.s3.upload_part(Bucket=self.name, Key="k", UploadId=upload, PartNumber=number, Body=body,
                                         ChecksumAlgorithm="CRC32")
            parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]})
        done = self.complete(upload, parts)
        crcs = b"".join(zlib.crc32(body).to_bytes(4, "big") for body in bodies)
        expected = base64.b64encode(zlib.crc32(crcs).to_bytes(4, "big")).decode() + "-2"
        self.assertEqual(done["ChecksumCRC32"], expected)

    def test_the_transfer_manager(self):
        body = os.urandom(20 << 20)
        self.s3.upload_fileobj(io.BytesIO(body), self.name, "big")
        out = io.BytesIO()
        self.s3.download_fileobj(self.name, "big", out)
        self.assertEqual(out.getvalue(), body)


class Versions(S3Test):
    def test_versions_and_markers(self):
        name = self.bucket()
        self.s3.put_object(Bucket=name, Key="k", Body=b"zero")
        self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        self.assertEqual(self.s3.get_bucket_versioning(Bucket=name)["Status"], "Enabled")
        one = self.s3.put_object(Bucket=name, Key="k", Body=b"one")["VersionId"]
        two = self.s3.put_object(Bucket=name, Key="k", Body=b"two")["VersionId"]
        read = lambda **kw: self.s3.get_object(Bucket=name, Key="k", **kw)["Body"].read()
        self.assertEqual((read(), read(VersionId=one), read(VersionId="null")), (b"two", b"one", b"zero"))
        gone = self.s3.delete_object(Bucket=name, Key="k")
        self.assertTrue(gone["DeleteMarker"])
        error = self.assert_error("NoSuchKey", self.s3.get_object, Bucket=name, Key="k")
        self.assertEqual(error["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"], "true")
        self.assert_error("MethodNotAllowed", self.s3.get_object, Bucket=name, Key="k", VersionId=gone["VersionId"])
        listed = self.s3.list_object_versions(Bucket=name)
        self.assertEqual([v["VersionId"] for v in listed["Versions"]], [two, one, "null"])
        self.assertEqual([m["IsLatest"] for m in listed["DeleteMarkers"]], [True])
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=name, PaginationConfig={"PageSize": 1})
        self.assertEqual([v["VersionId"] for p in pages for v in p.get("Versions", [])], [two, one, "null"])
        self.s3.delete_object(Bucket=name, Key="k", VersionId=gone["VersionId"])
        self.assertEqual(read(), b"two")
        self.s3.delete_object(Bucket=name, Key="k", VersionId=two)
        self.assertEqual(read(), b"one")
        self.assert_error("NoSuchVersion", self.s3.get_object, Bucket=name, Key="k", VersionId=two, status=404)


class Access(S3Test):
    def setUp(self):
        self.name = self.bucket()
        self.s3.put_object(Bucket=self.name, Key="dir/k", Body=b"secret")

    def open_to_public_policies(self):
        self.s3.delete_public_access_block(Bucket=self.name)

    def test_a_wrong_secret_and_an_unknown_key_are_refused(self):
        self.assert_error("SignatureDoesNotMatch", self.server.client(secret="wrong").list_buckets, status=403)
        self.assert_error("InvalidAccessKeyId", self.server.client(key="AKIANOBODY").list_buckets, status=403)

    def test_anonymous_sees_nothing_by_default(self):
        status, headers, body = self.server.raw("GET", f"/{self.name}/dir/k")
        self.assertEqual(status, 403)
        self.assertIn(b"<Code>AccessDenied</Code>", body)
        self.assertTrue(headers["x-amz-request-id"] and headers["x-amz-id-2"])
        self.assertEqual(self.server.raw("GET", f"/{self.name}")[0], 403)
        self.assertEqual(self.server.raw("PUT", f"/{self.name}/dir/k", b"x")[0], 403)

    def test_a_public_policy_is_blocked_and_then_works(self):
        self.assert_error("AccessDenied", self.s3.put_bucket_policy, Bucket=self.name, Policy=policy(self.name))
        self.open_to_public_policies()
        self.s3.put_bucket_policy(Bucket=self.name, Policy=policy(self.name))
        self.assertEqual(json.loads(self.s3.get_bucket_policy(Bucket=self.name)["Policy"]), json.loads(policy(self.name)))
        self.assertTrue(self.s3.get_bucket_policy_status(Bucket=self.name)["PolicyStatus"]["IsPublic"])
        self.assertEqual(self.server.raw("GET", f"/{self.name}/dir/k")[::2], (200, b"secret"))
        self.assertEqual(self.server.raw("GET", f"/{self.name}/absent")[0], 403, "absence does not leak")
        self.assertEqual(self.server.raw("PUT", f"/{self.name}/dir/k", b"x")[0], 403)
        self.s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
        self.assertEqual(self.server.raw("GET", f"/{self.name}/dir/k")[0], 403)
        self.s3.delete_bucket_policy(Bucket=self.name)
        self.assert_error("NoSuchBucketPolicy", self.s3.get_bucket_policy, Bucket=self.name)

    def test_bad_policies_are_refused(self):
        for bad in ("{", "[]", policy("another"), policy(self.name, actions=("ec2:RunInstances",)),
                    policy(self.name, effect="Perhaps")):
            self.assert_error("MalformedPolicy", self.s3.put_bucket_policy, Bucket=self.name, Policy=bad, status=400)

    def test_an_identity_policy_allows_its_bucket_alone(self):
        reader = self.server.client("AKIAREADER", "reader-secret")
        try:
            self.s3.create_bucket(Bucket="allowed")
            self.s3.put_object(Bucket="allowed", Key="k", Body=b"yes")
            self.assertEqual(reader.get_object(Bucket="allowed", Key="k")["Body"].read(), b"yes")
            self.assert_error("NoSuchKey", reader.get_object, Bucket="allowed", Key="none")
            denied = self.assert_error("AccessDenied", reader.get_object, Bucket=self.name, Key="dir/k", status=403)
            self.assertIn("s3:GetObject", denied["Error"]["Message"])
            self.assert_error("AccessDenied", reader.put_object, Bucket="allowed", Key="k", Body=b"no")
            self.assert_error("AccessDenied", reader.list_buckets)
            batch = reader.delete_objects(Bucket="allowed", Delete={"Objects": [{"Key": "k"}]})
            self.assertEqual(batch["Errors"][0]["Code"], "AccessDenied")
            self.s3.put_bucket_policy(Bucket="allowed", Policy=policy(
                "allowed", {"AWS": "arn:aws:iam::123456789012:user/reader"}, effect="Deny"))
            self.assert_error("AccessDenied", reader.get_object, Bucket="allowed", Key="k")
        finally:
            self.s3.delete_object(Bucket="allowed", Key="k")
            self.s3.delete_bucket(Bucket="allowed")

    def test_conditions_on_the_listing(self):
        self.s3.put_bucket_policy(Bucket=self.name, Policy=policy(
            self.name, {"AWS": "arn:aws:iam::123456789012:user/reader"}, ("s3:ListBucket",),
            condition={"StringLike": {"s3:prefix": "dir/*"}}))
        reader = self.server.client("AKIAREADER", "reader-secret")
        self.assertEqual(reader.list_objects_v2(Bucket=self.name, Prefix="dir/")["KeyCount"], 1)
        self.assert_error("AccessDenied", reader.list_objects_v2, Bucket=self.name)

    def test_presigned_urls(self):
        for version in ("s3v4", "s3"):
            client = self.server.client(signature_version=version)
            url = client.generate_presigned_url("get_object", Params={"Bucket": self.name, "Key": "dir/k"}, ExpiresIn=60)
            path = url[url.index("/", 8):]
            self.assertEqual(self.server.raw("GET", path)[::2], (200, b"secret"), version)
            self.assertEqual(self.server.raw("PUT", path, b"x")[0], 403)
            tampered = path.replace("dir/k", "dir/l")
            self.assertEqual(self.server.raw("GET", tampered)[0], 403)
        url = self.s3.generate_presigned_url("put_object", Params={"Bucket": self.name, "Key": "up"}, ExpiresIn=60)
        self.assertEqual(self.server.raw("PUT", url[url.index("/", 8):], b"loaded")[0], 200)
        self.assertEqual(self.s3.get_object(Bucket=self.name, Key="up")["Body"].read(), b"loaded")

    def test_an_expired_presigned_url_is_refused(self):
        url = self.s3.generate_presigned_url("get_object", Params={"Bucket": self.name, "Key": "dir/k"}, ExpiresIn=60)
        path = re.sub(r"X-Amz-Date=\d+T", "X-Amz-Date=20200101T", url[url.index("/", 8):])
        path = re.sub(r"%2F\d{8}%2F", "%2F20200101%2F", path)
        status, _, body = self.server.raw("GET", path)
        self.assertEqual(status, 403)
        self.assertRegex(body, b"expired|AccessDenied|SignatureDoesNotMatch")

    def test_virtual_hosted_names(self):
        self.open_to_public_policies()
        self.s3.put_bucket_policy(Bucket=self.name, Policy=policy(self.name))
        for host in (f"{self.name}.s3.us-east-1.amazonaws.com", f"{self.name}.s3.amazonaws.com",
                     f"{self.name}.localhost:4566", f"{self.name}.s3.localhost:4566"):
            self.assertEqual(self.server.raw("GET", "/dir/k", headers={"Host": host})[::2], (200, b"secret"), host)
        status, _, body = self.server.raw("GET", f"/{self.name}/dir/k", headers={"Host": "s3.us-east-1.amazonaws.com"})
        self.assertEqual((status, body), (200, b"secret"))

    def test_cors(self):
        self.s3.put_bucket_cors(Bucket=self.name, CORSConfiguration={"CORSRules": [
            {"AllowedOrigins": ["https://*.example.com"], "AllowedMethods": ["PUT", "GET"], "AllowedHeaders": ["x-*"],
             "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 99}]})
        self.assertEqual(self.s3.get_bucket_cors(Bucket=self.name)["CORSRules"][0]["MaxAgeSeconds"], 99)
        ask = {"Origin": "https://a.example.com", "Access-Control-Request-Method": "PUT",
               "Access-Control-Request-Headers": "X-One, x-two"}
        status, headers, _ = self.server.raw("OPTIONS", f"/{self.name}/k", headers=ask)
        self.assertEqual((status, headers["access-control-allow-origin"], headers["access-control-max-age"]),
                         (200, "https://a.example.com", "99"))
        self.assertEqual(headers["access-control-allow-headers"], "x-one, x-two")
        for change in ({"Origin": "https://evil.com"}, {"Access-Control-Request-Method": "DELETE"},
                       {"Access-Control-Request-Headers": "authorization"}):
            self.assertEqual(self.server.raw("OPTIONS", f"/{self.name}/k", headers={**ask, **change})[0], 403)
        _, headers, _ = self.server.raw("GET", f"/{self.name}/k", headers={"Origin": "https://a.example.com"})
        self.assertEqual(headers["access-control-expose-headers"], "ETag")
        self.s3.delete_bucket_cors(Bucket=self.name)
        self.assert_error("NoSuchCORSConfiguration", self.s3.get_bucket_cors, Bucket=self.name)

    def trusted(self, method, path, principal, body=b""):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.directory + "/trusted.sock")
        head = (f"{method} {path} HTTP/1.1\r\nHost: s3.us-east-1.amazonaws.com\r\nContent-Length: {len(body)}\r\n"
                f"Connection: close\r\nx-landfall-principal: {json.dumps(principal)}\r\n\r\n")
        connection.sendall(head.encode() + body)
        answer = b""
        while data := connection.recv(65536):
            answer += data
        connection.close()
        return int(answer.split()[1])

    def test_a_principal_header_counts_on_the_trusted_socket_alone(self):
        service = {"service": "elasticbeanstalk.amazonaws.com"}
        self.assertEqual(self.trusted("PUT", "/made-by-service", service), 200)
        self.assertEqual(self.trusted("DELETE", "/made-by-service", service), 204)
        tags = b"<Tagging><TagSet><Tag><Key>aws:cloudformation:stack-name</Key><Value>s</Value></Tag></TagSet></Tagging>"
        self.assertEqual(self.trusted("PUT", f"/{self.name}?tagging", service, tags), 204)
        self.assertEqual(self.s3.get_bucket_tagging(Bucket=self.name)["TagSet"][0]["Value"], "s")
        self.assert_error("InvalidTag", self.s3.put_bucket_tagging, Bucket=self.name,
                          Tagging={"TagSet": [{"Key": "aws:x", "Value": "y"}]})
        reader = {"kind": 1, "arn": "arn:aws:iam::123456789012:user/reader", "user_id": "AIDAREADER"}
        self.assertEqual(self.trusted("GET", f"/{self.name}/dir/k", reader), 403)
        self.assertEqual(self.trusted("GET", f"/{self.name}/dir/k", {}), 400)
        status, _, _ = self.server.raw("GET", f"/{self.name}/dir/k", headers={"x-landfall-principal": json.dumps(service)})
        self.assertEqual(status, 403)


class Wire(S3Test):
    """What SDKs newer than Debian's send, and what no SDK sends."""

    def test_chunked_uploads_with_a_trailer(self):
        name = self.bucket()
        self.s3.delete_public_access_block(Bucket=name)
        self.s3.put_bucket_policy(Bucket=name, Policy=policy(name, actions=("s3:PutObject",)))
        crc = base64.b64encode(zlib.crc32(b"hello world").to_bytes(4, "big")).decode()
        body = f"5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:{crc}\r\n\r\n".encode()
        headers = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-decoded-content-length": "11",
                   "x-amz-trailer": "x-amz-checksum-crc32", "Content-Encoding": "aws-chunked"}
        status, answer, data = self.server.raw("PUT", f"/{name}/k", body, headers)
        self.assertEqual((status, answer.get("x-amz-checksum-crc32")), (200, crc), data)
        got = self.s3.get_object(Bucket=name, Key="k")
        self.assertEqual(got["Body"].read(), b"hello world")
        self.assertNotIn("ContentEncoding", got)
        for broken in (body.replace(b"hello", b"jello"), body[:-4], body.replace(b"5\r\n", b"4\r\n")):
            self.assertEqual(self.server.raw("PUT", f"/{name}/k", broken, headers)[0], 400)
        self.assertEqual(self.s3.get_object(Bucket=name, Key="k")["Body"].read(), b"hello world")

    def test_a_body_other_than_the_signed_hash_is_refused(self):
        name = self.bucket()
        url = self.s3.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "k"})
        self.assertTrue(url)
        request = {}

        def swap(request, **_):
            request.body = b"tampered!"

        client = self.server.client(s3={"payload_signing_enabled": True})
        client.meta.events.register("before-send.s3.PutObject", swap)
        self.assert_error("XAmzContentSHA256Mismatch", client.put_object, Bucket=name, Key="k", Body=b"original!")

    def test_expect_100_continue(self):
        name = self.bucket()
        connection = socket.create_connection(("127.0.0.1", self.server.port))
        connection.sendall(f"PUT /{name}/k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n".encode())
        self.assertIn(b" 403 ", connection.recv(65536), "refused before the body was sent")
        connection.close()

    def test_garbage(self):
        name = self.bucket()
        for method, path in (("GET", "/%zz"), ("GET", f"/{name}/%00"), ("POST", f"/{name}"), ("PATCH", "/"),
                             ("PUT", "/"), ("DELETE", "/"), ("GET", f"/{name}?list-type=2&max-keys=x")):
            status, _, _ = self.server.raw(method, path)
            self.assertIn(status, (400, 403, 405, 501), (method, path))
        for body in (b"<Delete>", b"", b"<a/>", b"<!DOCTYPE x [<!ENTITY e 'x'>]><Delete/>", b"<" * 10000, b"\xff\xfe"):
            def send(request, body=body, **_):
                request.data = body
            client = self.server.client()
            client.meta.events.register("before-sign.s3.DeleteObjects", send)
            with self.assertRaises(ClientError) as caught:
                client.delete_objects(Bucket=name, Delete={"Objects": [{"Key": "k"}]})
            self.assertIn(caught.exception.response["Error"]["Code"], ("MalformedXML", "BadDigest", "MissingRequestBodyError"))


class Durability(unittest.TestCase):
    def test_what_was_answered_survives_kill_9(self):
        directory = tempfile.mkdtemp(prefix="landfall-s3-test-")
        server = Server(directory)
        s3 = server.client()
        s3.create_bucket(Bucket="bucket")
        for i in range(20):
            s3.put_object(Bucket="bucket", Key=f"k{i}", Body=bytes([i]) * (20000 if i % 2 else 100))
        upload = s3.create_multipart_upload(Bucket="bucket", Key="m")["UploadId"]
        part = s3.upload_part(Bucket="bucket", Key="m", UploadId=upload, PartNumber=1, Body=b"p" * 100000)
        server.kill()
        server.start()
        s3 = server.client()
        for i in range(20):
            self.assertEqual(s3.get_object(Bucket="bucket", Key=f"k{i}")["Body"].read(), bytes([i]) * (20000 if i % 2 else 100))
        s3.complete_multipart_upload(Bucket="bucket", Key="m", UploadId=upload,
                                     MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
        self.assertEqual(s3.get_object(Bucket="bucket", Key="m")["Body"].read(), b"p" * 100000)
        server.stop()
        shutil.rmtree(directory)


class CommandLine(S3Test):
    def test_the_aws_cli(self):
        environment = {"PATH": os.environ["PATH"], "HOME": self.directory, "AWS_ACCESS_KEY_ID": "AKIAROOT",
                       "AWS_SECRET_ACCESS_KEY": "root-secret", "AWS_DEFAULT_REGION": "us-east-1"}

        def aws(*arguments, stdin=None):
            return subprocess.run(["/usr/bin/aws", "--endpoint-url", f"http://127.0.0.1:{self.server.port}", *arguments],
                                  env=environment, input=stdin, stdout=subprocess.PIPE, check=True).stdout

        aws("s3", "mb", "s3://cli-bucket")
        aws("s3", "cp", "-", "s3://cli-bucket/a/file", stdin=b"contents" * 3000000)
        self.assertEqual(aws("s3", "cp", "s3://cli-bucket/a/file", "-"), b"contents" * 3000000)
        self.assertIn(b"PRE a/", aws("s3", "ls", "s3://cli-bucket"))
        aws("s3", "rb", "--force", "s3://cli-bucket")


if __name__ == "__main__":
    SERVER = sys.argv.pop(1)
    unittest.main(verbosity=1, warnings="ignore")
