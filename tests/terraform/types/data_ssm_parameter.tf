data "aws_ssm_parameter" "ami" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

data "aws_ami" "ami" {
  owners = ["amazon"]
  filter {
    name   = "image-id"
    values = [nonsensitive(data.aws_ssm_parameter.ami.value)]
  }
  lifecycle {
    postcondition {
      condition     = self.architecture == "x86_64" && startswith(self.name, "al2023-ami-2023")
      error_message = "not Amazon Linux 2023"
    }
  }
}

data "aws_ssm_parameters_by_path" "all" {
  path      = "/aws/service/ami-amazon-linux-latest"
  recursive = true
  lifecycle {
    postcondition {
      condition     = length(self.names) > 10
      error_message = "the pages were not followed"
    }
  }
}
