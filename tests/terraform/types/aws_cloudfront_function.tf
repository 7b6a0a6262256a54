# import-ignores: publish
resource "aws_cloudfront_function" "this" {
  name    = var.name
  runtime = "cloudfront-js-2.0"
  comment = var.step == 0 ? "before" : "after"
  publish = true
  code    = "function handler(event) { /* ${var.step} */ return event.request; }"
}
