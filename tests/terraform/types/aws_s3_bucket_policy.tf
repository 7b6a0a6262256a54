resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.this[var.step].json
}

data "aws_caller_identity" "this" {}

data "aws_iam_policy_document" "this" {
  count = 2
  statement {
    sid       = "Reads${count.index}"
    actions   = count.index == 0 ? ["s3:GetObject"] : ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.this.account_id}:root"]
    }
  }
}
