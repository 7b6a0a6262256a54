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
}

resource "aws_elastic_beanstalk_application" "this" { name = var.name }

data "aws_elastic_beanstalk_solution_stack" "this" {
  most_recent = true
  name_regex  = "^64bit Amazon Linux 2023 (.*) running Go 1$"
}
