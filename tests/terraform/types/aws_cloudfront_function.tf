# import-ignores: publish
resource "aws_cloudfront_function" "this" {
  name    = var.name
  runtime = var.step == 0 ? "cloudfront-js-1.0" : "cloudfront-js-2.0"
  comment = var.step == 0 ? "before" : "after"
  publish = var.step == 1
  code    = "function handler(event) { /* ${var.step} */ return event.request; }"
}

resource "aws_cloudfront_function" "published" {
  name    = "${var.name}-published"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = "function handler(event) { /* ${var.step} */ return event.request; }"
}
