# sample: yes
resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name                = var.name
  alarm_description         = var.step == 0 ? "before" : "after"
  namespace                 = "Landfall/Test${var.step}"
  metric_name               = var.step == 0 ? "Latency" : "Duration"
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
  insufficient_data_actions = ["arn:aws:sns:us-east-1:123456789012:${var.name}-${var.step}"]
  unit                      = var.step == 0 ? "Seconds" : "Milliseconds"
  dimensions                = { Host = "a${var.step}" }
  tags                      = { Name = var.name, Step = var.step }
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name                            = "${var.name}-slow"
  namespace                             = "AWS/ApplicationELB"
  metric_name                           = "TargetResponseTime"
  extended_statistic                    = var.step == 0 ? "p95" : "p99.9"
  evaluate_low_sample_count_percentiles = var.step == 0 ? "evaluate" : "ignore"
  period                                = 60
  evaluation_periods                    = 1
  threshold                             = 1
  comparison_operator                   = "GreaterThanThreshold"
}

resource "aws_cloudwatch_metric_alarm" "math" {
  alarm_name          = "${var.name}-math"
  evaluation_periods  = 2
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"

  metric_query {
    id          = var.step == 0 ? "percent" : "share"
    expression  = var.step == 0 ? "errors / requests * 100" : "100 * FILL(errors, 0) / requests"
    label       = var.step == 0 ? "Errors in percent" : "Share of errors"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = { errors = "HTTPCode_Target_5XX_Count", requests = "RequestCount" }
    content {
      id = metric_query.key
      metric {
        namespace   = var.step == 0 ? "AWS/ApplicationELB" : "Landfall/Test"
        metric_name = var.step == 0 ? metric_query.value : "My${metric_query.value}"
        period      = var.step == 0 ? 60 : 120
        stat        = var.step == 0 ? "Sum" : "Maximum"
        unit        = var.step == 0 ? "Count" : "Percent"
        dimensions  = { LoadBalancer = "app/web/123456789012345${var.step}" }
      }
    }
  }
}

# An expression whose period no metric tells.
resource "aws_cloudwatch_metric_alarm" "time" {
  alarm_name          = "${var.name}-time"
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanThreshold"
  metric_query {
    id          = "constant"
    expression  = "1 + ${var.step}"
    period      = var.step == 0 ? 60 : 300
    return_data = var.step == 0
  }
  metric_query {
    id          = "other"
    expression  = "2 + ${var.step}"
    period      = 60
    return_data = var.step == 1
  }
}
