resource "aws_cloudfront_response_headers_policy" "this" {
  name    = "${var.name}-${var.step}"
  comment = var.step == 0 ? "before" : "after"

  cors_config {
    access_control_allow_credentials = var.step == 1
    access_control_allow_headers {
      items = var.step == 0 ? ["*"] : ["X-Team"]
    }
    access_control_allow_methods {
      items = var.step == 0 ? ["GET", "HEAD"] : ["ALL"]
    }
    access_control_allow_origins {
      items = var.step == 0 ? ["https://app.example.com"] : ["https://app.example.com", "https://*.example.org"]
    }
    access_control_expose_headers {
      items = var.step == 0 ? ["ETag"] : ["ETag", "X-Step"]
    }
    access_control_max_age_sec = var.step == 0 ? 600 : 1200
    origin_override            = var.step == 0
  }

  security_headers_config {
    content_security_policy {
      content_security_policy = var.step == 0 ? "default-src 'self'" : "default-src 'none'"
      override                = var.step == 0
    }
    frame_options {
      frame_option = var.step == 0 ? "DENY" : "SAMEORIGIN"
      override     = var.step == 0
    }
    referrer_policy {
      referrer_policy = var.step == 0 ? "same-origin" : "no-referrer"
      override        = var.step == 0
    }
    xss_protection {
      protection = true
      mode_block = var.step == 0
      report_uri = var.step == 0 ? null : "https://reports.example.com/xss"
      override   = var.step == 0
    }
    content_type_options {
      override = var.step == 0
    }
    strict_transport_security {
      access_control_max_age_sec = var.step == 0 ? 31536000 : 63072000
      include_subdomains         = var.step == 1
      preload                    = var.step == 1
      override                   = var.step == 0
    }
  }

  custom_headers_config {
    items {
      header   = var.step == 0 ? "X-Step" : "X-Stage"
      override = var.step == 0
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

resource "aws_cloudfront_response_headers_policy" "timing" {
  name = "${var.name}-timing"

  security_headers_config {
    xss_protection {
      protection = var.step == 1
      override   = true
    }
  }

  server_timing_headers_config {
    enabled       = var.step == 0
    sampling_rate = 100
  }
}
