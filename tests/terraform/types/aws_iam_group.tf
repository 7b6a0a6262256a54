resource "aws_iam_group" "this" {
  name = var.step == 0 ? var.name : "${var.name}-renamed"
  path = var.step == 0 ? "/" : "/teams/"
}
