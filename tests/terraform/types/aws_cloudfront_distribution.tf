# import-ignores: retain_on_delete wait_for_deployment
resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_cloudfront_origin_access_control" "this" {
  name                              = var.name
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_origin_access_control" "next" {
  name                              = "${var.name}-next"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_acm_certificate" "own" {
  certificate_body  = file("${var.files}/issued_certificate.pem")
  certificate_chain = file("${var.files}/issuer.pem")
  private_key       = file("${var.files}/issued_private_key.pem")
}

resource "aws_cloudfront_cache_policy" "this" {
  name        = var.name
  default_ttl = 60
  max_ttl     = 600
  min_ttl     = 0
  parameters_in_cache_key_and_forwarded_to_origin {
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

resource "aws_cloudfront_public_key" "signer" {
  name        = "${var.name}-signer"
  encoded_key = file("${var.files}/public_key.pem")
}

resource "aws_cloudfront_key_group" "signers" {
  name  = "${var.name}-signers"
  items = [aws_cloudfront_public_key.signer.id]
}

resource "aws_cloudfront_function" "rewrite" {
  name    = "${var.name}-rewrite"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = "const handler = (event) => event.request; globalThis.handler = handler;"
}

resource "aws_cloudfront_function" "answer" {
  name    = "${var.name}-answer"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = "const handler = (event) => event.response; globalThis.handler = handler;"
}

resource "aws_cloudfront_distribution" "this" {
  enabled             = true
  comment             = var.step == 0 ? "before" : "after"
  default_root_object = var.step == 0 ? "index.html" : "home.html"
  price_class         = var.step == 0 ? "PriceClass_100" : "PriceClass_All"
  http_version        = var.step == 0 ? "http2" : "http1.1"
  is_ipv6_enabled     = var.step == 0
  web_acl_id          = ""
  retain_on_delete    = false
  wait_for_deployment = true
  staging             = false

  origin {
    origin_id                = "s3"
    domain_name              = aws_s3_bucket.this.bucket_regional_domain_name
    origin_access_control_id = var.step == 0 ? aws_cloudfront_origin_access_control.this.id : aws_cloudfront_origin_access_control.next.id
    connection_attempts      = var.step == 0 ? 3 : 2
    connection_timeout       = var.step == 0 ? 10 : 5
    origin_shield {
      enabled              = true
      origin_shield_region = var.step == 0 ? "us-east-1" : "eu-west-1"
    }
  }

  origin {
    origin_id   = var.step == 0 ? "app" : "application"
    domain_name = var.step == 0 ? "app.example.com" : "application.example.com"
    origin_path = var.step == 0 ? "" : "/v1"
    custom_origin_config {
      http_port              = var.step == 0 ? 80 : 8080
      https_port             = var.step == 0 ? 443 : 8443
      origin_protocol_policy = var.step == 0 ? "https-only" : "match-viewer"
      origin_ssl_protocols   = var.step == 0 ? ["TLSv1.2"] : ["TLSv1.1", "TLSv1.2"]
      origin_read_timeout    = var.step == 0 ? 30 : 45

      origin_keepalive_timeout = var.step == 0 ? 5 : 30
    }
    custom_header {
      name  = var.step == 0 ? "X-Origin-Secret" : "X-Origin-Word"
      value = "secret-${var.step}"
    }
    dynamic "origin_shield" { # none, and one that is off, are the same to the provider
      for_each = var.step == 0 ? [] : [1]
      content {
        enabled              = true
        origin_shield_region = "us-west-2"
      }
    }
  }

  default_cache_behavior {
    target_origin_id       = "s3"
    viewer_protocol_policy = var.step == 0 ? "redirect-to-https" : "https-only"
    allowed_methods        = var.step == 0 ? ["GET", "HEAD"] : ["GET", "HEAD", "OPTIONS"]
    cached_methods         = var.step == 0 ? ["GET", "HEAD"] : ["GET", "HEAD", "OPTIONS"]
    compress               = var.step == 0
    cache_policy_id        = var.step == 0 ? "658327ea-f89d-4fab-a63d-7e88639e58f6" : aws_cloudfront_cache_policy.this.id
    trusted_key_groups     = var.step == 0 ? [] : [aws_cloudfront_key_group.signers.id]

    origin_request_policy_id   = var.step == 0 ? null : "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf" # CORS-S3Origin
    response_headers_policy_id = var.step == 0 ? null : "67f7725c-6f97-4210-82d7-5512b31e9d03" # SecurityHeadersPolicy

    function_association {
      event_type   = var.step == 0 ? "viewer-request" : "viewer-response"
      function_arn = var.step == 0 ? aws_cloudfront_function.rewrite.arn : aws_cloudfront_function.answer.arn
    }
  }

  ordered_cache_behavior {
    path_pattern           = "/api/*"
    target_origin_id       = var.step == 0 ? "app" : "application"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods         = ["GET", "HEAD"]
    forwarded_values {
      query_string = var.step == 0
      headers      = var.step == 0 ? ["Authorization"] : ["Authorization", "Accept"]
      cookies {
        forward = var.step == 0 ? "all" : "none"
      }
    }
    smooth_streaming = var.step == 1
    min_ttl          = var.step == 0 ? 0 : 1
    default_ttl      = var.step == 0 ? 0 : 5
    max_ttl          = var.step == 0 ? 10 : 20
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.step == 0 ? [] : [1]
    content {
      path_pattern             = "/img/*"
      target_origin_id         = "s3"
      viewer_protocol_policy   = "allow-all"
      allowed_methods          = ["GET", "HEAD", "OPTIONS"]
      cached_methods           = ["GET", "HEAD", "OPTIONS"]
      cache_policy_id          = aws_cloudfront_cache_policy.this.id
      origin_request_policy_id = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"
    }
  }

  custom_error_response {
    error_code            = var.step == 0 ? 404 : 403
    response_code         = var.step == 0 ? 200 : 404
    response_page_path    = var.step == 0 ? "/index.html" : "/missing.html"
    error_caching_min_ttl = var.step == 0 ? 10 : 30
  }

  logging_config {
    bucket          = aws_s3_bucket.logs[var.step].bucket_domain_name
    prefix          = var.step == 0 ? "first/" : "second/"
    include_cookies = var.step == 1
  }

  restrictions {
    geo_restriction {
      restriction_type = var.step == 0 ? "whitelist" : "blacklist"
      locations        = var.step == 0 ? ["US", "CA", "GB", "DE"] : ["KP"]
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.step == 0 ? true : null
    acm_certificate_arn            = var.step == 0 ? null : aws_acm_certificate.own.arn
    ssl_support_method             = var.step == 0 ? null : "sni-only"
    minimum_protocol_version       = var.step == 0 ? "TLSv1" : "TLSv1.2_2021"
  }

  tags = { Name = var.name, Step = var.step }

  depends_on = [aws_s3_bucket_ownership_controls.logs]
}

resource "aws_s3_bucket" "logs" {
  count         = 2
  bucket        = "${var.name}-logs-${count.index}"
  force_destroy = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  count  = 2
  bucket = aws_s3_bucket.logs[count.index].id
  rule {
    object_ownership = "BucketOwnerPreferred" # CloudFront writes by a grant in the ACL
  }
}
