"""A Terraform working directory: the generated root, one module a type, and Terraform's commands with what they said."""

import json
import os
import pathlib
import re
import shutil
import subprocess

# The provider's names of the services that Landfall has.
SERVICES = ["acm", "autoscaling", "cloudformation", "cloudfront", "cloudwatch", "ec2", "elasticache", "elasticbeanstalk",
            "elbv2", "iam", "logs", "rds", "route53", "s3", "secretsmanager", "ssm", "sts"]
PLATFORM = "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64"

REQUIREMENT = """terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
"""
# What each type's file may use without declaring it.
MODULE_HEAD = REQUIREMENT + """
# 0, and 1 once the updatable arguments shall change.
variable "step" { type = number }
# A name that no other type's test uses: "tf-vpc" for aws_vpc.
variable "name" { type = string }
# tests/terraform/files
variable "files" { type = string }
"""


class Tools:
    """Where Terraform and its provider are."""

    def __init__(self):
        self.terraform = os.environ.get("LANDFALL_TERRAFORM", "/usr/local/bin/terraform")
        self.plugins = os.environ.get("LANDFALL_TF_PLUGINS", "/opt/tf-plugins")

    def missing(self):
        """What is not there, in words; empty if all is."""
        if not os.access(self.terraform, os.X_OK):
            return f"no Terraform at {self.terraform} (LANDFALL_TERRAFORM says where)"
        if not self.provider().is_dir():
            return f"no AWS provider at {self.provider()} (LANDFALL_TF_PLUGINS says where {PLATFORM.split('/')[0]}/ is)"
        return ""

    def was_named(self):
        return "LANDFALL_TERRAFORM" in os.environ or "LANDFALL_TF_PLUGINS" in os.environ

    def provider(self):
        return pathlib.Path(self.plugins, PLATFORM)


class Outcome:
    """What one command said: errors by type, and planned changes by resource address."""

    def __init__(self, lines):
        self.errors = []  # (type's name or "", text)
        self.changes = {}  # address -> action: create, read, update, replace, delete, import, noop
        for line in lines:
            try:
                message = json.loads(line)
            except ValueError:
                self.errors.append(("", line.strip()))
                continue
            if message.get("type") == "diagnostic" and message["diagnostic"]["severity"] == "error":
                self.errors.append((owner_of(message["diagnostic"]), text_of(message["diagnostic"])))
            elif message.get("type") == "planned_change":
                self.changes[message["change"]["resource"]["addr"]] = message["change"]["action"]


def owner_of(diagnostic):
    """The type whose module the diagnostic is about; "" if it names none."""
    match = re.match(r"module\.(\w+)", diagnostic.get("address", "") or "")
    if not match:
        match = re.match(r"(?:\./)?(\w+)/main\.tf", (diagnostic.get("range") or {}).get("filename", ""))
    if not match:
        match = re.search(r"module\.(\w+)\.", diagnostic["summary"] + diagnostic.get("detail", ""))
    return match[1] if match else ""


def text_of(diagnostic):
    detail = re.sub(r"\s+", " ", diagnostic.get("detail", ""))
    return f"{diagnostic.get('address', '')}: {diagnostic['summary']}: {detail}"


class Workspace:
    def __init__(self, tools, folder, landfall, files, debug=False):
        self.tools, self.folder, self.files, self.debug = tools, pathlib.Path(folder), files, debug
        self.landfall = landfall
        self._shown = None  # the plan in the file, as JSON, once somebody asked
        self.url = f"http://127.0.0.1:{landfall.api_port}"
        self.credentials = landfall.env()
        self.folder.mkdir(parents=True, exist_ok=True)
        # The provider is used where it is, unhashed and uncopied: no `init`.
        (self.folder / "terraformrc").write_text(
            f'provider_installation {{\n  dev_overrides {{ "hashicorp/aws" = "{tools.provider()}" }}\n  direct {{}}\n}}\n')

    def copy(self, name):
        """Another directory with the same state."""
        copied = Workspace(self.tools, self.folder / name, self.landfall, self.files, self.debug)
        shutil.copyfile(self.state_file, copied.state_file)
        return copied

    def write(self, types, step, imports=None):
        """The root module over `types`; `imports` maps resource addresses to ids."""
        for a_type in types:
            module = self.folder / a_type.name
            module.mkdir(exist_ok=True)
            (module / "head.tf").write_text(MODULE_HEAD)
            shutil.copyfile(a_type.path, module / "main.tf")
        endpoints = "".join(f'    {service} = "{self.url}"\n' for service in SERVICES)
        root = REQUIREMENT + f"""
provider "aws" {{
  region                  = "us-east-1"
  access_key              = "{self.credentials['AWS_ACCESS_KEY_ID']}"
  secret_key              = "{self.credentials['AWS_SECRET_ACCESS_KEY']}"
  s3_use_path_style       = true
  skip_metadata_api_check = true
  max_retries             = 2
  endpoints {{
{endpoints}  }}
}}
"""
        for a_type in types:
            name = a_type.name.replace("aws_", "").replace("_", "-")
            root += (f'module "{a_type.name}" {{\n  source = "./{a_type.name}"\n  step = {step}\n  name = "tf-{name}"\n'
                     f'  files = "{self.files}"\n}}\n')
            if a_type.has_import_id:
                root += f'output "{a_type.name}" {{ value = module.{a_type.name}.import_id }}\n'
        for address, import_id in (imports or {}).items():
            root += f"import {{\n  to = {address}\n  id = {json.dumps(import_id)}\n}}\n"
        (self.folder / "main.tf").write_text(root)
        done = self._command("get", "-no-color")
        if done.returncode != 0:
            raise RuntimeError("terraform get: " + done.stderr + done.stdout)

    def apply(self):
        return self._json("apply", "-auto-approve", "-parallelism=20")

    def plan(self):
        """Leaves the plan in the file `plan`."""
        self._shown = None
        return self._json("plan", "-parallelism=20", "-out=plan")

    def destroy(self):
        return self._json("apply", "-destroy", "-auto-approve", "-parallelism=20")

    def differences(self, address):
        """The arguments in which the plan in the file changes a resource."""
        return [f"{argument}: {before} -> {after}" for argument, before, after in self.changed_arguments(address)]

    def changed_arguments(self, address):
        """(argument, before, after) of each; where the plan replaces the resource, only what makes it."""
        for change in self._planned():
            if change["address"] != address:
                continue
            before, after = change["change"]["before"] or {}, change["change"]["after"] or {}
            unknown = change["change"].get("after_unknown") or {}
            changed = [(key, json.dumps(before.get(key)), "(known after apply)" if unknown.get(key) else json.dumps(after.get(key)))
                       for key in sorted({*before, *after, *unknown})
                       if before.get(key) != after.get(key) or unknown.get(key) is True]
            causes = {path[0] for path in change["change"].get("replace_paths", [])}
            return [row for row in changed if row[0] in causes] if causes else changed
        return []

    def _planned(self):
        if self._shown is None:
            done = self._command("show", "-json", "plan")
            self._shown = json.loads(done.stdout)["resource_changes"] if done.returncode == 0 else []
        return self._shown

    # ---- the state, which is JSON ----

    @property
    def state_file(self):
        return self.folder / "terraform.tfstate"

    def import_ids(self, types):
        """Address -> id: the type's output import_id, else the resource's attribute id."""
        state = json.loads(self.state_file.read_text())
        found = {}
        for a_type in types:
            if not a_type.imports:
                continue
            if a_type.has_import_id:
                found[a_type.address(a_type.main)] = state["outputs"][a_type.name]["value"]
                continue
            for resource in state["resources"]:
                if resource.get("module") == a_type.module and f"{resource['type']}.{resource['name']}" == a_type.main:
                    found[a_type.address(a_type.main)] = resource["instances"][0]["attributes"]["id"]
        return found

    def forget(self, addresses):
        """Takes resources out of the state, as if they had never been Terraform's."""
        state = json.loads(self.state_file.read_text())
        state["resources"] = [resource for resource in state["resources"]
                              if f"{resource.get('module')}.{resource['type']}.{resource['name']}" not in addresses]
        state["serial"] += 1
        self.state_file.write_text(json.dumps(state))

    # ---- Terraform ----

    def _command(self, *words):
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TF_"))}
        environment |= {"TF_CLI_CONFIG_FILE": str(self.folder / "terraformrc"), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1",
                        "TF_INPUT": "0"}
        if self.debug:
            environment |= {"TF_LOG_PROVIDER": "DEBUG", "TF_LOG_PATH": str(self.folder / "debug.log")}
        return subprocess.run([self.tools.terraform, *words], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)

    def _json(self, verb, *words):
        done = self._command(verb, "-json", *words)
        outcome = Outcome(done.stdout.splitlines())
        if done.returncode == 1 and not outcome.errors:
            outcome.errors.append(("", done.stderr.strip() or "exit status 1"))
        return outcome
