resource "aws_lb_target_group" "this" {
  name                          = var.name
  port                          = 8080
  protocol                      = "HTTP"
  vpc_id                        = aws_vpc.this.id
  target_type                   = "ip"
  deregistration_delay          = var.step == 0 ? 300 : 10
  slow_start                    = var.step == 0 ? 0 : 60
  load_balancing_algorithm_type = "round_robin"
  protocol_version              = "HTTP1"
  ip_address_type               = "ipv4"

  load_balancing_cross_zone_enabled = var.step == 0 ? "use_load_balancer_configuration" : "false"

  target_group_health {
    dns_failover {
      minimum_healthy_targets_count      = var.step == 0 ? "1" : "off"
      minimum_healthy_targets_percentage = var.step == 0 ? "off" : "50"
    }
    unhealthy_state_routing {
      minimum_healthy_targets_count      = var.step == 0 ? 1 : 2
      minimum_healthy_targets_percentage = var.step == 0 ? "off" : "25"
    }
  }
  health_check {
    enabled             = true
    port                = var.step == 0 ? "traffic-port" : "8081"
    protocol            = var.step == 0 ? "HTTP" : "HTTPS"
    path                = var.step == 0 ? "/" : "/health"
    interval            = var.step == 0 ? 30 : 10
    timeout             = var.step == 0 ? 5 : 6
    healthy_threshold   = var.step == 0 ? 3 : 2
    unhealthy_threshold = var.step == 0 ? 2 : 3
    matcher             = var.step == 0 ? "200" : "200-299"
  }
  stickiness {
    type            = "lb_cookie"
    enabled         = var.step == 1
    cookie_duration = 600
  }
  tags = { Step = var.step }
}

# Other ways to choose a target, and to stay with it.
resource "aws_lb_target_group" "turned" {
  name                          = "${var.name}-turned"
  port                          = 80
  protocol                      = "HTTP"
  vpc_id                        = aws_vpc.this.id
  load_balancing_algorithm_type = var.step == 0 ? "round_robin" : "least_outstanding_requests"
  stickiness {
    type            = var.step == 0 ? "lb_cookie" : "app_cookie"
    cookie_name     = var.step == 0 ? null : "SESSION"
    cookie_duration = 600
  }
}

resource "aws_vpc" "this" {
  cidr_block           = "10.124.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 0
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.124.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
