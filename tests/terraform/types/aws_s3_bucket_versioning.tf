resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket                = aws_s3_bucket.this.id
  expected_bucket_owner = data.aws_caller_identity.this.account_id
  versioning_configuration {
    mfa_delete = "Disabled"
    status     = var.step == 0 ? "Enabled" : "Suspended"
  }
}

# A version and a marker, for the bucket's force_destroy.
resource "aws_s3_object" "this" {
  bucket     = aws_s3_bucket.this.id
  key        = "a"
  content    = "step ${var.step}"
  depends_on = [aws_s3_bucket_versioning.this]
}

data "aws_caller_identity" "this" {}
