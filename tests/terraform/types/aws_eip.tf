# import-ignores: associate_with_private_ip
resource "aws_eip" "this" {
  domain                    = "vpc"
  network_border_group      = "us-east-1"
  public_ipv4_pool          = "amazon"
  network_interface         = var.step == 0 ? aws_network_interface.first.id : aws_network_interface.second.id
  associate_with_private_ip = var.step == 0 ? "10.20.1.10" : "10.20.1.11"
  tags                      = { Name = var.name, Step = var.step }
  depends_on                = [aws_internet_gateway.this]
}

resource "aws_eip" "instance" {
  domain     = "vpc"
  instance   = aws_instance.this[var.step].id
  depends_on = [aws_internet_gateway.this]
}

resource "aws_network_interface" "first" {
  subnet_id   = aws_subnet.this.id
  private_ips = ["10.20.1.10"]
}

resource "aws_network_interface" "second" {
  subnet_id   = aws_subnet.this.id
  private_ips = ["10.20.1.11"]
}

resource "aws_instance" "this" {
  count         = 2
  ami           = data.aws_ami.this.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.this.id
}

data "aws_ami" "this" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

resource "aws_vpc" "this" { cidr_block = "10.20.0.0/16" }

resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.20.1.0/24"
}
