resource "aws_cloudfront_origin_request_policy" "this" {
  name    = var.name
  comment = var.step == 0 ? "before" : "after"
  cookies_config {
    cookie_behavior = var.step == 0 ? "whitelist" : "allExcept"
    cookies {
      items = ["session"]
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
      items = ["page"]
    }
  }
}
