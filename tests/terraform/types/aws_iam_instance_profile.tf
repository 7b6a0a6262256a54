resource "aws_iam_instance_profile" "this" {
  name = var.name
  path = "/apps/"
  role = var.step == 0 ? aws_iam_role.this.name : aws_iam_role.other.name
  tags = { Step = var.step }
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "other" {
  name = "${var.name}-other"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_instance_profile" "prefixed" {
  name_prefix = "prefixed-"
  role        = aws_iam_role.this.name
}
