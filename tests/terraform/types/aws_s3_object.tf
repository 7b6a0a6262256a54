# import-ignores: content force_destroy key acl etag version_id
# sample: yes
resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_object" "this" {
  bucket        = aws_s3_bucket.this.id
  key           = "folder/hello.html"
  content       = "<h1>${var.step}</h1>"
  etag          = md5("<h1>${var.step}</h1>")
  content_type  = var.step == 0 ? "text/html" : "text/html; charset=utf-8"
  cache_control = var.step == 0 ? "max-age=60" : "no-cache"
  metadata      = { step = var.step }
  storage_class = var.step == 0 ? "STANDARD" : "STANDARD_IA"
  tags          = { Name = var.name, Step = var.step }
}

data "aws_s3_object" "this" {
  bucket     = aws_s3_bucket.this.id
  key        = aws_s3_object.this.key
  depends_on = [aws_s3_object.this]
  lifecycle {
    postcondition {
      condition     = self.body == "<h1>${var.step}</h1>"
      error_message = "other bytes"
    }
  }
}

output "import_id" {
  value = "${aws_s3_bucket.this.id}/${aws_s3_object.this.key}"
}

resource "aws_s3_object" "file" {
  bucket        = aws_s3_bucket.this.id
  key           = "file.pem"
  source        = "${var.files}/${var.step == 0 ? "certificate" : "issuer"}.pem"
  force_destroy = var.step == 1
}
