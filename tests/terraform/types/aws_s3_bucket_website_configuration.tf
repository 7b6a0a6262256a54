resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_website_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  index_document {
    suffix = "index.html"
  }

  error_document {
    key = var.step == 0 ? "error.html" : "404.html"
  }

  routing_rule {
    condition {
      key_prefix_equals = "docs/"
    }
    redirect {
      replace_key_prefix_with = var.step == 0 ? "documents/" : "papers/"
    }
  }
}
