resource "aws_cloudfront_cache_policy" "this" {
  name        = var.name
  comment     = var.step == 0 ? "before" : "after"
  min_ttl     = 1
  default_ttl = var.step == 0 ? 50 : 60
  max_ttl     = 100

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = true
    enable_accept_encoding_brotli = var.step == 1
    cookies_config {
      cookie_behavior = "whitelist"
      cookies {
        items = ["session"]
      }
    }
    headers_config {
      header_behavior = "whitelist"
      headers {
        items = var.step == 0 ? ["Accept"] : ["Accept", "X-Tenant"]
      }
    }
    query_strings_config {
      query_string_behavior = "whitelist"
      query_strings {
        items = var.step == 0 ? ["page"] : ["page", "size"]
      }
    }
  }
}
