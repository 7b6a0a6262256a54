data "aws_elastic_beanstalk_solution_stack" "go" {
  most_recent = true
  name_regex  = "^64bit Amazon Linux 2023 (.*) running Go 1$" # runs a Procfile's prebuilt binary
}

resource "aws_elastic_beanstalk_application" "api" {
  name        = var.name
  description = "${var.name}'s API"
}

resource "aws_elastic_beanstalk_application_version" "api" {
  name        = filesha256(var.bundle)
  application = aws_elastic_beanstalk_application.api.name
  bucket      = aws_s3_bucket.deployment.id
  key         = aws_s3_object.bundle.key
  lifecycle { create_before_destroy = true }
}

locals {
  settings = {
    "aws:elasticbeanstalk:environment" = {
      EnvironmentType  = "LoadBalanced"
      LoadBalancerType = "application"
      ServiceRole      = aws_iam_role.beanstalk.name
    }
    "aws:ec2:vpc" = {
      VPCId                    = aws_vpc.main.id
      Subnets                  = join(",", sort(aws_subnet.public[*].id))
      ELBSubnets               = join(",", sort(aws_subnet.public[*].id))
      AssociatePublicIpAddress = "true"
    }
    "aws:ec2:instances" = { InstanceTypes = var.instance_type }
    "aws:autoscaling:launchconfiguration" = {
      IamInstanceProfile = aws_iam_instance_profile.instance.name
      SecurityGroups     = aws_security_group.api.id
      DisableIMDSv1      = "true"
    }
    "aws:autoscaling:asg" = {
      MinSize = tostring(var.instances.min)
      MaxSize = tostring(var.instances.max)
    }
    "aws:autoscaling:trigger" = {
      MeasureName    = "CPUUtilization"
      Statistic      = "Average"
      Unit           = "Percent"
      UpperThreshold = "70"
      LowerThreshold = "20"
      Period         = "1"
      BreachDuration = "2"
    }
    "aws:elasticbeanstalk:environment:process:default" = {
      HealthCheckPath         = "/health"
      HealthCheckInterval     = "5"
      HealthCheckTimeout      = "3"
      HealthyThresholdCount   = "2"
      UnhealthyThresholdCount = "2"
      DeregistrationDelay     = "20"
    }
    "aws:elbv2:listener:443" = {
      Protocol           = "HTTPS"
      SSLCertificateArns = aws_acm_certificate_validation.main["api"].certificate_arn
      SSLPolicy          = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    }
    "aws:elasticbeanstalk:healthreporting:system" = { SystemType = "enhanced" }
    "aws:elasticbeanstalk:command"                = { DeploymentPolicy = "Rolling" }
    "aws:elasticbeanstalk:application:environment" = {
      DB_HOST     = aws_db_instance.main.address
      DB_PORT     = tostring(aws_db_instance.main.port)
      DB_NAME     = aws_db_instance.main.db_name
      DB_USER     = aws_db_instance.main.username
      DB_PASSWORD = var.database_password
      REDIS_HOST  = aws_elasticache_replication_group.main.primary_endpoint_address
      REDIS_PORT  = tostring(aws_elasticache_replication_group.main.port)
      BUCKET      = aws_s3_bucket.main.id
      AWS_REGION  = var.region
    }
  }
  settings_list = flatten([for namespace, options in local.settings :
  [for name, value in options : { namespace = namespace, name = name, value = value }]])
}

resource "aws_elastic_beanstalk_environment" "api" {
  name                = "${var.name}-api"
  application         = aws_elastic_beanstalk_application.api.name
  version_label       = aws_elastic_beanstalk_application_version.api.name
  solution_stack_name = data.aws_elastic_beanstalk_solution_stack.go.name
  tier                = "WebServer"

  dynamic "setting" {
    for_each = local.settings_list
    content {
      namespace = setting.value.namespace
      name      = setting.value.name
      value     = setting.value.value
    }
  }

  depends_on = [
    aws_route_table_association.public,
    aws_iam_role_policy.instance,
    aws_vpc_security_group_ingress_rule.database,
    aws_vpc_security_group_ingress_rule.cache,
  ]
}
