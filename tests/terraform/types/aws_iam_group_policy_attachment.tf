# update: none (both arguments are its identity)
resource "aws_iam_group_policy_attachment" "this" {
  group      = aws_iam_group.this.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_group" "this" { name = var.name }

output "import_id" { value = "${aws_iam_group.this.name}/arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
