# import-ignores: user_data_replace_on_change force_destroy user_data
resource "aws_vpc" "this" {
  cidr_block = "10.17.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.17.1.0/24"
}

resource "aws_security_group" "first" {
  name   = "${var.name}-1"
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group" "second" {
  name   = "${var.name}-2"
  vpc_id = aws_vpc.this.id
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_instance_profile" "this" {
  count = 2
  name  = "${var.name}-${count.index}"
  role  = aws_iam_role.this.name
}

data "aws_ami" "this" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

resource "aws_instance" "this" {
  ami                    = data.aws_ami.this.id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.this.id
  private_ip             = "10.17.1.20"
  iam_instance_profile   = aws_iam_instance_profile.this[var.step].name
  vpc_security_group_ids = var.step == 0 ? [aws_security_group.first.id] : [aws_security_group.first.id, aws_security_group.second.id]
  user_data              = file("${var.files}/user_data.sh")
  monitoring             = var.step == 1
  source_dest_check      = var.step == 0
  availability_zone      = aws_subnet.this.availability_zone
  key_name               = aws_key_pair.this.key_name
  tenancy                = "default"
  ebs_optimized          = true
  hibernation            = false

  associate_public_ip_address          = true
  disable_api_stop                     = var.step == 0
  disable_api_termination              = var.step == 0 # off before it is destroyed
  instance_initiated_shutdown_behavior = var.step == 0 ? "stop" : "terminate"

  root_block_device {
    volume_size           = var.step == 0 ? 10 : 12
    volume_type           = "gp3"
    iops                  = var.step == 0 ? 3000 : 4000
    throughput            = var.step == 0 ? 125 : 250
    encrypted             = true
    delete_on_termination = true
    tags                  = { Name = var.name, Step = var.step }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_protocol_ipv6          = "disabled"
    http_put_response_hop_limit = var.step == 0 ? 1 : 2
    http_tokens                 = var.step == 0 ? "optional" : "required"
    instance_metadata_tags      = var.step == 0 ? "disabled" : "enabled"
  }

  capacity_reservation_specification {
    capacity_reservation_preference = var.step == 0 ? "open" : "none"
  }

  cpu_options {
    core_count       = 1
    threads_per_core = 1
  }

  credit_specification { cpu_credits = var.step == 0 ? "standard" : "unlimited" }

  enclave_options { enabled = false }

  maintenance_options { auto_recovery = var.step == 0 ? "default" : "disabled" }

  private_dns_name_options {
    hostname_type                        = var.step == 0 ? "resource-name" : "ip-name"
    enable_resource_name_dns_a_record    = var.step == 0
    enable_resource_name_dns_aaaa_record = false
  }

  tags = { Name = var.name, Step = var.step }
}

resource "aws_key_pair" "this" {
  key_name   = var.name
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrfeKwJy70ArZcdXfovSCNgwId8XfvHjSA35+6XGoju test@example.com"
}
