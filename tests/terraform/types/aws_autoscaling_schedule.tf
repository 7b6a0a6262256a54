resource "aws_autoscaling_schedule" "this" {
  scheduled_action_name  = var.name
  autoscaling_group_name = aws_autoscaling_group.this.name
  min_size               = var.step
  max_size               = var.step == 0 ? 2 : 1
  desired_capacity       = var.step
  recurrence             = var.step == 0 ? "0 9 * * MON-FRI" : "30 8 * * *"
  time_zone              = var.step == 0 ? "Etc/UTC" : "America/New_York"
}

resource "aws_autoscaling_schedule" "once" {
  scheduled_action_name  = "${var.name}-once"
  autoscaling_group_name = aws_autoscaling_group.this.name
  min_size               = 0
  max_size               = 1
  desired_capacity       = 0
  start_time             = var.step == 0 ? "2099-12-11T18:00:00Z" : "2098-12-11T18:00:00Z"
  end_time               = var.step == 0 ? "2099-12-12T06:00:00Z" : "2098-12-12T07:00:00Z"
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
  cidr_block           = "10.132.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.132.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
