resource "aws_iam_user_policy" "this" {
  name = var.name
  user = aws_iam_user.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.step == 0 ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject"], Resource = "*" }]
  })
}

resource "aws_iam_user" "this" { name = var.name }

output "import_id" { value = "${var.name}:${var.name}" }

resource "aws_iam_user_policy" "prefixed" {
  name_prefix = "prefixed-"
  user        = aws_iam_user.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" }]
  })
}
