# sample: yes
resource "aws_vpc" "this" {
  cidr_block                           = "10.1.0.0/16"
  instance_tenancy                     = "default"
  enable_dns_support                   = true
  enable_dns_hostnames                 = var.step == 1
  enable_network_address_usage_metrics = var.step == 1
  tags                                 = var.step == 0 ? { Name = var.name } : { Name = "${var.name}-2", Stage = "test" }
}

# First on hardware of its own; then without a resolver.
resource "aws_vpc" "silent" {
  cidr_block         = "10.23.0.0/16"
  instance_tenancy   = var.step == 0 ? "dedicated" : "default"
  enable_dns_support = var.step == 0
}
