resource "aws_vpc" "this" {
  cidr_block = "10.10.0.0/16"
}

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group_rule" "this" {
  type              = "ingress"
  security_group_id = aws_security_group.this.id
  protocol          = "tcp"
  from_port         = 80
  to_port           = 81
  cidr_blocks       = ["10.0.0.0/8", "192.168.0.0/16"]
  description       = "step ${var.step}"
}

resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_security_group.this.id
  protocol          = "all"
  from_port         = 0
  to_port           = 0
  self              = true
}

resource "aws_security_group_rule" "ipv6" {
  type              = "ingress"
  security_group_id = aws_security_group.this.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  ipv6_cidr_blocks  = ["::/0"]
}

resource "aws_security_group_rule" "of_a_group" {
  type                     = "ingress"
  security_group_id        = aws_security_group.this.id
  protocol                 = "tcp"
  from_port                = 8080
  to_port                  = 8080
  source_security_group_id = aws_security_group.other.id
}

resource "aws_security_group_rule" "to_s3" {
  type              = "egress"
  security_group_id = aws_security_group.this.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_ids   = [data.aws_ec2_managed_prefix_list.s3.id]
}

resource "aws_security_group" "other" {
  name   = "${var.name}-other"
  vpc_id = aws_vpc.this.id
}

data "aws_ec2_managed_prefix_list" "s3" { name = "com.amazonaws.us-east-1.s3" }

output "import_id" {
  value = "${aws_security_group.this.id}_ingress_tcp_80_81_10.0.0.0/8_192.168.0.0/16"
}
