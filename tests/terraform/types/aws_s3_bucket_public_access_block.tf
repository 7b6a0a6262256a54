# import-ignores: skip_destroy
resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = var.step == 0
  block_public_policy     = var.step == 0
  ignore_public_acls      = var.step == 1
  restrict_public_buckets = var.step == 0
}
