terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

# Nothing here knows of Landfall: inside `landfall shell` the names of AWS's endpoints lead to it.
provider "aws" {
  region = var.region
  default_tags { tags = { Application = var.name } }
}
