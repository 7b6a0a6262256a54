resource "aws_cloudfront_response_headers_policy" "this" {
  name    = var.name
  comment = var.step == 0 ? "before" : "after"

  cors_config {
    access_control_allow_credentials = false
    access_control_allow_headers {
      items = ["*"]
    }
    access_control_allow_methods {
      items = ["GET", "HEAD"]
    }
    access_control_allow_origins {
      items = ["https://app.example.com"]
    }
    access_control_expose_headers {
      items = var.step == 0 ? ["ETag"] : ["ETag", "X-Step"]
    }
    access_control_max_age_sec = var.step == 0 ? 600 : 1200
    origin_override            = true
  }

  security_headers_config {
    content_security_policy {
      content_security_policy = var.step == 0 ? "default-src 'self'" : "default-src 'none'"
      override                = true
    }
    frame_options {
      frame_option = var.step == 0 ? "DENY" : "SAMEORIGIN"
      override     = true
    }
    referrer_policy {
      referrer_policy = var.step == 0 ? "same-origin" : "no-referrer"
      override        = var.step == 0
    }
    xss_protection {
      protection = true
      mode_block = var.step == 0
      report_uri = var.step == 0 ? null : "https://reports.example.com/xss"
      override   = true
    }
    content_type_options {
      override = true
    }
    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = var.step == 1
      preload                    = var.step == 1
      override                   = true
    }
  }

  custom_headers_config {
    items {
      header   = "X-Step"
      override = true
      value    = var.step
    }
  }

  remove_headers_config {
    items {
      header = var.step == 0 ? "X-Powered-By" : "Server"
    }
  }

  server_timing_headers_config {
    enabled       = true
    sampling_rate = var.step == 0 ? 50 : 12.5
  }
}
