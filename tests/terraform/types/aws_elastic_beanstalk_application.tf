resource "aws_elastic_beanstalk_application" "this" {
  name        = var.name
  description = "step ${var.step}"
  tags        = { Step = var.step }
  appversion_lifecycle {
    service_role          = aws_iam_role.this.arn
    max_count             = var.step == 0 ? 100 : 50
    delete_source_from_s3 = true
  }
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "elasticbeanstalk.amazonaws.com" } }]
  })
}

resource "aws_elastic_beanstalk_application" "aged" {
  name = "${var.name}-aged"
  appversion_lifecycle {
    service_role    = aws_iam_role.this.arn
    max_age_in_days = var.step == 0 ? 180 : 90
  }
}
