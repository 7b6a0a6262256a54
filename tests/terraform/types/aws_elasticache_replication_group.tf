# import-ignores: apply_immediately auth_token auth_token_update_strategy notification_topic_arn preferred_cache_cluster_azs
resource "aws_vpc" "this" {
  cidr_block           = "10.105.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.105.${count.index}.0/24"
  availability_zone = "us-east-1${element(["a", "b"], count.index)}"
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = aws_subnet.this[*].id
}

resource "aws_security_group" "this" {
  count  = 2
  name   = "${var.name}-${count.index}"
  vpc_id = aws_vpc.this.id
}

resource "aws_elasticache_parameter_group" "this" {
  name   = var.name
  family = "redis7"
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = var.step == 0 ? "before" : "after"
  engine                     = "redis"
  engine_version             = var.step == 0 ? "7.0" : "7.1"
  node_type                  = var.step == 0 ? "cache.t3.micro" : "cache.t3.small"
  num_cache_clusters         = 2 + var.step
  automatic_failover_enabled = var.step == 1
  multi_az_enabled           = var.step == 1
  port                       = 6380
  parameter_group_name       = var.step == 0 ? "default.redis7" : aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this[var.step].id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.step == 0 ? "hunter2hunter2hunter2" : "hunter3hunter3hunter3"
  snapshot_retention_limit   = var.step == 0 ? 0 : 3
  snapshot_window            = var.step == 0 ? "05:00-06:00" : "07:00-08:00"
  maintenance_window         = var.step == 0 ? "sun:08:00-sun:09:00" : "mon:08:00-mon:09:00"
  apply_immediately          = true

  auth_token_update_strategy  = var.step == 0 ? "SET" : "ROTATE"
  auto_minor_version_upgrade  = var.step == 0
  ip_discovery                = "ipv4"
  network_type                = "ipv4"
  kms_key_id                  = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  notification_topic_arn      = "arn:aws:sns:us-east-1:123456789012:${var.name}-${var.step}"
  preferred_cache_cluster_azs = var.step == 0 ? ["us-east-1b", "us-east-1a"] : ["us-east-1b", "us-east-1a", "us-east-1b"]
  transit_encryption_mode     = "required"

  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.this[var.step].name
    destination_type = "cloudwatch-logs"
    log_format       = var.step == 0 ? "text" : "json"
    log_type         = var.step == 0 ? "slow-log" : "engine-log"
  }

  tags = { Name = var.name, Step = var.step }
}

resource "aws_cloudwatch_log_group" "this" {
  count = 2
  name  = "/elasticache/${var.name}-${count.index}"
}
