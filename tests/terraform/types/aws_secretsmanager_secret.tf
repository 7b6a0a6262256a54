# import-ignores: force_overwrite_replica_secret recovery_window_in_days
resource "aws_secretsmanager_secret" "this" {
  name                    = "${var.name}/database"
  description             = var.step == 0 ? "before" : "after"
  recovery_window_in_days = 0
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
