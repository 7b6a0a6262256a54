resource "aws_cloudfront_public_key" "this" {
  name        = var.name
  encoded_key = file("${var.files}/public_key.pem")
}

resource "aws_cloudfront_key_group" "this" {
  name    = "${var.name}-${var.step}"
  comment = var.step == 0 ? "before" : "after"
  items   = [aws_cloudfront_public_key.this.id]
}
