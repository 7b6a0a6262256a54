# import-ignores: apply_immediately password skip_final_snapshot delete_automated_backups final_snapshot_identifier allow_major_version_upgrade
resource "aws_vpc" "this" {
  cidr_block           = "10.102.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.102.${count.index}.0/24"
  availability_zone = "us-east-1${element(["a", "b"], count.index)}"
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = aws_subnet.this[*].id
}

resource "aws_security_group" "this" {
  count  = 2
  name   = "${var.name}-${count.index}"
  vpc_id = aws_vpc.this.id
}

data "aws_rds_engine_version" "this" {
  engine = "postgres"
}

resource "aws_db_parameter_group" "this" {
  count  = 2
  name   = "${var.name}-${count.index}"
  family = data.aws_rds_engine_version.this.parameter_group_family
  parameter {
    name         = "max_connections"
    value        = tostring(40 + count.index)
    apply_method = "pending-reboot"
  }
}

resource "aws_db_instance" "this" {
  identifier              = var.step == 0 ? var.name : "${var.name}-renamed"
  engine                  = "postgres"
  engine_version          = var.step == 0 ? "${split(".", data.aws_rds_engine_version.this.version)[0]}.1" : data.aws_rds_engine_version.this.version
  instance_class          = var.step == 0 ? "db.t3.micro" : "db.t3.small"
  allocated_storage       = var.step == 0 ? 20 : 400
  max_allocated_storage   = var.step == 0 ? 100 : 1000
  iops                    = var.step == 0 ? null : 12500
  storage_throughput      = var.step == 0 ? null : 600
  storage_type            = var.step == 0 ? "gp2" : "gp3"
  storage_encrypted       = true
  kms_key_id              = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  db_name                 = "app"
  username                = "app"
  password                = var.step == 0 ? "hunter2hunter2" : "hunter3hunter3"
  port                    = var.step == 0 ? 5433 : 5434
  db_subnet_group_name    = aws_db_subnet_group.this.name
  vpc_security_group_ids  = [aws_security_group.this[var.step].id]
  parameter_group_name    = aws_db_parameter_group.this[var.step].name
  backup_retention_period = var.step == 0 ? 1 : 7
  backup_window           = var.step == 0 ? "03:00-03:30" : "04:00-04:30"
  maintenance_window      = var.step == 0 ? "sun:05:00-sun:05:30" : "mon:05:00-mon:05:30"
  copy_tags_to_snapshot   = var.step == 1
  apply_immediately       = true
  skip_final_snapshot     = true

  allow_major_version_upgrade         = var.step == 1
  auto_minor_version_upgrade          = var.step == 0
  availability_zone                   = "us-east-1b"
  ca_cert_identifier                  = var.step == 0 ? "rds-ca-rsa2048-g1" : "rds-ca-ecc384-g1"
  delete_automated_backups            = var.step == 0
  deletion_protection                 = var.step == 0
  engine_lifecycle_support            = "open-source-rds-extended-support-disabled"
  iam_database_authentication_enabled = var.step == 1
  license_model                       = "postgresql-license"
  network_type                        = "IPV4"
  option_group_name                   = "default:postgres-${split(".", data.aws_rds_engine_version.this.version)[0]}"
  publicly_accessible                 = var.step == 1
  monitoring_interval                 = var.step == 0 ? 0 : 30
  monitoring_role_arn                 = var.step == 0 ? null : aws_iam_role.monitoring.arn

  enabled_cloudwatch_logs_exports = var.step == 0 ? [] : ["postgresql"]

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  performance_insights_retention_period = var.step == 0 ? 7 : 465
  database_insights_mode                = var.step == 0 ? "standard" : "advanced"

  tags = { Name = var.name, Step = var.step }
}

resource "aws_iam_role" "monitoring" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "monitoring.rds.amazonaws.com" } }]
  })
}
