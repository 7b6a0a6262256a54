# From a saved configuration; and by its platform's ARN instead of its solution stack's name.
# main: aws_elastic_beanstalk_environment.this
# import-ignores: wait_for_ready_timeout setting template_name cname_prefix
locals {
  settings = {
    "aws:ec2:vpc/VPCId"                                                      = aws_vpc.this.id
    "aws:ec2:vpc/Subnets"                                                    = join(",", sort(aws_subnet.this[*].id))
    "aws:autoscaling:launchconfiguration/IamInstanceProfile"                 = aws_iam_instance_profile.this.name
    "aws:autoscaling:asg/MinSize"                                            = "1"
    "aws:autoscaling:asg/MaxSize"                                            = "1"
    "aws:elasticbeanstalk:environment/LoadBalancerType"                      = "application"
    "aws:elasticbeanstalk:environment:process:default/DeregistrationDelay"   = "0"
    "aws:elasticbeanstalk:environment:process:default/HealthCheckInterval"   = "6"
    "aws:elasticbeanstalk:environment:process:default/HealthyThresholdCount" = "2"
  }
}

resource "aws_elastic_beanstalk_configuration_template" "this" {
  name                = var.name
  application         = aws_elastic_beanstalk_application.this.name
  solution_stack_name = data.aws_elastic_beanstalk_solution_stack.this.name
  dynamic "setting" {
    for_each = local.settings
    content {
      namespace = split("/", setting.key)[0]
      name      = split("/", setting.key)[1]
      value     = setting.value
    }
  }
}

resource "aws_elastic_beanstalk_configuration_template" "other" {
  name                = "${var.name}-other"
  application         = aws_elastic_beanstalk_application.this.name
  solution_stack_name = data.aws_elastic_beanstalk_solution_stack.this.name
  dynamic "setting" {
    for_each = merge(local.settings, { "aws:elasticbeanstalk:application:environment/GREETING" = "hello" })
    content {
      namespace = split("/", setting.key)[0]
      name      = split("/", setting.key)[1]
      value     = setting.value
    }
  }
}

resource "aws_elastic_beanstalk_environment" "this" {
  name          = "tf-template"
  application   = aws_elastic_beanstalk_application.this.name
  description   = "step ${var.step}"
  version_label = aws_elastic_beanstalk_application_version.this.name
  template_name = var.step == 0 ? aws_elastic_beanstalk_configuration_template.this.name : aws_elastic_beanstalk_configuration_template.other.name
  depends_on    = [aws_route_table_association.this, aws_iam_role_policy.this]
}

resource "aws_elastic_beanstalk_environment" "platform" {
  name          = "tf-platform"
  application   = aws_elastic_beanstalk_application.this.name
  version_label = aws_elastic_beanstalk_application_version.this.name
  depends_on    = [aws_route_table_association.this, aws_iam_role_policy.this]
  platform_arn  = "arn:aws:elasticbeanstalk:us-east-1::platform/Go 1 running on 64bit Amazon Linux 2023/4.${3 + var.step}.0"
  dynamic "setting" {
    for_each = local.settings
    content {
      namespace = split("/", setting.key)[0]
      name      = split("/", setting.key)[1]
      value     = setting.value
      resource  = ""
    }
  }
}

resource "aws_elastic_beanstalk_configuration_template" "saved" {
  name           = "${var.name}-saved"
  application    = aws_elastic_beanstalk_application.this.name
  environment_id = aws_elastic_beanstalk_environment.platform.id
}

resource "aws_elastic_beanstalk_application" "this" { name = var.name }

resource "aws_elastic_beanstalk_application_version" "this" {
  force_delete = true # two environments had it a minute ago
  name         = "v1"
  application  = aws_elastic_beanstalk_application.this.name
  bucket       = aws_s3_bucket.this.id
  key          = aws_s3_object.this.key
}

data "aws_elastic_beanstalk_solution_stack" "this" {
  most_recent = true
  name_regex  = "^64bit Amazon Linux 2023 (.*) running Go 1$"
}

resource "aws_s3_bucket" "this" {
  bucket_prefix = "eb-template-"
  force_destroy = true
}

resource "aws_s3_object" "this" {
  bucket = aws_s3_bucket.this.id
  key    = "v1.zip"
  source = "${var.files}/web.zip"
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "bundle"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.this.arn}/*" }]
  })
}

resource "aws_iam_instance_profile" "this" {
  name = var.name
  role = aws_iam_role.this.name
}

resource "aws_vpc" "this" {
  cidr_block           = "10.141.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }

# Without the way out an instance cannot fetch its bundle from S3: the environment would not come up, here as on AWS.
resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "this" {
  count          = 2
  subnet_id      = aws_subnet.this[count.index].id
  route_table_id = aws_route_table.this.id
}

resource "aws_subnet" "this" {
  count                   = 2
  vpc_id                  = aws_vpc.this.id
  cidr_block              = "10.141.${count.index}.0/24"
  availability_zone       = data.aws_availability_zones.this.names[count.index]
  map_public_ip_on_launch = true
}

data "aws_availability_zones" "this" { state = "available" }
