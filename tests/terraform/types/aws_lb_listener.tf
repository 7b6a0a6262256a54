resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = var.step == 0 ? 80 : 8080
  protocol          = "HTTP"
  default_action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.first.arn
        weight = var.step == 0 ? 100 : 50
      }
      dynamic "target_group" {
        for_each = var.step == 0 ? [] : [aws_lb_target_group.second.arn]
        content {
          arn    = target_group.value
          weight = 50
        }
      }
      stickiness {
        enabled  = var.step == 1
        duration = 600
      }
    }
  }
  routing_http_response_server_enabled               = var.step == 0
  routing_http_response_x_frame_options_header_value = var.step == 0 ? null : "DENY"
  tags                                               = { Step = var.step }
}

resource "aws_lb_listener" "plain" {
  load_balancer_arn = aws_lb.this.arn
  port              = 81
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.first.arn
  }
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.this.arn
  port              = 82
  default_action {
    type  = "redirect"
    order = 1
    redirect {
      host        = var.step == 0 ? "#{host}" : "www.#{host}"
      path        = var.step == 0 ? "/#{path}" : "/new/#{path}"
      query       = var.step == 0 ? "#{query}" : "#{query}&moved=1"
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
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

resource "aws_lb" "this" {
  name     = var.name
  internal = true
  subnets  = aws_subnet.this[*].id
}

resource "aws_vpc" "this" {
  cidr_block           = "10.121.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.121.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
