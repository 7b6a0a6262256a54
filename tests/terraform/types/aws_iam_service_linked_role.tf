resource "aws_iam_service_linked_role" "this" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = var.name
  description      = var.step == 0 ? "before" : "after"
  tags             = { Step = var.step }
}
