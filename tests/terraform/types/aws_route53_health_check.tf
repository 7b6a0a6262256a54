resource "aws_route53_health_check" "this" {
  fqdn               = var.step == 0 ? "www.example.com" : "example.com"
  port               = var.step == 0 ? 80 : 8080
  type               = "HTTP"
  resource_path      = var.step == 0 ? "/" : "/health"
  failure_threshold  = var.step == 0 ? 3 : 5
  request_interval   = 30
  measure_latency    = false
  invert_healthcheck = var.step == 1
  disabled           = var.step == 1
  regions            = var.step == 0 ? ["us-east-1", "eu-west-1", "us-west-1"] : ["us-east-1", "eu-west-1", "sa-east-1", "us-west-1"]
  tags               = { Step = var.step }
}

resource "aws_route53_health_check" "match" {
  ip_address        = var.step == 0 ? "127.0.0.1" : "127.0.0.2"
  port              = 1
  type              = "HTTP_STR_MATCH"
  resource_path     = "/"
  search_string     = var.step == 0 ? "ok" : "fine"
  failure_threshold = 1
  request_interval  = 10
}

resource "aws_route53_health_check" "both" {
  type                   = "CALCULATED"
  child_health_threshold = var.step == 0 ? 1 : 2
  child_healthchecks     = [aws_route53_health_check.this.id, aws_route53_health_check.match.id, aws_route53_health_check.more[var.step].id]
}

resource "aws_route53_health_check" "tls" {
  reference_name    = "terraform"
  fqdn              = "www.example.com"
  port              = 443
  type              = "HTTPS"
  resource_path     = "/"
  enable_sni        = var.step == 0
  failure_threshold = 1
  request_interval  = 30
  measure_latency   = true
}

resource "aws_route53_health_check" "alarm" {
  type                            = "CLOUDWATCH_METRIC"
  cloudwatch_alarm_name           = aws_cloudwatch_metric_alarm.this[var.step].alarm_name
  cloudwatch_alarm_region         = "us-east-1"
  insufficient_data_health_status = var.step == 0 ? "Healthy" : "LastKnownStatus"
  triggers                        = { threshold = 80 + var.step } # a changed alarm is told to the check
}

resource "aws_cloudwatch_metric_alarm" "this" {
  count               = 2
  alarm_name          = "${var.name}-${count.index}"
  namespace           = "Landfall/Test"
  metric_name         = "Latency"
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 1
  threshold           = 80 + var.step
  comparison_operator = "GreaterThanThreshold"
}

resource "aws_route53_health_check" "more" {
  count             = 2
  ip_address        = "127.0.0.1"
  port              = 1 + count.index
  type              = "TCP"
  failure_threshold = 1
  request_interval  = 10
}
