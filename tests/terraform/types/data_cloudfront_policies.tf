data "aws_cloudfront_cache_policy" "this" {
  name = "Managed-CachingOptimized"
  lifecycle {
    postcondition {
      condition     = self.id == "658327ea-f89d-4fab-a63d-7e88639e58f6" && self.default_ttl == 86400
      error_message = "another policy"
    }
  }
}

data "aws_cloudfront_origin_request_policy" "this" {
  name = "Managed-AllViewerExceptHostHeader"
  lifecycle {
    postcondition {
      condition     = self.id == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
      error_message = "another policy"
    }
  }
}

data "aws_cloudfront_response_headers_policy" "this" {
  name = "Managed-SecurityHeadersPolicy"
  lifecycle {
    postcondition {
      condition     = self.security_headers_config[0].frame_options[0].frame_option == "SAMEORIGIN"
      error_message = "another policy"
    }
  }
}
