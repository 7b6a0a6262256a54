# main: aws_launch_template.this
# import-ignores: name_prefix
# By prefix, with a default version that is chosen, and groups outside an interface.
resource "aws_launch_template" "this" {
  name_prefix            = "${var.name}-"
  description            = "step ${var.step}"
  default_version        = 1
  image_id               = data.aws_ami.this.id
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.this.id]

  iam_instance_profile { arn = aws_iam_instance_profile.this.arn }
}

resource "aws_launch_template" "interface" {
  name = "${var.name}-interface"

  network_interfaces {
    device_index         = 0
    network_interface_id = aws_network_interface.this.id
  }
}

resource "aws_launch_template" "named" {
  name                 = "${var.name}-named"
  security_group_names = ["default"]
}

resource "aws_network_interface" "this" {
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
  name = var.name
  role = aws_iam_role.this.name
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
  name   = var.name
  vpc_id = aws_vpc.this.id
}
