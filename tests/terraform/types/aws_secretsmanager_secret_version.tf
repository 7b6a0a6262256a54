# import-ignores: has_secret_string_wo
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
