resource "aws_lb_listener_rule" "this" {
  listener_arn = aws_lb_listener.this.arn
  priority     = var.step == 0 ? 100 : 50
  action {
    type             = "forward"
    target_group_arn = var.step == 0 ? aws_lb_target_group.this.arn : aws_lb_target_group.canary.arn
  }
  condition {
    path_pattern {
      values = var.step == 0 ? ["/a/*"] : ["/a/*", "/b/*"]
    }
  }
  condition {
    host_header {
      values = var.step == 0 ? ["api.example.com"] : ["api.example.com", "*.api.example.com"]
    }
  }
  dynamic "condition" {
    for_each = var.step == 0 ? [] : [1]
    content {
      http_header {
        http_header_name = "X-Team"
        values           = ["web"]
      }
    }
  }
  dynamic "condition" {
    for_each = var.step == 0 ? [] : [1]
    content {
      query_string {
        key   = "v"
        value = "2"
      }
    }
  }
  tags = { Step = var.step }
}

resource "aws_lb_listener_rule" "fixed" {
  listener_arn = aws_lb_listener.this.arn
  priority     = 200
  action {
    type = "fixed-response"
    fixed_response {
      content_type = var.step == 0 ? "text/plain" : "application/json"
      message_body = var.step == 0 ? "closed" : "{}"
      status_code  = var.step == 0 ? "503" : "403"
    }
  }
  condition {
    source_ip {
      values = var.step == 0 ? ["192.0.2.0/24"] : ["192.0.2.0/25", "198.51.100.0/24"]
    }
  }
  condition {
    http_request_method {
      values = var.step == 0 ? ["POST", "PUT"] : ["DELETE"]
    }
  }
}

resource "aws_lb_listener_rule" "weighted" {
  listener_arn = aws_lb_listener.this.arn
  priority     = 300
  action {
    type  = "forward"
    order = 1 + var.step
    forward {
      target_group {
        arn    = var.step == 0 ? aws_lb_target_group.this.arn : aws_lb_target_group.next.arn
        weight = var.step == 0 ? 100 : 90
      }
      target_group {
        arn    = aws_lb_target_group.canary.arn
        weight = var.step == 0 ? 0 : 10
      }
      stickiness {
        enabled  = var.step == 1
        duration = var.step == 0 ? 600 : 700
      }
    }
  }
  condition {
    path_pattern { values = ["/app/*"] }
  }
}

resource "aws_lb_listener_rule" "redirect" {
  listener_arn = aws_lb_listener.this.arn
  priority     = 400
  action {
    type = "redirect"
    redirect {
      host        = var.step == 0 ? "www.example.com" : "#{host}"
      path        = var.step == 0 ? "/#{path}" : "/moved/#{path}"
      port        = var.step == 0 ? "443" : "8443"
      protocol    = var.step == 0 ? "HTTPS" : "#{protocol}"
      query       = var.step == 0 ? "#{query}" : ""
      status_code = var.step == 0 ? "HTTP_302" : "HTTP_301"
    }
  }
  condition {
    host_header { values = ["example.com"] }
  }
}

# Another kind of action.
resource "aws_lb_listener_rule" "turned" {
  listener_arn = aws_lb_listener.this.arn
  priority     = 500
  action {
    type             = var.step == 0 ? "forward" : "redirect"
    target_group_arn = var.step == 0 ? aws_lb_target_group.this.arn : null
    dynamic "redirect" {
      for_each = var.step == 0 ? [] : [1]
      content {
        path        = "/elsewhere"
        status_code = "HTTP_302"
      }
    }
  }
  condition {
    path_pattern { values = ["/turned"] }
  }
}

resource "aws_lb_target_group" "next" {
  name     = "${var.name}-next"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.this.id
}

resource "aws_lb_target_group" "canary" {
  name     = "${var.name}-canary"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.this.id
}

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
}

resource "aws_lb" "this" {
  name     = var.name
  internal = true
  subnets  = aws_subnet.this[*].id
}

resource "aws_vpc" "this" {
  cidr_block           = "10.122.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.122.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
