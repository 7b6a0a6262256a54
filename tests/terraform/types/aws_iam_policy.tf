resource "aws_iam_policy" "this" {
  name        = var.name
  path        = "/apps/"
  description = "what the app may do"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.step == 0 ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject"], Resource = "*" }]
  })
  tags = { Name = var.name, Step = var.step }
}

resource "aws_iam_policy" "prefixed" {
  name_prefix = "prefixed-"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" }]
  })
}
