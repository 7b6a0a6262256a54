# import: none (the provider has none)
resource "aws_iam_group_membership" "this" {
  name  = var.name
  group = aws_iam_group.this.name
  users = var.step == 0 ? [aws_iam_user.first.name] : [aws_iam_user.first.name, aws_iam_user.second.name]
}

resource "aws_iam_group" "this" { name = var.name }
resource "aws_iam_user" "first" { name = "${var.name}-1" }
resource "aws_iam_user" "second" { name = "${var.name}-2" }
