# import-ignores: apply_immediately auth_token auth_token_update_strategy
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
  name   = var.name
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
  engine_version             = "7.0"
  node_type                  = var.step == 0 ? "cache.t3.micro" : "cache.t3.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = false
  port                       = 6380
  parameter_group_name       = var.step == 0 ? "default.redis7" : aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = "hunter2hunter2hunter2"
  snapshot_retention_limit   = var.step == 0 ? 0 : 3
  snapshot_window            = var.step == 0 ? "05:00-06:00" : "07:00-08:00"
  maintenance_window         = var.step == 0 ? "sun:08:00-sun:09:00" : "mon:08:00-mon:09:00"
  apply_immediately          = true
  tags                       = { Name = var.name, Step = var.step }
}
