# main: aws_lb_listener.this
# HTTPS, and what a listener does to header fields.
resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.step == 0 ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : "ELBSecurityPolicy-TLS13-1-3-2021-06"
  certificate_arn   = var.step == 0 ? aws_acm_certificate.this.arn : aws_acm_certificate.next.arn
  mutual_authentication { mode = "off" }
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = var.step == 0 ? "text/plain" : "application/json"
      message_body = var.step == 0 ? "default" : "{}"
      status_code  = var.step == 0 ? "404" : "410"
    }
  }

  routing_http_request_x_amzn_mtls_clientcert_header_name               = var.step == 0 ? "X-Cert" : "X-Client-Cert"
  routing_http_request_x_amzn_mtls_clientcert_issuer_header_name        = var.step == 0 ? "X-Issuer" : "X-Client-Issuer"
  routing_http_request_x_amzn_mtls_clientcert_leaf_header_name          = var.step == 0 ? "X-Leaf" : "X-Client-Leaf"
  routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name = var.step == 0 ? "X-Serial" : "X-Client-Serial"
  routing_http_request_x_amzn_mtls_clientcert_subject_header_name       = var.step == 0 ? "X-Subject" : "X-Client-Subject"
  routing_http_request_x_amzn_mtls_clientcert_validity_header_name      = var.step == 0 ? "X-Validity" : "X-Client-Validity"
  routing_http_request_x_amzn_tls_cipher_suite_header_name              = var.step == 0 ? "X-Cipher" : "X-Tls-Cipher"
  routing_http_request_x_amzn_tls_version_header_name                   = var.step == 0 ? "X-Version" : "X-Tls-Version"

  routing_http_response_access_control_allow_credentials_header_value = "true"
  routing_http_response_access_control_allow_headers_header_value     = var.step == 0 ? "X-Team" : "X-Team,X-Step"
  routing_http_response_access_control_allow_methods_header_value     = var.step == 0 ? "GET" : "GET,POST"
  routing_http_response_access_control_allow_origin_header_value      = var.step == 0 ? "https://example.com" : "https://www.example.com"
  routing_http_response_access_control_expose_headers_header_value    = var.step == 0 ? "X-Team" : "X-Step"
  routing_http_response_access_control_max_age_header_value           = var.step == 0 ? "600" : "86400"
  routing_http_response_content_security_policy_header_value          = var.step == 0 ? "default-src 'self'" : "default-src 'none'; img-src 'self'"
  routing_http_response_server_enabled                                = var.step == 0
  routing_http_response_strict_transport_security_header_value        = var.step == 0 ? "max-age=60" : "max-age=63072000; includeSubDomains; preload"
  routing_http_response_x_content_type_options_header_value           = "nosniff"
  routing_http_response_x_frame_options_header_value                  = var.step == 0 ? "SAMEORIGIN" : "DENY"
}

resource "aws_acm_certificate" "this" {
  certificate_body = file("${var.files}/certificate.pem")
  private_key      = file("${var.files}/private_key.pem")
}

resource "aws_acm_certificate" "next" {
  certificate_body  = file("${var.files}/issued_certificate.pem")
  certificate_chain = file("${var.files}/issuer.pem")
  private_key       = file("${var.files}/issued_private_key.pem")
}

resource "aws_lb" "this" {
  name     = var.name
  internal = true
  subnets  = aws_subnet.this[*].id
}

resource "aws_vpc" "this" { cidr_block = "10.127.0.0/16" }

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.127.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.this.names[count.index]
}

data "aws_availability_zones" "this" { state = "available" }
