# import-ignores: user_data_replace_on_change force_destroy user_data
resource "aws_vpc" "this" {
  cidr_block = "10.17.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.17.1.0/24"
}

resource "aws_security_group" "first" {
  name   = "${var.name}-1"
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group" "second" {
  name   = "${var.name}-2"
  vpc_id = aws_vpc.this.id
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

resource "aws_instance" "this" {
  ami                    = data.aws_ami.this.id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.this.id
  private_ip             = "10.17.1.20"
  iam_instance_profile   = aws_iam_instance_profile.this.name
  vpc_security_group_ids = var.step == 0 ? [aws_security_group.first.id] : [aws_security_group.first.id, aws_security_group.second.id]
  user_data              = file("${var.files}/user_data.sh")
  monitoring             = var.step == 1
  source_dest_check      = var.step == 0

  root_block_device {
    volume_size           = 10
    volume_type           = "gp3"
    delete_on_termination = true
    tags                  = { Name = var.name }
  }

  metadata_options {
    http_endpoint          = "enabled"
    http_tokens            = var.step == 0 ? "optional" : "required"
    instance_metadata_tags = var.step == 0 ? "disabled" : "enabled"
  }

  tags = { Name = var.name, Step = var.step }
}
