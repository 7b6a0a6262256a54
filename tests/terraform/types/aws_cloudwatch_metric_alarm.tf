# sample: yes
resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name                = var.name
  alarm_description         = var.step == 0 ? "before" : "after"
  namespace                 = "Landfall/Test"
  metric_name               = "Latency"
  statistic                 = var.step == 0 ? "Average" : "Maximum"
  period                    = var.step == 0 ? 60 : 300
  evaluation_periods        = var.step == 0 ? 2 : 3
  datapoints_to_alarm       = var.step == 0 ? 1 : 2
  threshold                 = var.step == 0 ? 80 : 90.5
  comparison_operator       = var.step == 0 ? "GreaterThanThreshold" : "LessThanOrEqualToThreshold"
  treat_missing_data        = var.step == 0 ? "missing" : "notBreaching"
  actions_enabled           = var.step == 1
  alarm_actions             = ["arn:aws:sns:us-east-1:123456789012:${var.name}-${var.step}"]
  ok_actions                = var.step == 0 ? [] : ["arn:aws:sns:us-east-1:123456789012:${var.name}"]
  insufficient_data_actions = []
  unit                      = var.step == 0 ? "Seconds" : "Milliseconds"
  dimensions                = { Host = "a${var.step}" }
  tags                      = { Name = var.name, Step = var.step }
}
