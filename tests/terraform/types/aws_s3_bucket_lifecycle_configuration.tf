resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket                                 = aws_s3_bucket.this.id
  expected_bucket_owner                  = data.aws_caller_identity.this.account_id
  transition_default_minimum_object_size = var.step == 0 ? "all_storage_classes_128K" : "varies_by_storage_class"

  rule {
    id     = var.step == 0 ? "logs" : "journals"
    status = var.step == 0 ? "Enabled" : "Disabled"
    filter {
      prefix = var.step == 0 ? "logs/" : "journals/"
    }
    expiration {
      days = var.step == 0 ? 60 : 90
    }
    transition {
      days          = var.step == 0 ? 30 : 45
      storage_class = var.step == 0 ? "STANDARD_IA" : "GLACIER_IR"
    }
    noncurrent_version_expiration {
      noncurrent_days           = var.step == 0 ? 7 : 8
      newer_noncurrent_versions = var.step == 0 ? 2 : 3
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = var.step == 0 ? 3 : 4
    }
  }

  rule {
    id     = "tagged"
    status = "Enabled"
    filter {
      and {
        prefix                   = var.step == 0 ? "tmp/" : "temp/"
        object_size_greater_than = var.step == 0 ? 10 : 20
        object_size_less_than    = var.step == 0 ? 1000 : 2000
        tags                     = { temporary = "yes", also = var.step == 0 ? "this" : "that" }
      }
    }
    expiration {
      days = 1
    }
  }
  rule {
    id     = "dated"
    status = "Enabled"
    filter {
      tag {
        key   = var.step == 0 ? "temporary" : "passing"
        value = var.step == 0 ? "yes" : "true"
      }
    }
    expiration {
      date = var.step == 0 ? "2040-01-01T00:00:00Z" : "2041-01-01T00:00:00Z"
    }
    transition {
      date          = var.step == 0 ? "2039-01-01T00:00:00Z" : "2039-06-01T00:00:00Z"
      storage_class = "GLACIER"
    }
  }

  rule {
    id     = "markers"
    status = "Enabled"
    filter {}
    expiration {
      expired_object_delete_marker = var.step == 0 ? true : null
      days                         = var.step == 0 ? null : 50
    }
    noncurrent_version_transition {
      newer_noncurrent_versions = var.step == 0 ? 3 : 4
      noncurrent_days           = var.step == 0 ? 30 : 40
      storage_class             = var.step == 0 ? "STANDARD_IA" : "ONEZONE_IA"
    }
  }

  rule {
    id     = "large"
    status = "Enabled"
    filter {
      object_size_greater_than = var.step == 0 ? 1000000 : 2000000
    }
    expiration {
      days = 7
    }
  }

  rule {
    id     = "small"
    status = "Enabled"
    filter {
      object_size_less_than = var.step == 0 ? 100 : 200
    }
    expiration {
      days = 7
    }
  }
}

data "aws_caller_identity" "this" {}
