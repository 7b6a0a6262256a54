resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket                                 = aws_s3_bucket.this.id
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
        tags                     = { temporary = "yes", also = "this" }
      }
    }
    expiration {
      days = 1
    }
  }
}
