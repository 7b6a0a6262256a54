resource "aws_cloudfront_origin_access_control" "this" {
  name                              = "${var.name}-${var.step}"
  description                       = var.step == 0 ? "before" : "after"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = var.step == 0 ? "always" : "no-override"
  signing_protocol                  = "sigv4"
}
