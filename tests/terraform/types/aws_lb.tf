resource "aws_lb" "this" {
  name                       = var.name
  internal                   = true
  load_balancer_type         = "application"
  subnets                    = var.step == 0 ? slice(aws_subnet.this[*].id, 0, 2) : aws_subnet.this[*].id
  security_groups            = var.step == 0 ? [aws_security_group.first.id] : [aws_security_group.second.id]
  idle_timeout               = var.step == 0 ? 60 : 120
  client_keep_alive          = var.step == 0 ? 3600 : 1800
  enable_http2               = var.step == 0
  drop_invalid_header_fields = var.step == 1
  preserve_host_header       = var.step == 1
  enable_xff_client_port     = var.step == 1
  desync_mitigation_mode     = var.step == 0 ? "defensive" : "strictest"
  xff_header_processing_mode = var.step == 0 ? "append" : "preserve"
  ip_address_type            = "ipv4"
  tags                       = { Step = var.step }

  enable_cross_zone_load_balancing            = true
  enable_deletion_protection                  = var.step == 0 # off before it is destroyed
  enable_tls_version_and_cipher_suite_headers = var.step == 1
  enable_waf_fail_open                        = var.step == 1
  enable_zonal_shift                          = var.step == 1

  connection_logs {
    bucket  = aws_s3_bucket.logs[var.step].id
    prefix  = var.step == 0 ? "connections" : "connected"
    enabled = var.step == 1
  }

  access_logs {
    bucket  = aws_s3_bucket.logs[var.step].id
    prefix  = var.step == 0 ? "first" : "second"
    enabled = true
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket" "logs" {
  count         = 2
  bucket        = "${var.name}-logs-${count.index}"
  force_destroy = true # enabling writes a test file
}

resource "aws_s3_bucket_policy" "logs" {
  count  = 2
  bucket = aws_s3_bucket.logs[count.index].id
  policy = data.aws_iam_policy_document.logs[count.index].json
}

data "aws_elb_service_account" "this" {}

data "aws_iam_policy_document" "logs" {
  count = 2
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs[count.index].arn}/*"]
    principals {
      type        = "AWS"
      identifiers = [data.aws_elb_service_account.this.arn]
    }
  }
}

resource "aws_security_group" "first" {
  name   = "${var.name}-1"
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group" "second" {
  name   = "${var.name}-2"
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc" "this" {
  cidr_block           = "10.120.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.120.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
