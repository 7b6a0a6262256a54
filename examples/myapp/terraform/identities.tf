# An instance may use uploads/ and read its own source bundle.
data "aws_iam_policy_document" "instance_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instance" {
  name               = "${var.name}-instance"
  assume_role_policy = data.aws_iam_policy_document.instance_trust.json
}

data "aws_iam_policy_document" "instance" {
  statement {
    sid       = "Uploads"
    actions   = ["s3:PutObject", "s3:GetObject"]
    resources = ["${aws_s3_bucket.main.arn}/uploads/*"]
  }
  statement {
    sid       = "SourceBundle" # what the platform's own AWSElasticBeanstalkWebTier would allow, and no more
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.deployment.arn}/api/*"]
  }
}

resource "aws_iam_role_policy" "instance" {
  name   = "instance"
  role   = aws_iam_role.instance.id
  policy = data.aws_iam_policy_document.instance.json
}

resource "aws_iam_instance_profile" "instance" {
  name = "${var.name}-instance"
  role = aws_iam_role.instance.name
}

data "aws_iam_policy_document" "beanstalk_trust" {
  statement {
    actions = ["sts:AssumeRole"]
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

resource "aws_iam_role" "beanstalk" {
  name               = "${var.name}-beanstalk"
  assume_role_policy = data.aws_iam_policy_document.beanstalk_trust.json
}

resource "aws_iam_role_policy_attachment" "beanstalk" {
  for_each   = toset(["service-role/AWSElasticBeanstalkEnhancedHealth", "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy"])
  role       = aws_iam_role.beanstalk.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}
