# What the first file of this type has no room for: an object under lock, with headers of its own.
# main: aws_s3_object.this
# import-ignores: content_base64 source_hash checksum_algorithm force_destroy key acl etag version_id override_provider
resource "aws_s3_bucket" "this" {
  bucket              = var.name
  object_lock_enabled = true
  force_destroy       = true
}

resource "aws_s3_object" "this" {
  bucket                        = aws_s3_bucket.this.id
  key                           = "options.txt"
  content_base64                = base64encode("step ${var.step}")
  source_hash                   = md5("step ${var.step}")
  acl                           = var.step == 0 ? "private" : "bucket-owner-full-control"
  checksum_algorithm            = var.step == 0 ? "SHA256" : "CRC32"
  content_disposition           = var.step == 0 ? "inline" : "attachment; filename=\"a.txt\""
  content_encoding              = var.step == 0 ? "identity" : "aws-odd"
  content_language              = var.step == 0 ? "en" : "de"
  content_type                  = var.step == 0 ? "text/plain" : "text/markdown"
  server_side_encryption        = "AES256"
  bucket_key_enabled            = false
  website_redirect              = var.step == 0 ? "/one" : "/two"
  force_destroy                 = true # past its retention
  object_lock_legal_hold_status = var.step == 0 ? "ON" : "OFF"
  object_lock_mode              = "GOVERNANCE"
  object_lock_retain_until_date = var.step == 0 ? "2040-01-01T00:00:00Z" : "2041-01-01T00:00:00Z"

  override_provider {
    default_tags {
      tags = {}
    }
  }
}

output "import_id" {
  value = "${aws_s3_bucket.this.id}/${aws_s3_object.this.key}"
}

# Locked by and by.
resource "aws_s3_object" "locked" {
  bucket                        = aws_s3_bucket.this.id
  key                           = "locked.txt"
  content                       = "kept"
  force_destroy                 = true
  object_lock_mode              = var.step == 0 ? null : "GOVERNANCE"
  object_lock_retain_until_date = var.step == 0 ? null : "2040-01-01T00:00:00Z"
}
