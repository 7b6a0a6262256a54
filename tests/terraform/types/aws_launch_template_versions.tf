# main: aws_launch_template.this
# import-ignores: name_prefix
# By prefix, with a default version that is chosen, and groups outside an interface.
resource "aws_launch_template" "this" {
  name_prefix            = "${var.name}-"
  description            = "step ${var.step}"
  default_version        = 1 + var.step
  image_id               = data.aws_ami.this.id
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.this[var.step].id]

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs { volume_type = var.step == 0 ? "gp2" : "gp3" }
  }

  metadata_options { http_endpoint = var.step == 0 ? "disabled" : "enabled" }

  iam_instance_profile { arn = aws_iam_instance_profile.this[var.step].arn }
}

resource "aws_launch_template" "interface" {
  name = "${var.name}-interface"

  network_interfaces {
    device_index         = 0
    network_interface_id = aws_network_interface.this[var.step].id
  }
}

resource "aws_launch_template" "named" {
  name                 = "${var.name}-named"
  security_group_names = [var.step == 0 ? "default" : aws_security_group.named.name]
}

resource "aws_security_group" "named" { name = "${var.name}-named" } # in the default VPC

resource "aws_network_interface" "this" {
  count     = 2
  subnet_id = aws_subnet.this.id
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

data "aws_ami" "this" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

resource "aws_vpc" "this" { cidr_block = "10.19.0.0/16" }

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.19.1.0/24"
}

resource "aws_security_group" "this" {
  count  = 2
  name   = "${var.name}-${count.index}"
  vpc_id = aws_vpc.this.id
}
