resource "aws_iam_group_policy" "this" {
  name  = var.name
  group = aws_iam_group.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.step == 0 ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject"], Resource = "*" }]
  })
}

resource "aws_iam_group" "this" { name = var.name }

output "import_id" { value = "${var.name}:${var.name}" }

resource "aws_iam_group_policy" "prefixed" {
  name_prefix = "prefixed-"
  group       = aws_iam_group.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" }]
  })
}
