resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket" "logs" {
  bucket = "${var.name}-logs"
}

resource "aws_s3_bucket_logging" "this" {
  bucket        = aws_s3_bucket.this.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = var.step == 0 ? "log/" : "access/"
}
