resource "aws_route53_health_check" "this" {
  fqdn               = "www.example.com"
  port               = var.step == 0 ? 80 : 8080
  type               = "HTTP"
  resource_path      = var.step == 0 ? "/" : "/health"
  failure_threshold  = var.step == 0 ? 3 : 5
  request_interval   = 30
  measure_latency    = false
  invert_healthcheck = var.step == 1
  disabled           = false
  tags               = { Step = var.step }
}

resource "aws_route53_health_check" "match" {
  ip_address        = "127.0.0.1"
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
  child_healthchecks     = [aws_route53_health_check.this.id, aws_route53_health_check.match.id]
}
