resource "aws_cloudfront_public_key" "this" {
  name        = var.name
  encoded_key = file("${var.files}/public_key.pem")
}

resource "aws_cloudfront_key_group" "this" {
  name    = "${var.name}-${var.step}"
  comment = var.step == 0 ? "before" : "after"
  items   = var.step == 0 ? [aws_cloudfront_public_key.this.id] : [aws_cloudfront_public_key.this.id, aws_cloudfront_public_key.next.id]
}

resource "aws_cloudfront_public_key" "next" {
  name        = "${var.name}-next"
  encoded_key = file("${var.files}/public_key.pem")
}
