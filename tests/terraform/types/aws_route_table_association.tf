# The API makes a new association when the table of one is replaced; the provider calls that an update.
resource "aws_vpc" "this" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.7.1.0/24"
}

resource "aws_route_table" "first" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table" "second" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table_association" "this" {
  subnet_id      = aws_subnet.this.id
  route_table_id = var.step == 0 ? aws_route_table.first.id : aws_route_table.second.id
}

output "import_id" {
  value = "${aws_route_table_association.this.subnet_id}/${aws_route_table_association.this.route_table_id}"
}
