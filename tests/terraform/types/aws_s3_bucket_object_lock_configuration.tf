resource "aws_s3_bucket" "this" {
  bucket              = var.name
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  bucket                = aws_s3_bucket.this.id
  expected_bucket_owner = data.aws_caller_identity.this.account_id
  object_lock_enabled   = "Enabled"
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = var.step == 0 ? 5 : 10
    }
  }
}

data "aws_caller_identity" "this" {}

resource "aws_s3_bucket" "years" {
  bucket              = "${var.name}-years"
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "years" {
  bucket = aws_s3_bucket.years.id
  rule {
    default_retention {
      mode  = var.step == 0 ? "GOVERNANCE" : "COMPLIANCE"
      years = var.step == 0 ? 1 : 2
    }
  }
}
