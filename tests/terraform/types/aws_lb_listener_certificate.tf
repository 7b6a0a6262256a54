# update: none (both arguments are its identity)
resource "aws_lb_listener_certificate" "this" {
  listener_arn    = aws_lb_listener.this.arn
  certificate_arn = aws_acm_certificate.more.arn
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.this.arn
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "default"
      status_code  = "404"
    }
  }
}

resource "aws_acm_certificate" "this" {
  certificate_body = file("${var.files}/certificate.pem")
  private_key      = file("${var.files}/private_key.pem")
}

resource "aws_acm_certificate" "more" {
  certificate_body = file("${var.files}/certificate.pem")
  private_key      = file("${var.files}/private_key.pem")
}

output "import_id" { value = "${aws_lb_listener.this.arn}_${aws_acm_certificate.more.arn}" }

resource "aws_lb" "this" {
  name     = var.name
  internal = true
  subnets  = aws_subnet.this[*].id
}

resource "aws_vpc" "this" {
  cidr_block           = "10.123.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.123.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
