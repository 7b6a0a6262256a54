"""What a Landfall holds, in its store and in the world, to be the same after everything is destroyed as it was before."""

import json
import pathlib
import re
import subprocess

# What stays on AWS too, for a while or for good: table and id, and why.
STAYS = [
    (r"ec2\.(instance|tags)/.*/i-", "a terminated instance is described for an hour"),
    (r"ec2\.client_token/", "idempotency tokens are remembered"),
    (r"(edge_snapshots )?(edge\.IamRole|iam\.role|IamRole)/.*AWSServiceRoleForAutoScaling$", "the role that the first group makes is the account's"),
    (r"autoscaling\.activity/", "activities are described for weeks, of deleted groups too"),
    (r"route53\.change/", "a change is answered by its id after the zone is gone"),
    (r"elasticbeanstalk\.environment/.*/e-", "a terminated environment is described for an hour (its instances are counted apart)"),
    (r"elasticbeanstalk\.event/", "events outlive what they tell of"),
    (r"cloudwatch\.(history|metric|chunk)/", "an alarm's history and a metric's data outlive what they are of"),
    (r"cloudfront\.certificate/", "*.cloudfront.net's certificate is one for all distributions"),
    (r"((host_desired |host\.)Volume/snap-.*|rds\.snapshot/.*-final-\d)$", "final snapshots, with their volumes, are made to outlive their instances"),
]


def inventory(lf):
    """Strings, one a thing."""
    done = subprocess.run([lf.binary, "inspect", lf.data_dir, "--json"], capture_output=True, text=True, check=True)
    held = json.loads(done.stdout)
    found = set()
    for part in ("store", "edge_snapshots", "host_desired"):
        for table, entries in held[part].items():
            found.update(f"{part} {table}/{entry['id']}" for entry in entries)
    for folder in ("host/mnt/netns", "host/workloads"):
        found.update(f"{folder}/{path.name}" for path in pathlib.Path(lf.data_dir, folder).glob("*"))
    found.update("bucket " + bucket["Name"] for bucket in lf.boto("s3").list_buckets()["Buckets"])
    found.update(rules(lf))
    return found


def rules(lf):
    """Chains and sets of every router's nftables: the groups' names are in them."""
    for path in pathlib.Path(lf.data_dir, "host/mnt/netns").glob("vpc-*"):
        done = subprocess.run(["nsenter", f"--net={path}", "nft", "list", "ruleset"], capture_output=True, text=True, check=False)
        for match in re.finditer(r"^\s*(chain|set|map) (\S+) {", done.stdout, re.M):
            yield f"nft {path.name} {match[1]} {match[2]}"


def left(before, after):
    """Of what is new, what may not stay."""
    return sorted(item for item in after - before
                  if not any(re.match(r"(store )?" + pattern, item) for pattern, _ in STAYS))
