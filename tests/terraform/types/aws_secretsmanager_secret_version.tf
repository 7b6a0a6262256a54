# import-ignores: has_secret_string_wo
# replaces: aws_secretsmanager_secret_version.write_only
resource "aws_secretsmanager_secret" "this" {
  name                    = var.name
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id      = aws_secretsmanager_secret.this.id
  secret_string  = jsonencode({ user = "app", password = "hunter2" })
  version_stages = var.step == 0 ? ["AWSCURRENT"] : ["AWSCURRENT", "REVIEWED"]
}

data "aws_secretsmanager_secret_version" "this" {
  secret_id  = aws_secretsmanager_secret.this.id
  depends_on = [aws_secretsmanager_secret_version.this]
  lifecycle {
    postcondition {
      condition     = jsondecode(self.secret_string).password == "hunter2"
      error_message = "another secret"
    }
  }
}

resource "aws_secretsmanager_secret" "others" {
  count                   = 2
  name                    = "${var.name}-${count.index}"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "binary" {
  secret_id     = aws_secretsmanager_secret.others[0].id
  secret_binary = base64encode("bytes")
}

resource "aws_secretsmanager_secret_version" "write_only" {
  secret_id                = aws_secretsmanager_secret.others[1].id
  secret_string_wo         = "never in the state ${var.step}"
  secret_string_wo_version = 1 + var.step
}

data "aws_secretsmanager_secret_version" "write_only" {
  secret_id  = aws_secretsmanager_secret.others[1].id
  depends_on = [aws_secretsmanager_secret_version.write_only]
  lifecycle {
    postcondition {
      condition     = self.secret_string == "never in the state ${var.step}"
      error_message = "another secret"
    }
  }
}
