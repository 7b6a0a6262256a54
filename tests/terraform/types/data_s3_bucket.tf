resource "aws_s3_bucket" "this" {
  bucket = var.name
}

data "aws_s3_bucket" "this" {
  bucket = aws_s3_bucket.this.id
  lifecycle {
    postcondition {
      condition     = self.arn == aws_s3_bucket.this.arn && self.region == "us-east-1"
      error_message = "another bucket"
    }
  }
}
