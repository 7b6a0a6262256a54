resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_cors_configuration" "this" {
  bucket                = aws_s3_bucket.this.id
  expected_bucket_owner = data.aws_caller_identity.this.account_id

  cors_rule {
    id              = var.step == 0 ? "uploads" : "puts"
    allowed_headers = var.step == 0 ? ["*"] : ["x-amz-*", "Content-Type"]
    allowed_methods = var.step == 0 ? ["PUT", "POST"] : ["PUT"]
    allowed_origins = ["https://app.example.com"]
    expose_headers  = var.step == 0 ? ["ETag"] : ["ETag", "x-amz-version-id"]
    max_age_seconds = 3000 + var.step
  }

  dynamic "cors_rule" {
    for_each = var.step == 0 ? [] : [1]
    content {
      allowed_methods = ["GET"]
      allowed_origins = ["*"]
    }
  }
}

data "aws_caller_identity" "this" {}
