# import: none (the provider has none)
resource "aws_elastic_beanstalk_application_version" "this" {
  name         = "v1"
  application  = aws_elastic_beanstalk_application.this.name
  description  = "step ${var.step}"
  bucket       = aws_s3_bucket.this.id
  key          = aws_s3_object.this.key
  process      = true
  force_delete = var.step == 1
  tags         = { Step = var.step }
}

resource "aws_elastic_beanstalk_application" "this" { name = var.name }

resource "aws_s3_bucket" "this" {
  bucket_prefix = "eb-version-"
  force_destroy = true
}

resource "aws_s3_object" "this" {
  bucket  = aws_s3_bucket.this.id
  key     = "v1.zip"
  content = "not really"
}
