# A password that RDS keeps in Secrets Manager, provisioned IOPS, two zones; and one whose password is in no state.
# main: aws_db_instance.this
# import-ignores: apply_immediately password skip_final_snapshot delete_automated_backups final_snapshot_identifier manage_master_user_password master_user_secret_kms_key_id
resource "aws_vpc" "this" {
  cidr_block           = "10.106.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.106.${count.index}.0/24"
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

resource "aws_db_instance" "this" {
  identifier_prefix             = "managed-"
  engine                        = "postgres"
  instance_class                = "db.t3.micro"
  allocated_storage             = 100
  storage_type                  = "io1"
  iops                          = var.step == 0 ? 1000 : 2000
  dedicated_log_volume          = var.step == 1
  username                      = "app"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-55555555555${var.step}"
  multi_az                      = var.step == 1
  backup_target                 = "region"
  db_subnet_group_name          = aws_db_subnet_group.this.name
  vpc_security_group_ids        = [aws_security_group.this.id]
  apply_immediately             = true
  final_snapshot_identifier     = "${var.name}-final-${var.step}"
  skip_final_snapshot           = var.step == 0
}

data "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_db_instance.this.master_user_secret[0].secret_arn
  lifecycle {
    postcondition {
      condition     = jsondecode(self.secret_string).username == "app" && length(jsondecode(self.secret_string).password) == 28
      error_message = "not the master user's"
    }
  }
}

resource "aws_db_instance" "write_only" {
  identifier             = "${var.name}-write-only"
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  username               = "app"
  password_wo            = "never-in-the-state-${var.step}"
  password_wo_version    = 1 + var.step
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  apply_immediately      = true
  skip_final_snapshot    = true
}
