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
        duration = var.step == 0 ? 600 : 700
      }
    }
  }
  routing_http_response_server_enabled               = var.step == 0
  routing_http_response_x_frame_options_header_value = var.step == 0 ? null : "DENY"
  tags                                               = { Step = var.step }

  # Each has one value only.
  routing_http_response_access_control_allow_credentials_header_value = var.step == 0 ? null : "true"
  routing_http_response_x_content_type_options_header_value           = var.step == 0 ? null : "nosniff"
}

resource "aws_lb_listener" "plain" {
  load_balancer_arn = aws_lb.this.arn
  port              = 81
  default_action {
    type             = "forward"
    target_group_arn = var.step == 0 ? aws_lb_target_group.first.arn : aws_lb_target_group.second.arn
  }
}

# Another protocol, and another kind of action.
resource "aws_lb_listener" "turned" {
  load_balancer_arn = aws_lb.this.arn
  port              = 83
  protocol          = var.step == 0 ? "HTTP" : "HTTPS"
  ssl_policy        = var.step == 0 ? null : "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.step == 0 ? null : aws_acm_certificate.this.arn
  default_action {
    type             = var.step == 0 ? "forward" : "fixed-response"
    target_group_arn = var.step == 0 ? aws_lb_target_group.first.arn : null
    dynamic "fixed_response" {
      for_each = var.step == 0 ? [] : [1]
      content {
        content_type = "text/plain"
        message_body = "closed"
        status_code  = "503"
      }
    }
  }
}

resource "aws_acm_certificate" "this" {
  certificate_body = file("${var.files}/certificate.pem")
  private_key      = file("${var.files}/private_key.pem")
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.this.arn
  port              = 82
  default_action {
    type  = "redirect"
    order = 1 + var.step
    redirect {
      host        = var.step == 0 ? "#{host}" : "www.#{host}"
      path        = var.step == 0 ? "/#{path}" : "/new/#{path}"
      query       = var.step == 0 ? "#{query}" : "#{query}&moved=1"
      port        = var.step == 0 ? "443" : "#{port}"
      protocol    = var.step == 0 ? "HTTPS" : "#{protocol}"
      status_code = var.step == 0 ? "HTTP_301" : "HTTP_302"
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
