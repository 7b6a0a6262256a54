resource "aws_vpc" "this" {
  cidr_block           = "10.103.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.103.${count.index}.0/24"
  availability_zone = "us-east-1${element(["a", "b"], count.index)}"
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = aws_subnet.this[*].id
}

resource "aws_db_instance" "this" {
  identifier           = var.name
  engine               = "postgres"
  instance_class       = "db.t3.micro"
  allocated_storage    = 20
  username             = "app"
  password             = "hunter2hunter2"
  db_subnet_group_name = aws_db_subnet_group.this.name
  skip_final_snapshot  = true
}

resource "aws_db_snapshot" "this" {
  db_instance_identifier = aws_db_instance.this.identifier
  db_snapshot_identifier = var.name
  shared_accounts        = var.step == 0 ? ["210987654321"] : ["all"]
  tags                   = { Name = var.name, Step = var.step }
}

resource "aws_db_instance" "restored" {
  identifier           = "${var.name}-restored"
  instance_class       = "db.t3.micro"
  snapshot_identifier  = aws_db_snapshot.this.id
  db_subnet_group_name = aws_db_subnet_group.this.name
  skip_final_snapshot  = true
}
