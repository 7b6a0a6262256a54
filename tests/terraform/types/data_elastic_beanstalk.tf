# sample: yes
data "aws_elastic_beanstalk_hosted_zone" "this" {}

data "aws_elastic_beanstalk_application" "this" {
  name = aws_elastic_beanstalk_application.this.name
}

data "aws_elastic_beanstalk_solution_stack" "this" {
  most_recent = true
  name_regex  = "^64bit Amazon Linux 2023 (.*) running Go 1$"
}

resource "aws_elastic_beanstalk_application" "this" { name = var.name }
