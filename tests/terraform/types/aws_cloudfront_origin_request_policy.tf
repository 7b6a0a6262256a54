resource "aws_cloudfront_origin_request_policy" "this" {
  name    = "${var.name}-${var.step}"
  comment = var.step == 0 ? "before" : "after"
  cookies_config {
    cookie_behavior = var.step == 0 ? "whitelist" : "allExcept"
    cookies {
      items = var.step == 0 ? ["session"] : ["session", "theme"]
    }
  }
  headers_config {
    header_behavior = "whitelist"
    headers {
      items = var.step == 0 ? ["X-Tenant"] : ["X-Tenant", "User-Agent"]
    }
  }
  query_strings_config {
    query_string_behavior = var.step == 0 ? "whitelist" : "allExcept"
    query_strings {
      items = var.step == 0 ? ["page"] : ["page", "size"]
    }
  }
}

# From nothing to all of it.
resource "aws_cloudfront_origin_request_policy" "grown" {
  name = "${var.name}-grown"
  cookies_config { cookie_behavior = var.step == 0 ? "none" : "all" }
  headers_config { header_behavior = var.step == 0 ? "none" : "allViewer" }
  query_strings_config { query_string_behavior = var.step == 0 ? "none" : "all" }
}
