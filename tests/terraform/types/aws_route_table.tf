resource "aws_vpc" "this" {
  cidr_block = "10.6.0.0/16"
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }

  dynamic "route" {
    for_each = var.step == 1 ? ["192.168.0.0/16"] : []
    content {
      cidr_block = route.value
      gateway_id = aws_internet_gateway.this.id
    }
  }

  tags = { Name = var.name, Step = var.step }
}
