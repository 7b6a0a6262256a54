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

output "import_id" {
  value = "${aws_security_group.this.id}_ingress_tcp_80_81_10.0.0.0/8_192.168.0.0/16"
}
