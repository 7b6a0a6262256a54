# main: aws_acm_certificate.this
resource "aws_acm_certificate" "this" {
  domain_name               = "${var.name}.example.com"
  subject_alternative_names = ["www.${var.name}.example.com"]
  validation_method         = "DNS"
  key_algorithm             = "EC_prime256v1"
  tags                      = { Step = var.step }
  options {
    certificate_transparency_logging_preference = var.step == 0 ? "ENABLED" : "DISABLED"
  }
}

resource "aws_route53_record" "validation" {
  for_each = {
    for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option
  }
  zone_id         = aws_route53_zone.this.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_route53_zone" "this" { name = "${var.name}.example.com" }

data "aws_acm_certificate" "this" {
  domain      = aws_acm_certificate.this.domain_name
  statuses    = ["ISSUED"]
  key_types   = ["EC_prime256v1"] # unless asked, ACM lists RSA certificates only
  most_recent = true
  depends_on  = [aws_acm_certificate_validation.this]
  lifecycle {
    postcondition {
      condition     = self.arn == aws_acm_certificate.this.arn
      error_message = "another certificate"
    }
  }
}
