resource "aws_cloudfront_public_key" "this" {
  name_prefix = var.name
  comment     = var.step == 0 ? "before" : "after"
  encoded_key = file("${var.files}/public_key.pem")
}
