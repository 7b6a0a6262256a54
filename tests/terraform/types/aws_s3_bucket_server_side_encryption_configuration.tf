resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket                = aws_s3_bucket.this.id
  expected_bucket_owner = data.aws_caller_identity.this.account_id
  rule {
    bucket_key_enabled = var.step == 1
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.step == 0 ? "AES256" : "aws:kms"
      kms_master_key_id = var.step == 0 ? null : "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    }
  }
}

data "aws_caller_identity" "this" {}
