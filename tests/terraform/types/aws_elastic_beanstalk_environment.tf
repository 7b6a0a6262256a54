# import-ignores: wait_for_ready_timeout poll_interval setting template_name
resource "aws_elastic_beanstalk_environment" "this" {
  name         = "tf-environment"
  tier         = "WebServer"
  cname_prefix = "tf-environment-landfall"

  wait_for_ready_timeout = var.step == 0 ? "15m" : "16m"
  poll_interval          = var.step == 0 ? "10s" : "11s"

  application         = aws_elastic_beanstalk_application.this.name
  description         = "step ${var.step}"
  version_label       = aws_elastic_beanstalk_application_version.this[var.step].name
  solution_stack_name = var.step == 0 ? "64bit Amazon Linux 2023 v4.4.1 running Go 1" : data.aws_elastic_beanstalk_solution_stack.this.name
  tags                = { Step = var.step }
  depends_on          = [aws_route_table_association.this, aws_iam_role_policy.this]

  # A scheduled action's options have its name for their resource.
  dynamic "setting" {
    for_each = { Recurrence = var.step == 0 ? "0 9 * * *" : "0 21 * * *", MaxSize = "2" }
    content {
      namespace = "aws:autoscaling:scheduledaction"
      name      = setting.key
      value     = setting.value
      resource  = var.step == 0 ? "Morning" : "Evening"
    }
  }

  dynamic "setting" {
    for_each = {
      "aws:ec2:vpc/VPCId"                                                      = aws_vpc.this.id
      "aws:ec2:vpc/Subnets"                                                    = join(",", sort(aws_subnet.this[*].id))
      "aws:autoscaling:launchconfiguration/IamInstanceProfile"                 = aws_iam_instance_profile.this.name
      "aws:autoscaling:asg/MinSize"                                            = "1"
      "aws:autoscaling:asg/MaxSize"                                            = var.step == 0 ? "1" : "2"
      "aws:elasticbeanstalk:environment/LoadBalancerType"                      = "application"
      "aws:elasticbeanstalk:application:environment/GREETING"                  = "step ${var.step}"
      "aws:elasticbeanstalk:environment:process:default/DeregistrationDelay"   = "0"
      "aws:elasticbeanstalk:environment:process:default/HealthCheckInterval"   = "6"
      "aws:elasticbeanstalk:environment:process:default/HealthyThresholdCount" = "2"
    }
    content {
      namespace = split("/", setting.key)[0]
      name      = split("/", setting.key)[1]
      value     = setting.value
    }
  }
}

resource "aws_elastic_beanstalk_application" "this" { name = var.name }

resource "aws_elastic_beanstalk_application_version" "this" {
  count       = 2
  name        = "v${1 + count.index}"
  application = aws_elastic_beanstalk_application.this.name
  bucket      = aws_s3_bucket.this.id
  key         = aws_s3_object.this.key
}

data "aws_elastic_beanstalk_solution_stack" "this" {
  most_recent = true
  name_regex  = "^64bit Amazon Linux 2023 (.*) running Go 1$"
}

resource "aws_s3_bucket" "this" {
  bucket_prefix = "eb-environment-"
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
  cidr_block           = "10.140.0.0/16"
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
  cidr_block              = "10.140.${count.index}.0/24"
  availability_zone       = data.aws_availability_zones.this.names[count.index]
  map_public_ip_on_launch = true
}

data "aws_availability_zones" "this" { state = "available" }
