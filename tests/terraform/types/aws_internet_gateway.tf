# Step 1 moves it from one VPC to the other.
resource "aws_vpc" "first" {
  cidr_block = "10.3.0.0/16"
}

resource "aws_vpc" "second" {
  cidr_block = "10.4.0.0/16"
}

resource "aws_internet_gateway" "this" {
  vpc_id = var.step == 0 ? aws_vpc.first.id : aws_vpc.second.id
  tags   = { Name = var.name, Step = var.step }
}
