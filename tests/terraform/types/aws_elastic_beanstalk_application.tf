resource "aws_elastic_beanstalk_application" "this" {
  name        = var.name
  description = "step ${var.step}"
  tags        = { Step = var.step }
  appversion_lifecycle {
    service_role          = aws_iam_role.this[var.step].arn
    max_count             = var.step == 0 ? 100 : 50
    delete_source_from_s3 = var.step == 0
  }
}

resource "aws_iam_role" "this" {
  count = 2
  name  = "${var.name}-${count.index}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "elasticbeanstalk.amazonaws.com" } }]
  })
}

resource "aws_elastic_beanstalk_application" "aged" {
  name = "${var.name}-aged"
  appversion_lifecycle {
    service_role    = aws_iam_role.this[0].arn
    max_age_in_days = var.step == 0 ? 180 : 90
  }
}
