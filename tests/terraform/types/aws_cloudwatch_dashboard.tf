resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [{
      type       = "metric"
      x          = 0
      y          = 0
      width      = var.step == 0 ? 12 : 24
      height     = 6
      properties = { metrics = [["AWS/EC2", "CPUUtilization"]], region = "us-east-1", title = "CPU", period = 300 }
    }]
  })
}
