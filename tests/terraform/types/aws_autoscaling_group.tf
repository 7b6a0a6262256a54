# import-ignores: force_delete force_delete_warm_pool ignore_failed_scaling_activities wait_for_capacity_timeout wait_for_elb_capacity min_elb_capacity metrics_granularity initial_lifecycle_hook instance_refresh
resource "aws_autoscaling_group" "this" {
  name                      = var.name
  min_size                  = var.step == 0 ? 1 : 0
  max_size                  = var.step == 0 ? 2 : 3
  desired_capacity          = var.step == 0 ? 2 : 1
  vpc_zone_identifier       = [aws_subnet.this[var.step].id, aws_subnet.this[1 + var.step].id]
  health_check_type         = var.step == 0 ? "EC2" : "ELB"
  health_check_grace_period = var.step == 0 ? 300 : 60
  default_cooldown          = var.step == 0 ? 300 : 30
  default_instance_warmup   = var.step == 0 ? 120 : 60
  max_instance_lifetime     = var.step == 0 ? 86400 : 604800
  termination_policies      = var.step == 0 ? ["OldestInstance"] : ["OldestLaunchTemplate", "NewestInstance"]
  suspended_processes       = var.step == 0 ? [] : ["AZRebalance"]
  enabled_metrics           = var.step == 0 ? ["GroupDesiredCapacity"] : ["GroupDesiredCapacity", "GroupInServiceInstances"]
  protect_from_scale_in     = var.step == 1
  capacity_rebalance        = var.step == 1
  target_group_arns         = var.step == 0 ? [] : [aws_lb_target_group.this.arn]
  context                   = var.step == 0 ? "first" : "second"
  desired_capacity_type     = "units"
  service_linked_role_arn   = aws_iam_service_linked_role.autoscaling[var.step].arn
  metrics_granularity       = "1Minute"
  force_delete              = var.step == 1
  force_delete_warm_pool    = var.step == 1
  wait_for_capacity_timeout = var.step == 0 ? "5m" : "6m"

  ignore_failed_scaling_activities = var.step == 0

  availability_zone_distribution {
    capacity_distribution_strategy = var.step == 0 ? "balanced-best-effort" : "balanced-only"
  }
  capacity_reservation_specification {
    capacity_reservation_preference = var.step == 0 ? "default" : "none"
  }
  initial_lifecycle_hook {
    name                    = "initial"
    lifecycle_transition    = "autoscaling:EC2_INSTANCE_LAUNCHING"
    default_result          = "CONTINUE"
    heartbeat_timeout       = 30
    notification_metadata   = "initial"
    notification_target_arn = "arn:aws:sqs:us-east-1:123456789012:hooks"
    role_arn                = aws_iam_role.hooks.arn
  }
  instance_refresh {
    strategy = "Rolling"
    triggers = var.step == 0 ? ["tag"] : ["tag", "context"]
    preferences {
      auto_rollback                = false
      checkpoint_delay             = var.step == 0 ? 60 : 120
      checkpoint_percentages       = var.step == 0 ? [50, 100] : [25, 100]
      instance_warmup              = var.step == 0 ? 10 : 20
      max_healthy_percentage       = var.step == 0 ? 120 : 110
      min_healthy_percentage       = var.step == 0 ? 90 : 80
      scale_in_protected_instances = var.step == 0 ? "Refresh" : "Ignore"
      skip_matching                = var.step == 1
      standby_instances            = var.step == 0 ? "Terminate" : "Ignore"
      alarm_specification { alarms = [aws_cloudwatch_metric_alarm.this[var.step].alarm_name] }
    }
  }
  launch_template {
    id      = aws_launch_template.this[var.step].id
    version = var.step == 0 ? "$Latest" : "1"
  }
  instance_maintenance_policy {
    min_healthy_percentage = var.step == 0 ? 90 : 100
    max_healthy_percentage = var.step == 0 ? 120 : 150
  }
  tag {
    key                 = "Name"
    value               = "step ${var.step}"
    propagate_at_launch = true
  }
  tag {
    key                 = var.step == 0 ? "First" : "Second"
    value               = "x"
    propagate_at_launch = var.step == 0
  }
}

resource "aws_iam_role" "hooks" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "autoscaling.amazonaws.com" } }]
  })
}

resource "aws_iam_service_linked_role" "autoscaling" {
  count            = 2
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "tf${count.index}"
}

resource "aws_cloudwatch_metric_alarm" "this" {
  count               = 2
  alarm_name          = "${var.name}-${count.index}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "App"
  period              = 60
  statistic           = "Sum"
  threshold           = 5
}

resource "aws_lb_target_group" "this" {
  name     = var.name
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

resource "aws_vpc" "this" {
  cidr_block           = "10.130.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.130.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
