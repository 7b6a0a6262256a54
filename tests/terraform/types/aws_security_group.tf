# sample: yes
# import-ignores: revoke_rules_on_delete
resource "aws_vpc" "this" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_security_group" "other" {
  name   = "${var.name}-other"
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group" "prefix" {
  name_prefix = "${var.name}-"
  vpc_id      = aws_vpc.this.id
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "of a test"

  revoke_rules_on_delete = var.step == 1

  vpc_id = aws_vpc.this.id

  ingress {
    description = "web"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = var.step == 0 ? ["0.0.0.0/0"] : ["10.0.0.0/8", "192.168.0.0/16"]
  }

  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8090
    security_groups = [aws_security_group.other.id]
    self            = true
  }

  ingress {
    protocol    = "icmp"
    from_port   = 8
    to_port     = 0
    cidr_blocks = ["10.9.0.0/16"]
  }

  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = var.step == 0 ? ["::/0"] : []
  }

  tags = { Name = var.name, Step = var.step }
}
