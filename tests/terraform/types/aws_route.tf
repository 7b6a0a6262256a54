resource "aws_vpc" "this" {
  cidr_block = "10.8.0.0/16"
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.8.1.0/24"
}

resource "aws_network_interface" "this" {
  subnet_id = aws_subnet.this.id
}

resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route" "this" {
  route_table_id         = aws_route_table.this.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = var.step == 0 ? aws_internet_gateway.this.id : null
  network_interface_id   = var.step == 1 ? aws_network_interface.this.id : null
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
}

resource "aws_nat_gateway" "this" {
  count             = 2
  connectivity_type = "private"
  subnet_id         = aws_subnet.this.id
}

resource "aws_route" "nat" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.step].id
}

output "import_id" {
  value = "${aws_route_table.this.id}_0.0.0.0/0"
}
