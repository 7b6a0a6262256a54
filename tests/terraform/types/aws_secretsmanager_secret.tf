# import-ignores: force_overwrite_replica_secret recovery_window_in_days
resource "aws_secretsmanager_secret" "this" {
  name                    = "${var.name}/database"
  description             = var.step == 0 ? "before" : "after"
  recovery_window_in_days = var.step == 0 ? 7 : 0 # gone at once when it is destroyed
  kms_key_id              = var.step == 0 ? "alias/one" : "alias/two"
  policy = var.step == 0 ? null : jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "secretsmanager:GetSecretValue"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.this.account_id}:root" }
      Resource  = "*"
    }]
  })
  tags = { Name = var.name, Step = var.step }
}

data "aws_caller_identity" "this" {}

resource "aws_secretsmanager_secret" "prefixed" {
  name_prefix             = "prefixed-"
  recovery_window_in_days = 0
}
