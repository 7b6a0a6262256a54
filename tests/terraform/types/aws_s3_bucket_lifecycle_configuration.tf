resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket                                 = aws_s3_bucket.this.id
  expected_bucket_owner                  = data.aws_caller_identity.this.account_id
  transition_default_minimum_object_size = var.step == 0 ? "all_storage_classes_128K" : "varies_by_storage_class"

  rule {
    id     = "logs"
    status = var.step == 0 ? "Enabled" : "Disabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = var.step == 0 ? 30 : 60
    }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    noncurrent_version_expiration {
      noncurrent_days           = 7
      newer_noncurrent_versions = 2
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
  }

  rule {
    id     = "tagged"
    status = "Enabled"
    filter {
      and {
        prefix                   = "tmp/"
        object_size_greater_than = 10
        object_size_less_than    = var.step == 0 ? 1000 : 2000
        tags                     = { temporary = "yes", also = "this" }
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
        key   = "temporary"
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
      expired_object_delete_marker = true
    }
    noncurrent_version_transition {
      newer_noncurrent_versions = 3
      noncurrent_days           = var.step == 0 ? 30 : 40
      storage_class             = "STANDARD_IA"
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
