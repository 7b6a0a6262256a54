variable "name" {
  description = "Of the application; begins the name of what it is made of"
  type        = string
  default     = "myapp"
}

variable "region" {
  type    = string
  default = "us-east-1"
}

variable "domain_name" {
  description = "A hosted zone is made for it; api.NAME and cdn.NAME are served"
  type        = string
  default     = "myapp.com"
}

variable "bundle" {
  description = "The API's source bundle: a zip with a Procfile and the program"
  type        = string
}

variable "site" {
  description = "The folder of the static site"
  type        = string
  default     = "../site"
}

variable "database_password" {
  type      = string
  sensitive = true
  validation {
    condition     = length(var.database_password) >= 16
    error_message = "At least 16 characters."
  }
}

variable "database_class" {
  type    = string
  default = "db.t3.micro"
}

variable "cache_node_type" {
  type    = string
  default = "cache.t3.micro"
}

variable "instance_type" {
  type    = string
  default = "t3.micro"
}

variable "instances" {
  description = "How many API instances there are: at least, and at most"
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 4 }
}
