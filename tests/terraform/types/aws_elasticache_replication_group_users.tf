# One that is counted in node groups, and asks its clients who they are.
# main: aws_elasticache_replication_group.this
# import-ignores: apply_immediately auth_token auth_token_update_strategy
resource "aws_vpc" "this" {
  cidr_block           = "10.107.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.107.${count.index}.0/24"
  availability_zone = "us-east-1${element(["a", "b"], count.index)}"
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = aws_subnet.this[*].id
}

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = aws_vpc.this.id
}

resource "aws_elasticache_user" "default" {
  user_id              = "${var.name}-default"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
}

resource "aws_elasticache_user_group" "this" {
  count         = 2
  user_group_id = "${var.name}-${count.index}"
  engine        = "redis"
  user_ids      = [aws_elasticache_user.default.user_id]
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "step ${var.step}"
  engine                     = "redis"
  node_type                  = "cache.t3.micro"
  num_node_groups            = 1
  replicas_per_node_group    = var.step == 0 ? 0 : 1
  data_tiering_enabled       = false
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.this[var.step].user_group_id]
  apply_immediately          = var.step == 1
}
