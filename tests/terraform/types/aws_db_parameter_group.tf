# import-ignores: skip_destroy
data "aws_rds_engine_version" "this" {
  engine = "postgres"
}

resource "aws_db_parameter_group" "this" {
  name        = var.name
  family      = data.aws_rds_engine_version.this.parameter_group_family
  description = "Parameters"

  parameter {
    name  = "log_min_duration_statement"
    value = var.step == 0 ? "500" : "1000"

    apply_method = var.step == 0 ? "immediate" : "pending-reboot"
  }

  parameter {
    name         = "max_connections"
    value        = "50"
    apply_method = "pending-reboot"
  }

  dynamic "parameter" {
    for_each = var.step == 0 ? ["work_mem"] : ["maintenance_work_mem"]
    content {
      name  = parameter.value
      value = "8192"
    }
  }

  tags = { Name = var.name, Step = var.step }
}

resource "aws_db_parameter_group" "prefixed" {
  name_prefix  = "prefixed-"
  family       = data.aws_rds_engine_version.this.parameter_group_family
  skip_destroy = var.step == 0
}
