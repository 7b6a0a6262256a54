resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket" "logs" {
  count         = 2
  bucket        = "${var.name}-logs-${count.index}"
  force_destroy = true # what was logged until then
}

resource "aws_s3_bucket_logging" "this" {
  bucket                = aws_s3_bucket.this.id
  expected_bucket_owner = data.aws_caller_identity.this.account_id
  target_bucket         = aws_s3_bucket.logs[var.step].id
  target_prefix         = var.step == 0 ? "log/" : "access/"

  target_grant {
    permission = var.step == 0 ? "READ" : "FULL_CONTROL"
    grantee {
      type = var.step == 0 ? "CanonicalUser" : "Group"
      id   = var.step == 0 ? data.aws_canonical_user_id.this.id : null
      uri  = var.step == 0 ? null : "http://acs.amazonaws.com/groups/global/AllUsers"
    }
  }

  target_grant {
    permission = "READ"
    grantee {
      type = "Group"
      uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
    }
  }

  dynamic "target_object_key_format" {
    for_each = var.step == 0 ? [] : [1]
    content {
      partitioned_prefix {
        partition_date_source = "EventTime"
      }
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  count  = 2
  bucket = aws_s3_bucket.logs[count.index].id
  policy = data.aws_iam_policy_document.logs[count.index].json
}

data "aws_iam_policy_document" "logs" {
  count = 2
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs[count.index].arn}/*"]
    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.this.arn]
    }
  }
}

data "aws_caller_identity" "this" {}

data "aws_canonical_user_id" "this" {}

resource "aws_s3_bucket_ownership_controls" "logs" {
  count  = 2
  bucket = aws_s3_bucket.logs[count.index].id
  rule { object_ownership = "BucketOwnerPreferred" } # else a target grant is refused
}
