resource "aws_vpc" "this" {
  cidr_block = "10.14.0.0/16"
}

resource "aws_subnet" "first" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.14.1.0/24"
}

resource "aws_subnet" "second" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.14.2.0/24"
}

resource "aws_network_acl" "this" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = var.step == 0 ? [aws_subnet.first.id] : [aws_subnet.second.id]

  ingress {
    rule_no    = 100
    action     = var.step == 0 ? "allow" : "deny"
    protocol   = "tcp"
    from_port  = 80
    to_port    = 80
    cidr_block = "0.0.0.0/0"
  }

  ingress {
    rule_no    = 200
    action     = "allow"
    protocol   = "icmp"
    from_port  = 0
    to_port    = 0
    icmp_type  = 8
    icmp_code  = -1
    cidr_block = "10.0.0.0/8"
  }

  dynamic "egress" {
    for_each = var.step == 1 ? [100, 110] : [100]
    content {
      rule_no    = egress.value
      action     = "allow"
      protocol   = "-1"
      from_port  = 0
      to_port    = 0
      cidr_block = "10.${egress.value}.0.0/16"
    }
  }

  tags = { Name = var.name, Step = var.step }
}
