# main: aws_instance.this
# import-ignores: user_data user_data_base64 user_data_replace_on_change launch_template volume_tags
# By template; on an interface that is there already; by names of groups in the default VPC.
resource "aws_instance" "this" {
  subnet_id                   = aws_subnet.this.id
  user_data_base64            = base64encode("#!/bin/sh\n: step ${var.step}\n")
  user_data_replace_on_change = false
  volume_tags                 = { Name = var.name, Step = var.step }
  tags                        = { Name = var.name, Step = var.step }

  launch_template {
    id      = aws_launch_template.this.id
    version = var.step == 0 ? "$Latest" : "1"
  }
}

resource "aws_instance" "interface" {
  user_data_replace_on_change = var.step == 1

  launch_template { name = aws_launch_template.this.name }

  network_interface {
    network_interface_id  = aws_network_interface.this.id
    device_index          = 0
    network_card_index    = 0
    delete_on_termination = false
  }
}

resource "aws_instance" "default" {
  ami             = data.aws_ami.this.id
  instance_type   = var.step == 0 ? "t3.micro" : "t3.small" # with a stop and a start
  user_data       = "#!/bin/sh\n: step ${var.step}\n"
  security_groups = [aws_security_group.default.name]

  metadata_options { http_endpoint = var.step == 0 ? "disabled" : "enabled" }

  root_block_device {
    volume_type           = var.step == 0 ? "gp2" : "gp3"
    delete_on_termination = var.step == 1
  }
}

resource "aws_launch_template" "this" {
  name          = var.name
  image_id      = data.aws_ami.this.id
  instance_type = "t3.micro"
}

resource "aws_network_interface" "this" {
  subnet_id = aws_subnet.this.id
}

resource "aws_security_group" "default" {
  name   = var.name
  vpc_id = data.aws_vpc.default.id
}

data "aws_vpc" "default" { default = true }

data "aws_ami" "this" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

resource "aws_vpc" "this" { cidr_block = "10.18.0.0/16" }

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.18.1.0/24"
}
