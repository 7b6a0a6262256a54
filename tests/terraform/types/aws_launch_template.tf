# import-ignores: update_default_version default_version
resource "aws_launch_template" "this" {
  name                   = var.name
  description            = "step ${var.step}"
  update_default_version = true
  image_id               = data.aws_ami.this.id
  instance_type          = var.step == 0 ? "t3.micro" : "t3.small"
  user_data              = filebase64("${var.files}/user_data.sh")
  ebs_optimized          = true

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size           = var.step == 0 ? 10 : 20
      volume_type           = "gp3"
      delete_on_termination = true
      encrypted             = false
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = var.step == 1
  }

  network_interfaces {
    associate_public_ip_address = false
    delete_on_termination       = true
    security_groups             = [aws_security_group.this.id]
  }

  tag_specifications {
    resource_type = "instance"
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

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = aws_vpc.this.id
}
