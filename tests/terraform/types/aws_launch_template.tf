# import-ignores: update_default_version default_version
resource "aws_launch_template" "this" {
  name                   = var.name
  description            = "step ${var.step}"
  update_default_version = var.step == 0
  image_id               = var.step == 0 ? data.aws_ami.this.id : data.aws_ami.ubuntu.id
  instance_type          = var.step == 0 ? "t3.micro" : "t3.xlarge"
  user_data              = base64encode("#!/bin/sh\n: step ${var.step}\n")
  ebs_optimized          = var.step == 0
  key_name               = aws_key_pair.this[var.step].key_name

  disable_api_stop                     = var.step == 1
  disable_api_termination              = var.step == 1
  instance_initiated_shutdown_behavior = var.step == 0 ? "stop" : "terminate"

  block_device_mappings {
    device_name = var.step == 0 ? "/dev/xvda" : "/dev/sda1"
    ebs {
      volume_size           = var.step == 0 ? 10 : 20
      volume_type           = "gp3"
      iops                  = var.step == 0 ? 3000 : 4000
      throughput            = var.step == 0 ? 125 : 250
      delete_on_termination = var.step == 0
      encrypted             = var.step == 1
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = var.step == 0 ? "required" : "optional"
    http_put_response_hop_limit = 1 + var.step
    http_protocol_ipv6          = "disabled"
    instance_metadata_tags      = var.step == 0 ? "disabled" : "enabled"
  }

  capacity_reservation_specification {
    capacity_reservation_preference = var.step == 0 ? "open" : "none"
  }

  cpu_options {
    core_count       = 1 + var.step
    threads_per_core = var.step == 0 ? 1 : 2
  }

  credit_specification { cpu_credits = var.step == 0 ? "standard" : "unlimited" }

  enclave_options { enabled = false }

  hibernation_options { configured = false }

  iam_instance_profile { name = aws_iam_instance_profile.this[var.step].name }

  maintenance_options { auto_recovery = var.step == 0 ? "default" : "disabled" }

  placement {
    availability_zone = aws_subnet.this[var.step].availability_zone
    tenancy           = var.step == 0 ? "default" : "dedicated"
  }

  private_dns_name_options {
    hostname_type                        = var.step == 0 ? "ip-name" : "resource-name"
    enable_resource_name_dns_a_record    = var.step == 1
    enable_resource_name_dns_aaaa_record = false
  }

  monitoring {
    enabled = var.step == 1
  }

  network_interfaces {
    associate_public_ip_address = var.step == 1
    delete_on_termination       = var.step == 0
    description                 = "step ${var.step}"
    device_index                = 0
    interface_type              = "interface"
    network_card_index          = 0
    private_ip_address          = "10.16.${var.step}.20"
    subnet_id                   = aws_subnet.this[var.step].id
    security_groups             = [aws_security_group.this[var.step].id]
  }

  tag_specifications {
    resource_type = var.step == 0 ? "instance" : "volume"
    tags          = { Name = var.name, Step = var.step }
  }

  tags = { Name = var.name, Step = var.step }
}

data "aws_ami" "this" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

resource "aws_vpc" "this" {
  cidr_block = "10.16.0.0/16"
}

data "aws_ami" "ubuntu" {
  most_recent = true
  owners      = ["099720109477"]
  filter {
    name   = "name"
    values = ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"]
  }
}

resource "aws_security_group" "this" {
  count  = 2
  name   = "${var.name}-${count.index}"
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.16.${count.index}.0/24"
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}

resource "aws_key_pair" "this" {
  count      = 2
  key_name   = "${var.name}-${count.index}"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrfeKwJy70ArZcdXfovSCNgwId8XfvHjSA35+6XGoju test@example.com"
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_instance_profile" "this" {
  count = 2
  name  = "${var.name}-${count.index}"
  role  = aws_iam_role.this.name
}
