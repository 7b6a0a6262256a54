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
  allowed_pattern = var.step == 0 ? "^\\d+$" : "^[0-9]{2}$"
}

resource "aws_ssm_parameter" "insecure" {
  name           = "/${var.name}/insecure"
  type           = "String"
  insecure_value = "step ${var.step}"
  overwrite      = var.step == 1 # then it may change
}

resource "aws_ssm_parameter" "image" {
  name      = "/${var.name}/image"
  type      = "String"
  data_type = "aws:ec2:image"
  value     = data.aws_ssm_parameter.image.value
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_ssm_parameter" "write_only" {
  name             = "/${var.name}/write-only"
  type             = "SecureString"
  key_id           = var.step == 0 ? "alias/one" : "alias/two"
  value_wo         = "never in the state ${var.step}"
  value_wo_version = 1 + var.step
}

resource "aws_ssm_parameter" "hidden" {
  name  = "/${var.name}/hidden"
  type  = var.step == 0 ? "String" : "SecureString"
  value = "a secret by and by"
}
