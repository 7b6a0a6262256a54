# update: none (a stream has no updatable arguments)
resource "aws_cloudwatch_log_group" "this" {
  name = var.name
}

resource "aws_cloudwatch_log_stream" "this" {
  name           = "web/1"
  log_group_name = aws_cloudwatch_log_group.this.name
}

output "import_id" {
  value = "${aws_cloudwatch_log_group.this.name}:${aws_cloudwatch_log_stream.this.name}"
}
