# import-ignores: private_key certificate_body
# update: none (a requested certificate's arguments are for good; tags are changed in aws_acm_certificate_validation)
resource "aws_acm_certificate" "this" {
  domain_name               = "${var.name}.example.com"
  subject_alternative_names = ["*.${var.name}.example.com"]
  validation_method         = "DNS"
  lifecycle { create_before_destroy = true }
}

resource "aws_acm_certificate" "imported" {
  certificate_body = file("${var.files}/certificate.pem")
  private_key      = file("${var.files}/private_key.pem")
  tags             = { Name = "imported", Step = var.step }
}

resource "aws_acm_certificate" "mail" {
  domain_name       = "www.mail.example.com"
  validation_method = "EMAIL"
  validation_option {
    domain_name       = "www.mail.example.com"
    validation_domain = "mail.example.com"
  }
}

# Its successor, of an issuer's no more, is imported in its place: the ARN stays.
resource "aws_acm_certificate" "chained" {
  certificate_body  = file("${var.files}/${var.step == 0 ? "issued" : "renewed"}_certificate.pem")
  certificate_chain = var.step == 0 ? file("${var.files}/issuer.pem") : null
  private_key       = file("${var.files}/${var.step == 0 ? "issued" : "renewed"}_private_key.pem")
}
