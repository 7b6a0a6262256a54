# import-ignores: force_destroy
# sample: yes
resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = var.step == 1
  tags          = { Name = var.name, Step = var.step }
}
