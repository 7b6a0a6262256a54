resource "aws_autoscaling_lifecycle_hook" "this" {
  name                   = var.name
  autoscaling_group_name = aws_autoscaling_group.this.name
  lifecycle_transition   = var.step == 0 ? "autoscaling:EC2_INSTANCE_LAUNCHING" : "autoscaling:EC2_INSTANCE_TERMINATING"
  default_result         = var.step == 0 ? "CONTINUE" : "ABANDON"
  heartbeat_timeout      = var.step == 0 ? 300 : 600
  notification_metadata  = jsonencode({ step = var.step })

  notification_target_arn = "arn:aws:sqs:us-east-1:123456789012:hooks-${var.step}"
  role_arn                = aws_iam_role.this[var.step].arn
}

resource "aws_iam_role" "this" {
  count = 2
  name  = "${var.name}-${count.index}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "autoscaling.amazonaws.com" } }]
  })
}

output "import_id" { value = "${var.name}/${var.name}" }

resource "aws_autoscaling_group" "this" {
  name                = var.name
  min_size            = 0
  max_size            = 2
  desired_capacity    = 0
  vpc_zone_identifier = aws_subnet.this[*].id
  launch_template { id = aws_launch_template.this.id }
}

resource "aws_launch_template" "this" {
  name          = var.name
  image_id      = data.aws_ami.this.id
  instance_type = "t3.micro"
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
  cidr_block           = "10.133.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.133.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
