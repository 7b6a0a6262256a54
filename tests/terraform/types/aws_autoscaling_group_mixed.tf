# main: aws_autoscaling_group.this
# import-ignores: force_delete force_delete_warm_pool ignore_failed_scaling_activities wait_for_capacity_timeout wait_for_elb_capacity min_elb_capacity name_prefix
# By prefix, with types to choose from, behind a load balancer.
resource "aws_autoscaling_group" "this" {
  name_prefix           = "${var.name}-"
  min_size              = 1
  max_size              = var.step == 0 ? 2 : 3
  desired_capacity      = 1
  vpc_zone_identifier   = aws_subnet.this[*].id
  min_elb_capacity      = var.step
  wait_for_elb_capacity = var.step

  traffic_source {
    identifier = var.step == 0 ? aws_lb_target_group.first.arn : aws_lb_target_group.second.arn
    type       = "elbv2"
  }

  mixed_instances_policy {
    instances_distribution {
      on_demand_allocation_strategy            = var.step == 0 ? "prioritized" : "lowest-price"
      on_demand_base_capacity                  = var.step == 0 ? 0 : 1
      on_demand_percentage_above_base_capacity = 100
      spot_allocation_strategy                 = "lowest-price"
      spot_instance_pools                      = var.step == 0 ? 2 : 3
    }
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.this[var.step].id
        version            = var.step == 0 ? "$Latest" : "1"
      }
      override {
        instance_type     = var.step == 0 ? "t3.micro" : "t3.small"
        weighted_capacity = "1"
      }
      override { instance_type = "t3.medium" }
    }
  }
}

resource "aws_autoscaling_group" "named" {
  name               = "${var.name}-named"
  availability_zones = var.step == 0 ? ["us-east-1a", "us-east-1b"] : ["us-east-1c"] # of the default VPC
  min_size           = 0
  max_size           = 1

  launch_template { name = aws_launch_template.this[var.step].name }
}

resource "aws_autoscaling_group" "mixed_by_name" {
  name                = "${var.name}-mixed"
  vpc_zone_identifier = aws_subnet.this[*].id
  min_size            = 0
  max_size            = 1

  mixed_instances_policy {
    instances_distribution {
      on_demand_percentage_above_base_capacity = 100
      spot_allocation_strategy                 = var.step == 0 ? "capacity-optimized" : "price-capacity-optimized"
    }
    launch_template {
      launch_template_specification { launch_template_name = aws_launch_template.this[var.step].name }
    }
  }
}

resource "aws_lb_target_group" "first" {
  name     = "${var.name}-1"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.this.id
}

resource "aws_lb_target_group" "second" {
  name     = "${var.name}-2"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.this.id
}

resource "aws_launch_template" "this" {
  count         = 2
  name          = "${var.name}-${count.index}"
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

resource "aws_vpc" "this" { cidr_block = "10.135.0.0/16" }

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.135.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
