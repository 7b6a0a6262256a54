resource "aws_autoscaling_policy" "this" {
  name                      = var.name
  autoscaling_group_name    = aws_autoscaling_group.this.name
  policy_type               = "TargetTrackingScaling"
  estimated_instance_warmup = var.step == 0 ? 120 : 60
  enabled                   = var.step == 0
  target_tracking_configuration {
    predefined_metric_specification {
      predefined_metric_type = var.step == 0 ? "ASGAverageCPUUtilization" : "ASGAverageNetworkIn"
    }
    target_value     = var.step == 0 ? 50 : 60
    disable_scale_in = var.step == 1
  }
}

resource "aws_autoscaling_policy" "custom" {
  name                   = "${var.name}-custom"
  autoscaling_group_name = aws_autoscaling_group.this.name
  policy_type            = "TargetTrackingScaling"
  target_tracking_configuration {
    customized_metric_specification {
      metric_name = var.step == 0 ? "Load" : "Queue"
      namespace   = var.step == 0 ? "App" : "Worker"
      statistic   = var.step == 0 ? "Average" : "Maximum"
      period      = var.step == 0 ? 60 : 30
      unit        = var.step == 0 ? "Count" : "Percent"
      metric_dimension {
        name  = var.step == 0 ? "Service" : "Pool"
        value = var.step == 0 ? "web" : "jobs"
      }
    }
    target_value = 10
  }
}

resource "aws_autoscaling_policy" "requests" {
  name                   = "${var.name}-requests"
  autoscaling_group_name = aws_autoscaling_group.this.name
  policy_type            = "TargetTrackingScaling"
  target_tracking_configuration {
    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.this.arn_suffix}/${aws_lb_target_group.this[var.step].arn_suffix}"
    }
    target_value = var.step == 0 ? 100 : 200
  }
  depends_on = [aws_lb_listener.this]
}

resource "aws_lb" "this" {
  name     = var.name
  internal = true
  subnets  = aws_subnet.this[*].id
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  default_action {
    type = "forward"
    forward {
      dynamic "target_group" {
        for_each = aws_lb_target_group.this[*].arn
        content { arn = target_group.value }
      }
    }
  }
}

resource "aws_lb_target_group" "this" {
  count    = 2
  name     = "${var.name}-${count.index}"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.this.id
}

resource "aws_autoscaling_policy" "step" {
  name                      = "${var.name}-step"
  autoscaling_group_name    = aws_autoscaling_group.this.name
  policy_type               = "StepScaling"
  adjustment_type           = var.step == 0 ? "ChangeInCapacity" : "PercentChangeInCapacity"
  min_adjustment_magnitude  = var.step == 0 ? null : 1
  metric_aggregation_type   = var.step == 0 ? "Maximum" : "Minimum"
  estimated_instance_warmup = 30
  step_adjustment {
    scaling_adjustment          = 1
    metric_interval_lower_bound = 0
    metric_interval_upper_bound = 10 + var.step
  }
  step_adjustment {
    scaling_adjustment          = var.step == 0 ? 2 : 50
    metric_interval_lower_bound = 10 + var.step
  }
}

# Of one kind, then of another.
resource "aws_autoscaling_policy" "kinds" {
  name                   = "${var.name}-kinds"
  autoscaling_group_name = aws_autoscaling_group.this.name
  policy_type            = var.step == 0 ? "SimpleScaling" : "StepScaling"
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = var.step == 0 ? 1 : null
  dynamic "step_adjustment" {
    for_each = var.step == 0 ? [] : [1]
    content {
      scaling_adjustment          = step_adjustment.value
      metric_interval_lower_bound = 0
    }
  }
}

resource "aws_autoscaling_policy" "simple" {
  name                   = "${var.name}-simple"
  autoscaling_group_name = aws_autoscaling_group.this.name
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = var.step == 0 ? 1 : 2
  cooldown               = var.step == 0 ? 60 : 30
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
  cidr_block           = "10.131.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.131.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
