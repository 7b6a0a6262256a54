resource "aws_vpc" "this" {
  cidr_block           = "10.101.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.101.${count.index}.0/24"
  availability_zone = "us-east-1${element(["a", "b", "c"], count.index)}"
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = var.step == 0 ? "before" : "after"
  subnet_ids  = [aws_subnet.this[0].id, aws_subnet.this[1 + var.step].id]
  tags        = { Name = var.name, Step = var.step }
}

resource "aws_db_subnet_group" "prefixed" {
  name_prefix = "prefixed-"
  subnet_ids  = aws_subnet.this[*].id
}
