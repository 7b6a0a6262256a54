resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration {
    status = var.step == 0 ? "Enabled" : "Suspended"
  }
}

# A version and a marker, for the bucket's force_destroy.
resource "aws_s3_object" "this" {
  bucket     = aws_s3_bucket.this.id
  key        = "a"
  content    = "step ${var.step}"
  depends_on = [aws_s3_bucket_versioning.this]
}
