# import-ignores: passwords no_password_required authentication_mode
resource "aws_elasticache_user" "this" {
  user_id       = var.name
  user_name     = "app"
  engine        = "redis"
  access_string = var.step == 0 ? "on ~app:* -@all +@read" : "on ~app:* -@all +@read +@write"
  passwords     = var.step == 0 ? ["hunter2hunter2hunter2"] : ["hunter3hunter3hunter3"]
  tags          = { Name = var.name, Step = var.step }
}

resource "aws_elasticache_user" "open" {
  user_id              = "${var.name}-open"
  user_name            = "open"
  engine               = "redis"
  access_string        = "on ~* +@read"
  no_password_required = var.step == 0
  passwords            = var.step == 0 ? null : ["hunter2hunter2hunter2"]
}

resource "aws_elasticache_user" "mode" {
  user_id       = "${var.name}-mode"
  user_name     = "mode"
  engine        = "redis"
  access_string = "on ~* +@read"
  authentication_mode {
    type      = "password"
    passwords = var.step == 0 ? ["hunter2hunter2hunter2"] : ["hunter2hunter2hunter2", "hunter3hunter3hunter3"]
  }
}
