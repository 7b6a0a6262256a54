# main: aws_lb_target_group.this
# import-ignores: name_prefix
# By prefix, at random, with the application's cookie.
resource "aws_lb_target_group" "this" {
  name_prefix                       = "rnd-"
  port                              = 8080
  protocol                          = "HTTP"
  vpc_id                            = aws_vpc.this.id
  load_balancing_algorithm_type     = "weighted_random"
  load_balancing_anomaly_mitigation = var.step == 0 ? "off" : "on"
  stickiness {
    type            = "app_cookie"
    cookie_name     = var.step == 0 ? "SESSION" : "JSESSIONID"
    cookie_duration = var.step == 0 ? 600 : 3600
  }
  tags = { Name = var.name }
}

resource "aws_vpc" "this" { cidr_block = "10.128.0.0/16" }
