resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    object_ownership = var.step == 0 ? "BucketOwnerPreferred" : "BucketOwnerEnforced"
  }
}
