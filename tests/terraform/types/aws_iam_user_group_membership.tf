resource "aws_iam_user_group_membership" "this" {
  user   = aws_iam_user.this.name
  groups = var.step == 0 ? [aws_iam_group.first.name] : [aws_iam_group.second.name]
}

resource "aws_iam_user" "this" { name = var.name }
resource "aws_iam_group" "first" { name = "${var.name}-1" }
resource "aws_iam_group" "second" { name = "${var.name}-2" }

output "import_id" { value = "${var.name}/${var.step == 0 ? aws_iam_group.first.name : aws_iam_group.second.name}" }
