# import-ignores: overwrite
# sample: yes
resource "aws_ssm_parameter" "this" {
  name        = "/${var.name}/database/url"
  type        = "String"
  description = var.step == 0 ? "before" : "after"
  value       = var.step == 0 ? "postgres://one" : "postgres://two"
  tier        = var.step == 0 ? "Standard" : "Advanced"
  tags        = { Name = var.name, Step = var.step }
}

resource "aws_ssm_parameter" "list" {
  name  = "/${var.name}/list"
  type  = "StringList"
  value = var.step == 0 ? "a,b" : "a,b,c"
}

resource "aws_ssm_parameter" "secret" {
  name  = "/${var.name}/secret"
  type  = "SecureString"
  value = var.step == 0 ? "hunter2" : "hunter3"
}

resource "aws_ssm_parameter" "bounded" {
  name            = "${var.name}-bounded"
  type            = "String"
  value           = "17"
  allowed_pattern = "^\\d+$"
}
