# main: aws_vpc_endpoint.this
# import-ignores: auto_accept
# An interface endpoint, with addresses that are chosen.
resource "aws_vpc_endpoint" "this" {
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.us-east-1.secretsmanager"
  service_region      = "us-east-1"
  vpc_endpoint_type   = "Interface"
  auto_accept         = var.step == 0
  ip_address_type     = "ipv4"
  private_dns_enabled = var.step == 1
  security_group_ids  = var.step == 0 ? [aws_security_group.first.id] : [aws_security_group.second.id]
  subnet_ids          = [aws_subnet.this[0].id, aws_subnet.this[1 + var.step].id]

  dns_options { dns_record_ip_type = var.step == 0 ? "ipv4" : "service-defined" }

  subnet_configuration {
    subnet_id = aws_subnet.this[0].id
    ipv4      = "10.21.0.2${var.step}"
  }

  subnet_configuration {
    subnet_id = aws_subnet.this[1 + var.step].id
    ipv4      = "10.21.${1 + var.step}.20"
  }

  tags = { Name = var.name, Step = var.step }
}

resource "aws_vpc" "this" {
  cidr_block           = "10.21.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.21.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

resource "aws_security_group" "first" {
  name   = "${var.name}-1"
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group" "second" {
  name   = "${var.name}-2"
  vpc_id = aws_vpc.this.id
}

data "aws_availability_zones" "this" { state = "available" }
