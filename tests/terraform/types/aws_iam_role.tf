# sample: yes
# import-ignores: force_detach_policies
resource "aws_iam_role" "this" {
  name                  = var.name
  path                  = "/apps/"
  description           = var.step == 0 ? "before" : "after"
  max_session_duration  = var.step == 0 ? 3600 : 7200
  permissions_boundary  = var.step == 0 ? null : "arn:aws:iam::aws:policy/AmazonS3FullAccess"
  force_detach_policies = var.step == 1
  assume_role_policy    = data.aws_iam_policy_document.trust.json
  tags                  = { Name = var.name, Step = var.step }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = var.step == 0 ? ["ec2.amazonaws.com"] : ["ec2.amazonaws.com", "lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "prefixed" {
  name_prefix        = "prefixed-"
  assume_role_policy = var.step == 0 ? data.aws_iam_policy_document.trust.json : data.aws_iam_policy_document.other.json
}

data "aws_iam_policy_document" "other" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["elasticbeanstalk.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["elasticbeanstalk"]
    }
  }
}
