# import-ignores: skip_destroy
# sample: yes
resource "aws_cloudwatch_log_group" "this" {
  name              = "/landfall/${var.name}"
  retention_in_days = var.step == 0 ? 7 : 30
  tags              = { Name = var.name, Step = var.step }
}

resource "aws_cloudwatch_log_group" "prefixed" {
  name_prefix     = "/prefixed/"
  log_group_class = "INFREQUENT_ACCESS"
  skip_destroy    = var.step == 0
  kms_key_id      = var.step == 0 ? null : "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}
