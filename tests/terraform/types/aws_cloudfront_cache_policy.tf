resource "aws_cloudfront_cache_policy" "this" {
  name        = "${var.name}-${var.step}"
  comment     = var.step == 0 ? "before" : "after"
  min_ttl     = 1 + var.step
  default_ttl = var.step == 0 ? 50 : 60
  max_ttl     = 100 + var.step

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = true
    enable_accept_encoding_brotli = var.step == 1
    cookies_config {
      cookie_behavior = var.step == 0 ? "whitelist" : "allExcept"
      cookies {
        items = var.step == 0 ? ["session"] : ["session", "theme"]
      }
    }
    headers_config {
      header_behavior = "whitelist"
      headers {
        items = var.step == 0 ? ["Accept"] : ["Accept", "X-Tenant"]
      }
    }
    query_strings_config {
      query_string_behavior = var.step == 0 ? "whitelist" : "allExcept"
      query_strings {
        items = var.step == 0 ? ["page"] : ["page", "size"]
      }
    }
  }
}

# From nothing in the key to something.
resource "aws_cloudfront_cache_policy" "grown" {
  name        = "${var.name}-grown"
  min_ttl     = 0
  default_ttl = 10
  max_ttl     = 20

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = var.step == 1
    enable_accept_encoding_brotli = false
    cookies_config {
      cookie_behavior = var.step == 0 ? "none" : "all"
    }
    headers_config {
      header_behavior = var.step == 0 ? "none" : "whitelist"
      dynamic "headers" {
        for_each = var.step == 0 ? [] : [1]
        content {
          items = ["X-Tenant"]
        }
      }
    }
    query_strings_config {
      query_string_behavior = var.step == 0 ? "none" : "all"
    }
  }
}
