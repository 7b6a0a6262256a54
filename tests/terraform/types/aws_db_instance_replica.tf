# A read replica: PostgreSQL streams to it.
# main: aws_db_instance.this
# import-ignores: apply_immediately password skip_final_snapshot delete_automated_backups final_snapshot_identifier
resource "aws_vpc" "this" {
  cidr_block           = "10.104.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.104.${count.index}.0/24"
  availability_zone = "us-east-1${element(["a", "b"], count.index)}"
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = aws_subnet.this[*].id
}

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = aws_vpc.this.id
}

resource "aws_db_instance" "source" {
  identifier              = "${var.name}-source"
  engine                  = "postgres"
  instance_class          = "db.t3.micro"
  allocated_storage       = 20
  username                = "app"
  password                = var.step == 0 ? "hunter2hunter2" : null
  db_subnet_group_name    = aws_db_subnet_group.this.name
  vpc_security_group_ids  = [aws_security_group.this.id]
  backup_retention_period = 1
  skip_final_snapshot     = true

  # RDS takes the password over; and the first of two applies that are asked to be at once.
  manage_master_user_password     = var.step == 0 ? null : true
  apply_immediately               = var.step == 1
  performance_insights_enabled    = var.step == 1
  performance_insights_kms_key_id = var.step == 0 ? null : "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

# Stands on its own feet in step 1.
resource "aws_db_instance" "promoted" {
  identifier             = "${var.name}-promoted"
  replicate_source_db    = var.step == 0 ? aws_db_instance.source.identifier : null
  instance_class         = "db.t3.micro"
  vpc_security_group_ids = [aws_security_group.this.id]
  skip_final_snapshot    = true
}

resource "aws_db_instance" "this" {
  identifier             = var.name
  replicate_source_db    = aws_db_instance.source.identifier
  instance_class         = var.step == 0 ? "db.t3.micro" : "db.t3.small"
  vpc_security_group_ids = [aws_security_group.this.id]
  copy_tags_to_snapshot  = var.step == 1
  apply_immediately      = true
  skip_final_snapshot    = true

  tags = { Name = var.name, Step = var.step }
}
