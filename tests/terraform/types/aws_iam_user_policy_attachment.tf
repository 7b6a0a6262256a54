# update: none (both arguments are its identity)
resource "aws_iam_user_policy_attachment" "this" {
  user       = aws_iam_user.this.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_user" "this" { name = var.name }

output "import_id" { value = "${aws_iam_user.this.name}/arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
