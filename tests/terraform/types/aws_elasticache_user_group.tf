resource "aws_elasticache_user" "default" {
  user_id              = "${var.name}-default"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
}

resource "aws_elasticache_user" "app" {
  user_id       = "${var.name}-app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
  passwords     = ["hunter2hunter2hunter2"]
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = var.name
  engine        = "redis"
  user_ids      = var.step == 0 ? [aws_elasticache_user.default.user_id] : [aws_elasticache_user.default.user_id, aws_elasticache_user.app.user_id]
  tags          = { Name = var.name, Step = var.step }
}
