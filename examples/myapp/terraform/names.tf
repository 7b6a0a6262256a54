resource "aws_route53_zone" "main" {
  name    = var.domain_name
  comment = "${var.name}'s API and CDN"
}

resource "aws_acm_certificate" "main" {
  for_each          = toset(["api", "cdn"])
  domain_name       = "${each.key}.${var.domain_name}"
  validation_method = "DNS"
  lifecycle { create_before_destroy = true }
}

locals {
  validations = { for host, certificate in aws_acm_certificate.main : host => one(certificate.domain_validation_options) }
}

resource "aws_route53_record" "validation" {
  for_each        = toset(["api", "cdn"])
  zone_id         = aws_route53_zone.main.zone_id
  name            = local.validations[each.key].resource_record_name
  type            = local.validations[each.key].resource_record_type
  records         = [local.validations[each.key].resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "main" {
  for_each                = aws_acm_certificate.main
  certificate_arn         = each.value.arn
  validation_record_fqdns = [aws_route53_record.validation[each.key].fqdn]
}

data "aws_elastic_beanstalk_hosted_zone" "current" {}

resource "aws_route53_record" "api" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "api.${var.domain_name}"
  type    = "A"
  alias {
    name                   = aws_elastic_beanstalk_environment.api.cname
    zone_id                = data.aws_elastic_beanstalk_hosted_zone.current.id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "cdn" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "cdn.${var.domain_name}"
  type    = "A"
  alias {
    name                   = aws_cloudfront_distribution.main.domain_name
    zone_id                = aws_cloudfront_distribution.main.hosted_zone_id
    evaluate_target_health = false
  }
}
