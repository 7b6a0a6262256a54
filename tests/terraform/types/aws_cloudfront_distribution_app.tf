# One for an app: names of its own, two origins of which one stands in for the other, and behaviours without policies.
# main: aws_cloudfront_distribution.this
# import-ignores: retain_on_delete wait_for_deployment
resource "aws_cloudfront_distribution" "this" {
  enabled             = var.step == 1
  aliases             = var.step == 0 ? ["www.${var.name}.example.com"] : ["www.${var.name}.example.com", "${var.name}.example.com"]
  http_version        = "http2"
  wait_for_deployment = var.step == 1

  origin {
    origin_id   = "app"
    domain_name = "app.example.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  origin {
    origin_id   = "spare"
    domain_name = "spare.example.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  origin_group {
    origin_id = var.step == 0 ? "either" : "both"
    failover_criteria {
      status_codes = var.step == 0 ? [500, 502] : [500, 502, 503, 504]
    }
    member {
      origin_id = var.step == 0 ? "app" : "spare"
    }
    member {
      origin_id = var.step == 0 ? "spare" : "app"
    }
  }

  default_cache_behavior {
    target_origin_id       = var.step == 0 ? "either" : "app"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = var.step == 0 ? ["GET", "HEAD", "OPTIONS"] : ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods         = ["GET", "HEAD"]
    smooth_streaming       = false
    min_ttl                = var.step == 0 ? 0 : 5
    default_ttl            = var.step == 0 ? 60 : 120
    max_ttl                = var.step == 0 ? 600 : 1200
    forwarded_values {
      query_string            = var.step == 1
      query_string_cache_keys = var.step == 0 ? null : ["page", "size"]
      headers                 = var.step == 0 ? ["Accept"] : ["Accept", "Origin"]
      cookies {
        forward           = var.step == 0 ? "none" : "whitelist"
        whitelisted_names = var.step == 0 ? null : ["session", "theme"]
      }
    }
    grpc_config {
      enabled = var.step == 1
    }
  }

  ordered_cache_behavior {
    path_pattern               = "/api/*"
    target_origin_id           = "app"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = var.step == 0
    smooth_streaming           = false
    response_headers_policy_id = var.step == 0 ? null : "67f7725c-6f97-4210-82d7-5512b31e9d03" # SecurityHeadersPolicy
    trusted_key_groups         = var.step == 0 ? [] : [aws_cloudfront_key_group.this.id]
    forwarded_values {
      query_string            = true
      query_string_cache_keys = var.step == 0 ? ["page"] : ["page", "size"]
      cookies {
        forward           = "whitelist"
        whitelisted_names = var.step == 0 ? ["session"] : ["session", "theme"]
      }
    }
    function_association {
      event_type   = var.step == 0 ? "viewer-request" : "viewer-response"
      function_arn = var.step == 0 ? aws_cloudfront_function.this.arn : aws_cloudfront_function.next.arn
    }
    grpc_config {
      enabled = var.step == 1
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate_validation.this.certificate_arn
    minimum_protocol_version = var.step == 0 ? "TLSv1.2_2019" : "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }
}

resource "aws_cloudfront_public_key" "this" {
  name        = var.name
  encoded_key = file("${var.files}/public_key.pem")
}

resource "aws_cloudfront_key_group" "this" {
  name  = var.name
  items = [aws_cloudfront_public_key.this.id]
}

resource "aws_cloudfront_function" "this" {
  name    = var.name
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = "const handler = (event) => event.response || event.request; globalThis.handler = handler;"
}

resource "aws_route53_zone" "this" { name = "${var.name}.example.com" }

resource "aws_acm_certificate" "this" {
  domain_name               = "${var.name}.example.com"
  subject_alternative_names = ["www.${var.name}.example.com"]
  validation_method         = "DNS"
}

resource "aws_route53_record" "validation" {
  for_each        = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }
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

resource "aws_cloudfront_distribution" "streams" {
  enabled             = false
  wait_for_deployment = false
  retain_on_delete    = var.step == 0 # not when it is destroyed
  origin {
    origin_id   = "app"
    domain_name = "app.example.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "app"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    smooth_streaming       = var.step == 1
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6" # CachingOptimized
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
}

resource "aws_cloudfront_function" "next" {
  name    = "${var.name}-next"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = "const handler = (event) => event.response || event.request; globalThis.handler = handler;"
}
