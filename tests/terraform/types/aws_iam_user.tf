# import-ignores: force_destroy
resource "aws_iam_user" "this" {
  name                 = var.step == 0 ? var.name : "${var.name}-renamed"
  path                 = var.step == 0 ? "/" : "/people/"
  permissions_boundary = var.step == 0 ? null : "arn:aws:iam::aws:policy/AmazonS3FullAccess"
  force_destroy        = var.step == 1
  tags                 = { Name = var.name } # the provider tags by the new name before it renames: never both at once
}

resource "aws_iam_user" "tagged" {
  name = "${var.name}-tagged"
  tags = { Name = var.name, Step = var.step }
}
