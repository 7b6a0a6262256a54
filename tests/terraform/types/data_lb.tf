data "aws_lb" "this" {
  arn = aws_lb.this.arn
  lifecycle {
    postcondition {
      condition     = self.dns_name == aws_lb.this.dns_name && length(self.subnets) == 2 && self.idle_timeout == 60
      error_message = "another load balancer"
    }
  }
}

data "aws_lb" "named" { name = aws_lb.this.name }

data "aws_lb_target_group" "this" {
  name = aws_lb_target_group.this.name
  lifecycle {
    postcondition {
      condition     = self.arn == aws_lb_target_group.this.arn && self.health_check[0].path == "/up"
      error_message = "another target group"
    }
  }
}

data "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb_listener.this.load_balancer_arn
  port              = 80
}

data "aws_elb_service_account" "this" {}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "default"
      status_code  = "404"
    }
  }
}

resource "aws_lb_target_group" "this" {
  name     = var.name
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.this.id
  health_check { path = "/up" }
}

resource "aws_lb" "this" {
  name     = var.name
  internal = true
  subnets  = aws_subnet.this[*].id
}

resource "aws_vpc" "this" {
  cidr_block           = "10.126.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.126.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
