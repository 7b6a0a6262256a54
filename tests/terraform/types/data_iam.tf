# sample: yes
data "aws_iam_policy_document" "this" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["web"]
    }
  }
}

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Base"
    actions   = ["sts:GetCallerIdentity"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "this" {
  name   = var.name
  policy = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy" "this" {
  arn = aws_iam_policy.this.arn
  lifecycle {
    postcondition {
      condition     = length(jsondecode(self.policy).Statement) == 2
      error_message = "not the document that was written"
    }
  }
}

data "aws_caller_identity" "this" {
  lifecycle {
    postcondition {
      condition     = length(self.account_id) == 12 && startswith(self.arn, "arn:aws:iam::${self.account_id}:")
      error_message = "not an identity: ${self.arn}"
    }
  }
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

data "aws_iam_role" "this" {
  name = aws_iam_role.this.name
  lifecycle {
    postcondition {
      condition     = self.arn == aws_iam_role.this.arn
      error_message = "another role"
    }
  }
}

resource "aws_iam_group" "this" { name = var.name }

resource "aws_iam_user" "this" { name = var.name }

resource "aws_iam_group_membership" "this" {
  name  = var.name
  group = aws_iam_group.this.name
  users = [aws_iam_user.this.name]
}

data "aws_iam_group" "this" {
  group_name = aws_iam_group_membership.this.group
  lifecycle {
    postcondition {
      condition     = [for user in self.users : user.user_name] == [var.name]
      error_message = "not its members"
    }
  }
}
