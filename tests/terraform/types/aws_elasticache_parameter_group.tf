resource "aws_elasticache_parameter_group" "this" {
  name        = var.name
  family      = "redis7"
  description = "Parameters"

  parameter {
    name  = "maxmemory-policy"
    value = var.step == 0 ? "allkeys-lru" : "allkeys-lfu"
  }

  dynamic "parameter" {
    for_each = var.step == 0 ? ["timeout"] : ["databases"]
    content {
      name  = parameter.value
      value = "30"
    }
  }

  tags = { Name = var.name, Step = var.step }
}
