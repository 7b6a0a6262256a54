# The data sources vpc, subnets, security_group, instances, availability_zones, caller_identity, region, partition.
# sample: yes
data "aws_caller_identity" "this" {
  lifecycle {
    postcondition {
      condition     = self.account_id == "123456789012" && self.arn == "arn:aws:iam::123456789012:root"
      error_message = "not the root of the account: ${self.arn}"
    }
  }
}

data "aws_region" "this" {
  lifecycle {
    postcondition {
      condition     = self.name == "us-east-1" && self.description == "US East (N. Virginia)"
      error_message = "another region: ${self.name}"
    }
  }
}

data "aws_partition" "this" {
  lifecycle {
    postcondition {
      condition     = self.partition == "aws" && self.dns_suffix == "amazonaws.com"
      error_message = "another partition: ${self.partition}"
    }
  }
}

data "aws_availability_zones" "this" {
  state = "available"
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
  lifecycle {
    postcondition {
      condition     = length(self.names) >= 3 && self.names[0] == "us-east-1a"
      error_message = "zones: ${join(" ", self.names)}"
    }
  }
}

data "aws_vpc" "default" {
  default = true
  lifecycle {
    postcondition {
      condition     = self.cidr_block == "172.31.0.0/16" && self.enable_dns_hostnames && self.main_route_table_id != ""
      error_message = "no such default VPC: ${self.cidr_block}"
    }
  }
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
  lifecycle {
    postcondition {
      condition     = length(self.ids) == length(data.aws_availability_zones.this.names)
      error_message = "default subnets: ${length(self.ids)}"
    }
  }
}

data "aws_security_group" "default" {
  name   = "default"
  vpc_id = data.aws_vpc.default.id
  lifecycle {
    postcondition {
      condition     = self.description == "default VPC security group"
      error_message = "not the default group: ${self.description}"
    }
  }
}

resource "aws_vpc" "this" {
  cidr_block = "10.18.0.0/16"
  tags       = { Name = var.name }
}

data "aws_vpc" "this" {
  tags       = { Name = aws_vpc.this.tags.Name }
  depends_on = [aws_vpc.this]
}

data "aws_subnet" "default" {
  vpc_id            = data.aws_vpc.default.id
  availability_zone = "us-east-1b"
  default_for_az    = true
}

data "aws_route_table" "default" {
  vpc_id = data.aws_vpc.default.id
  filter {
    name   = "association.main"
    values = ["true"]
  }
}

data "aws_internet_gateway" "default" {
  filter {
    name   = "attachment.vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_instances" "none" {
  instance_tags = { Name = "nobody" }
  lifecycle {
    postcondition {
      condition     = length(self.ids) == 0
      error_message = "there is one"
    }
  }
}

data "aws_ec2_instance_type" "this" {
  instance_type = "t3.micro"
}
