"""CloudFormation's templates in S3: as `aws cloudformation deploy --s3-bucket` sends them, and what goes wrong with one."""

import json
import uuid

from landfall import check, equal, until
from test_b_denied import error_code
from test_d_cloudformation import TEMPLATE, delete, physical, small, wait_for


def test_a_template_is_deployed_by_way_of_a_bucket(lf):
    s3, cloudformation, name = lf.boto("s3"), lf.boto("cloudformation"), "by-url-" + uuid.uuid4().hex[:6]
    bucket = "templates-" + name
    s3.create_bucket(Bucket=bucket)
    body = {"Resources": {"Made": small("AWS::SSM::Parameter", {"Type": "String", "Value": {"Ref": "Value"}})},
            "Parameters": {"Value": {"Type": "String", "Default": "x"}}, "Metadata": {"Filler": ["x" * 1000] * 60}}  # too long for a request
    template = TEMPLATE.parent / f"{name}.json"
    try:
        template.write_text(json.dumps(body), encoding="utf-8")
        for value in ("one", "two"):
            done = lf.shell("/usr/bin/aws", "cloudformation", "deploy", "--stack-name", name, "--template-file", str(template), "--s3-bucket", bucket,
                            "--parameter-overrides", f"Value={value}", timeout=120)
            equal(done.returncode, 0, f"aws cloudformation deploy: {done.stdout}{done.stderr}")
            equal(lf.boto("ssm").get_parameter(Name=physical(lf, name).Made)["Parameter"]["Value"], value, "what the template made")

        def refused(url):
            """Why a change set comes to nothing."""
            change_set = cloudformation.create_change_set(StackName=name, ChangeSetName="c" + uuid.uuid4().hex, TemplateURL=url)["Id"]
            return until(lambda: next((d["StatusReason"] for d in [cloudformation.describe_change_set(ChangeSetName=change_set)] if d["Status"] == "FAILED"), None),
                         30, "the change set to fail")

        check("NoSuchKey" in refused(f"https://s3.us-east-1.amazonaws.com/{bucket}/none"), "a key that is not there")
        s3.put_object(Bucket=bucket, Key="bad.json", Body=b'{"Resources": 1}')
        check("S3 error" not in refused(f"https://{bucket}.s3.amazonaws.com/bad.json"), "a template that is none")
        equal(error_code(cloudformation.create_change_set, StackName=name, ChangeSetName="elsewhere", TemplateURL="https://example.com/a/b"), "ValidationError",
              "a URL that is not S3's")
        delete(lf, name)
    finally:
        template.unlink(missing_ok=True)
        for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=entry["Key"])
        s3.delete_bucket(Bucket=bucket)


def test_a_template_in_s3_is_read_with_the_callers_rights(lf):
    """One user who may read the template, and its twin who may not: nothing else differs."""
    s3, iam, name = lf.boto("s3"), lf.boto("iam"), "rights-" + uuid.uuid4().hex[:6]
    bucket = "templates-" + name
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="t.json", Body=json.dumps({"Resources": {"Made": small("AWS::SSM::Parameter", {"Type": "String", "Value": "x"})}}).encode())
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    try:
        for actions, wanted in ((["cloudformation:*"], "FAILED"), (["cloudformation:*", "s3:GetObject"], "CREATE_COMPLETE")):
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}))
            theirs = lf.boto("cloudformation", key["AccessKeyId"], key["SecretAccessKey"])

            def outcome():
                made = theirs.create_change_set(StackName=name, ChangeSetName="c" + uuid.uuid4().hex, ChangeSetType="CREATE",
                                                TemplateURL=f"https://s3.us-east-1.amazonaws.com/{bucket}/t.json")["Id"]
                shown = until(lambda: next((d for d in [theirs.describe_change_set(ChangeSetName=made)] if d["Status"] != "CREATE_PENDING"), None), 30, "an answer")
                return shown if shown["Status"] == wanted else None

            shown = until(outcome, 30, f"a change set that is {wanted}")
            check(wanted != "FAILED" or "AccessDenied" in shown["StatusReason"], shown)
        lf.boto("cloudformation").delete_stack(StackName=name)
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName=name, PolicyName="own")
        iam.delete_user(UserName=name)
        s3.delete_object(Bucket=bucket, Key="t.json")
        s3.delete_bucket(Bucket=bucket)
