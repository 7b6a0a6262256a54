data "aws_rds_engine_version" "this" {
  engine       = "postgres"
  default_only = true
  lifecycle {
    postcondition {
      condition     = startswith(self.version, "${self.version_actual}") && self.parameter_group_family == "postgres${split(".", self.version)[0]}"
      error_message = "another engine"
    }
  }
}
