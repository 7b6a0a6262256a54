# import-ignores: skip_destroy
resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = var.step == 0
  ignore_public_acls      = true
  restrict_public_buckets = var.step == 0
}
