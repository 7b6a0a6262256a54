# import-ignores: revoke_rules_on_delete
resource "aws_vpc" "this" {
  cidr_block = "10.13.0.0/16"
}

resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  dynamic "ingress" {
    for_each = var.step == 1 ? [443] : []
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["10.13.0.0/16"]
    }
  }

  revoke_rules_on_delete = var.step == 1

  dynamic "egress" {
    for_each = var.step == 1 ? ["0.0.0.0/0"] : []
    content {
      protocol    = "-1"
      from_port   = 0
      to_port     = 0
      cidr_blocks = [egress.value]
    }
  }

  tags = { Name = var.name, Step = var.step }
}
