# import-ignores: skip_destroy
# sample: yes
resource "aws_cloudwatch_log_group" "this" {
  name              = "/landfall/${var.name}"
  retention_in_days = var.step == 0 ? 7 : 30
  tags              = { Name = var.name, Step = var.step }
}
