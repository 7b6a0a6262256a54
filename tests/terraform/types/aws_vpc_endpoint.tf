# The gateway endpoint of S3.
resource "aws_vpc" "this" {
  cidr_block = "10.15.0.0/16"
}

resource "aws_route_table" "first" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table" "second" {
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_endpoint" "this" {
  vpc_id          = aws_vpc.this.id
  service_name    = "com.amazonaws.us-east-1.s3"
  route_table_ids = var.step == 0 ? [aws_route_table.first.id] : [aws_route_table.first.id, aws_route_table.second.id]

  policy = var.step == 0 ? null : jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }]
  })

  tags = { Name = var.name, Step = var.step }
}
