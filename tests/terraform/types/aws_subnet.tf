# sample: yes
resource "aws_vpc" "this" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "by_id" {
  vpc_id               = aws_vpc.this.id
  cidr_block           = "10.2.2.0/24"
  availability_zone_id = "use1-az3"
}

resource "aws_subnet" "this" {
  vpc_id                                      = aws_vpc.this.id
  cidr_block                                  = "10.2.1.0/24"
  availability_zone                           = "us-east-1b"
  map_public_ip_on_launch                     = var.step == 1
  private_dns_hostname_type_on_launch         = var.step == 0 ? "ip-name" : "resource-name"
  enable_resource_name_dns_a_record_on_launch = var.step == 1
  tags                                        = { Name = var.name, Step = var.step }
}
