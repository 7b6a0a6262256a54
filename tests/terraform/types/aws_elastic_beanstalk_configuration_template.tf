# import: none (the provider has none)
resource "aws_elastic_beanstalk_configuration_template" "this" {
  name                = var.name
  application         = aws_elastic_beanstalk_application.this.name
  description         = "step ${var.step}"
  solution_stack_name = data.aws_elastic_beanstalk_solution_stack.this.name
  setting {
    namespace = "aws:autoscaling:asg"
    name      = "MaxSize"
    value     = var.step == 0 ? "2" : "3"
    resource  = ""
  }
  setting {
    namespace = var.step == 0 ? "aws:autoscaling:asg" : "aws:elasticbeanstalk:application:environment"
    name      = var.step == 0 ? "MinSize" : "GREETING"
    value     = var.step == 0 ? "1" : "hello"
  }
  # A scheduled action's options have its name for their resource.
  setting {
    namespace = "aws:autoscaling:scheduledaction"
    name      = "MinSize"
    value     = "2"
    resource  = var.step == 0 ? "Morning" : "Evening"
  }
}

resource "aws_elastic_beanstalk_application" "this" { name = var.name }

data "aws_elastic_beanstalk_solution_stack" "this" {
  most_recent = true
  name_regex  = "^64bit Amazon Linux 2023 (.*) running Go 1$"
}
