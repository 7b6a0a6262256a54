# import-ignores: allow_overwrite
resource "aws_route53_record" "this" {
  zone_id = aws_route53_zone.this.zone_id
  name    = "www.${var.name}.example.com"
  type    = "A"
  ttl     = var.step == 0 ? 300 : 60
  records = var.step == 0 ? ["192.0.2.1"] : ["192.0.2.2", "192.0.2.3"]
}

resource "aws_route53_record" "text" {
  zone_id = aws_route53_zone.this.zone_id
  name    = "text.${var.name}.example.com"
  type    = "TXT"
  ttl     = 300
  records = ["v=spf1 -all", "two words"]
}

resource "aws_route53_record" "star" {
  zone_id = aws_route53_zone.this.zone_id
  name    = "*.apps"
  type    = "CNAME"
  ttl     = 300
  records = ["www.${var.name}.example.com"]
}

resource "aws_route53_record" "alias" {
  zone_id = aws_route53_zone.this.zone_id
  name    = "${var.name}.example.com"
  type    = "A"
  alias {
    name                   = var.step == 0 ? aws_lb.this.dns_name : aws_route53_record.this.name
    zone_id                = var.step == 0 ? aws_lb.this.zone_id : aws_route53_zone.this.zone_id
    evaluate_target_health = var.step == 1
  }
}

resource "aws_route53_record" "weighted" {
  count          = 2
  zone_id        = aws_route53_zone.this.zone_id
  name           = "weighted"
  type           = "A"
  ttl            = 60
  set_identifier = "set-${count.index}"
  records        = ["192.0.2.${10 + count.index}"]
  weighted_routing_policy { weight = var.step == 0 ? 10 : 20 + count.index }
}

resource "aws_route53_record" "failover" {
  for_each        = { PRIMARY = "192.0.2.20", SECONDARY = "192.0.2.21" }
  zone_id         = aws_route53_zone.this.zone_id
  name            = "failover"
  type            = "A"
  ttl             = 60
  set_identifier  = each.key
  records         = [each.value]
  health_check_id = each.key == "PRIMARY" || var.step == 1 ? aws_route53_health_check.this.id : null
  failover_routing_policy { type = each.key }
}

resource "aws_route53_record" "latency" {
  zone_id        = aws_route53_zone.this.zone_id
  name           = "latency"
  type           = "A"
  ttl            = 60
  set_identifier = "here"
  records        = ["192.0.2.30"]
  latency_routing_policy { region = var.step == 0 ? "us-east-1" : "eu-west-1" }
}

resource "aws_route53_record" "multivalue" {
  zone_id                          = aws_route53_zone.this.zone_id
  name                             = "multivalue"
  type                             = "A"
  ttl                              = 60
  set_identifier                   = var.step == 0 ? "one" : null # the provider deletes and creates in one change batch
  records                          = ["192.0.2.40"]
  multivalue_answer_routing_policy = var.step == 0 ? true : null
}

resource "aws_route53_health_check" "this" {
  ip_address        = "127.0.0.1"
  port              = 1
  type              = "TCP"
  request_interval  = 10
  failure_threshold = 1
}

resource "aws_route53_zone" "this" { name = "${var.name}.example.com" }

output "import_id" { value = "${aws_route53_zone.this.zone_id}_www.${var.name}.example.com_A" }

resource "aws_lb" "this" {
  name     = var.name
  internal = true
  subnets  = aws_subnet.this[*].id
}

resource "aws_vpc" "this" {
  cidr_block           = "10.137.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.137.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }

resource "aws_route53_record" "geolocation" {
  for_each = {
    everywhere = { place = ["*", null, null], address = "192.0.2.50" }
    europe     = { place = [null, "EU", null], address = "192.0.2.51" }
    california = { place = ["US", null, "CA"], address = "192.0.2.52" }
  }
  zone_id        = aws_route53_zone.this.zone_id
  name           = "geolocation"
  type           = "A"
  ttl            = 60 + var.step
  set_identifier = each.key
  records        = [each.value.address]
  geolocation_routing_policy {
    country     = each.value.place[0]
    continent   = each.value.place[1]
    subdivision = each.value.place[2]
  }
}

resource "aws_route53_record" "moving" {
  zone_id        = aws_route53_zone.this.zone_id
  name           = "geolocation"
  type           = "A"
  ttl            = 60
  set_identifier = "moving"
  records        = ["192.0.2.53"]
  geolocation_routing_policy {
    country     = var.step == 0 ? null : "US"
    continent   = var.step == 0 ? "AF" : null
    subdivision = var.step == 0 ? null : "NY"
  }
}

# An address by and by, instead of another name; of all that stands there.
resource "aws_route53_record" "turned" {
  zone_id         = aws_route53_zone.this.zone_id
  name            = "turned"
  type            = var.step == 0 ? "CNAME" : "A"
  ttl             = 60
  records         = var.step == 0 ? ["www.${var.name}.example.com"] : ["192.0.2.60"]
  allow_overwrite = var.step == 1
}

# What stands by becomes the first.
resource "aws_route53_record" "promoted" {
  zone_id         = aws_route53_zone.this.zone_id
  name            = "promoted"
  type            = "A"
  ttl             = 60
  set_identifier  = "here"
  records         = ["192.0.2.61"]
  health_check_id = aws_route53_health_check.this.id
  failover_routing_policy { type = var.step == 0 ? "SECONDARY" : "PRIMARY" }
}
