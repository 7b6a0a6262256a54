# main: aws_lb.this
# import-ignores: name_prefix
# By prefix and mappings, on the internet's side.
resource "aws_lb" "this" {
  name_prefix     = "ify-"
  security_groups = [aws_security_group.this.id]
  idle_timeout    = var.step == 0 ? 30 : 31
  tags            = { Name = var.name }

  subnet_mapping { subnet_id = aws_subnet.this[var.step].id }
  subnet_mapping { subnet_id = aws_subnet.this[2].id }

  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = var.step == 1
  }

  depends_on = [aws_internet_gateway.this, aws_s3_bucket_policy.logs]
}

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc" "this" { cidr_block = "10.126.0.0/16" }

resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }

resource "aws_subnet" "this" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.126.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }

resource "aws_s3_bucket" "logs" {
  bucket        = "${var.name}-logs"
  force_destroy = true # enabling writes a test file
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "s3:PutObject"
      Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
      Resource  = "${aws_s3_bucket.logs.arn}/*"
    }]
  })
}
