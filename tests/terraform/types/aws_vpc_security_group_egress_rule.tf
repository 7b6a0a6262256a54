resource "aws_vpc" "this" {
  cidr_block = "10.12.0.0/16"
}

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_egress_rule" "this" {
  security_group_id = aws_security_group.this.id
  ip_protocol       = var.step == 0 ? "udp" : "tcp"
  from_port         = var.step == 0 ? 53 : 853
  to_port           = var.step == 0 ? 53 : 854
  cidr_ipv4         = var.step == 0 ? "0.0.0.0/0" : "10.12.0.0/16"
  description       = "step ${var.step}"
  tags              = { Name = var.name, Step = var.step }
}

resource "aws_vpc_security_group_egress_rule" "ipv6" {
  security_group_id = aws_security_group.this.id
  ip_protocol       = "-1"
  cidr_ipv6         = var.step == 0 ? "::/0" : "fd00::/8"
}

resource "aws_vpc_security_group_egress_rule" "to_s3" {
  security_group_id = aws_security_group.this.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = var.step == 0 ? data.aws_ec2_managed_prefix_list.s3.id : data.aws_ec2_managed_prefix_list.dynamodb.id
}

resource "aws_vpc_security_group_egress_rule" "of_a_group" {
  security_group_id            = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = var.step == 0 ? aws_security_group.this.id : aws_security_group.other.id
}

resource "aws_security_group" "other" {
  name   = "${var.name}-other"
  vpc_id = aws_vpc.this.id
}

data "aws_ec2_managed_prefix_list" "dynamodb" { name = "com.amazonaws.us-east-1.dynamodb" }

data "aws_ec2_managed_prefix_list" "s3" { name = "com.amazonaws.us-east-1.s3" }
