# import-ignores: secret ses_smtp_password_v4 create_date
# import: none (the secret is told once, at creation; the provider cannot import it)
resource "aws_iam_access_key" "this" {
  user   = aws_iam_user.this.name
  status = var.step == 0 ? "Active" : "Inactive"
}

resource "aws_iam_user" "this" { name = var.name }
