# update: none (its arguments are its identity)
# import: none (the provider has none)
resource "aws_lb_target_group_attachment" "this" {
  target_group_arn = aws_lb_target_group.this.arn
  target_id        = "10.125.0.50"
  port             = 8080
}

resource "aws_lb_target_group_attachment" "elsewhere" {
  target_group_arn  = aws_lb_target_group.this.arn
  target_id         = "192.168.7.7"
  availability_zone = "all"
}

resource "aws_lb_target_group" "this" {
  name                 = var.name
  port                 = 80
  protocol             = "HTTP"
  vpc_id               = aws_vpc.this.id
  target_type          = "ip"
  deregistration_delay = 0
}

resource "aws_vpc" "this" {
  cidr_block           = "10.125.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 1
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.125.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
