resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_website_configuration" "this" {
  bucket                = aws_s3_bucket.this.id
  expected_bucket_owner = data.aws_caller_identity.this.account_id

  index_document {
    suffix = var.step == 0 ? "index.html" : "default.html"
  }

  error_document {
    key = var.step == 0 ? "error.html" : "404.html"
  }

  routing_rule {
    condition {
      http_error_code_returned_equals = var.step == 0 ? "404" : "403"
    }
    redirect {
      host_name          = var.step == 0 ? "archive.example.com" : "attic.example.com"
      protocol           = var.step == 0 ? "https" : "http"
      http_redirect_code = var.step == 0 ? "302" : "307"
      replace_key_with   = var.step == 0 ? "found.html" : "sorry.html"
    }
  }

  routing_rule {
    condition {
      key_prefix_equals = var.step == 0 ? "docs/" : "doc/"
    }
    redirect {
      replace_key_prefix_with = var.step == 0 ? "documents/" : "papers/"
    }
  }
}

data "aws_caller_identity" "this" {}

resource "aws_s3_bucket" "moved" {
  bucket = "${var.name}-moved"
}

resource "aws_s3_bucket_website_configuration" "moved" {
  bucket = aws_s3_bucket.moved.id
  redirect_all_requests_to {
    host_name = var.step == 0 ? "www.example.com" : "example.com"
    protocol  = var.step == 0 ? "http" : "https"
  }
}

resource "aws_s3_bucket" "json" {
  bucket = "${var.name}-json"
}

resource "aws_s3_bucket_website_configuration" "json" {
  bucket = aws_s3_bucket.json.id
  index_document { suffix = "index.html" }
  routing_rules = jsonencode([{
    Condition = { KeyPrefixEquals = "old/" }
    Redirect  = { ReplaceKeyPrefixWith = var.step == 0 ? "new/" : "newer/" }
  }])
}
