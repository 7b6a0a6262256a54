# sample: yes
# import-ignores: force_destroy
resource "aws_route53_zone" "this" {
  name          = "${var.name}.example.com"
  comment       = "step ${var.step}"
  force_destroy = var.step == 1
  tags          = { Step = var.step }
}

resource "aws_route53_zone" "inside" {
  name    = "${var.name}.internal"
  comment = "step ${var.step}"
  vpc {
    vpc_id     = aws_vpc.this.id
    vpc_region = "us-east-1"
  }
  dynamic "vpc" {
    for_each = var.step == 0 ? [] : [aws_vpc.other.id]
    content { vpc_id = vpc.value }
  }
}

resource "aws_vpc" "this" { cidr_block = "10.135.0.0/16" }
resource "aws_vpc" "other" { cidr_block = "10.136.0.0/16" }

data "aws_route53_zone" "this" {
  zone_id = aws_route53_zone.this.zone_id
  lifecycle {
    postcondition {
      condition     = trimsuffix(self.name, ".") == "${var.name}.example.com" && length(self.name_servers) == 4
      error_message = "another zone"
    }
  }
}

resource "aws_route53_zone" "moved" {
  name = "${var.name}.moved"
  vpc { vpc_id = var.step == 0 ? aws_vpc.this.id : aws_vpc.other.id }
}
