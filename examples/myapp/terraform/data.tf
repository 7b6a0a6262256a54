resource "aws_db_subnet_group" "main" {
  name        = var.name
  description = "${var.name}'s private subnets"
  subnet_ids  = aws_subnet.private[*].id
}

resource "aws_db_instance" "main" {
  identifier              = var.name
  engine                  = "postgres"
  engine_version          = "15"
  instance_class          = var.database_class
  allocated_storage       = 20
  storage_encrypted       = true
  db_name                 = "myapp"
  username                = "myapp"
  password                = var.database_password
  db_subnet_group_name    = aws_db_subnet_group.main.name
  vpc_security_group_ids  = [aws_security_group.database.id]
  publicly_accessible     = false
  backup_retention_period = 1
  skip_final_snapshot     = true
  apply_immediately       = true
}

resource "aws_elasticache_subnet_group" "main" {
  name        = var.name
  description = "${var.name}'s private subnets"
  subnet_ids  = aws_subnet.private[*].id
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id       = var.name
  description                = "${var.name}'s read-through cache"
  engine                     = "redis"
  node_type                  = var.cache_node_type
  num_cache_clusters         = 1
  port                       = 6379 # named: the provider does not compute it, and the API's settings need it
  automatic_failover_enabled = false
  subnet_group_name          = aws_elasticache_subnet_group.main.name
  security_group_ids         = [aws_security_group.cache.id]
  apply_immediately          = true
}

# The site at the root, uploads under uploads/; only the distribution reads it from outside.
resource "aws_s3_bucket" "main" {
  bucket_prefix = "${var.name}-"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "main" {
  bucket                  = aws_s3_bucket.main.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "main" {
  bucket = aws_s3_bucket.main.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "OnlyTheDistributionReads"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.main.arn}/*"]
    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.main.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "main" {
  bucket = aws_s3_bucket.main.id
  policy = data.aws_iam_policy_document.bucket.json
}

locals {
  content_types = {
    html = "text/html; charset=utf-8"
    css  = "text/css"
    js   = "text/javascript"
    svg  = "image/svg+xml"
  }
}

resource "aws_s3_object" "site" {
  for_each     = fileset(var.site, "**")
  bucket       = aws_s3_bucket.main.id
  key          = each.value
  source       = "${var.site}/${each.value}"
  etag         = filemd5("${var.site}/${each.value}")
  content_type = lookup(local.content_types, reverse(split(".", each.value))[0], "application/octet-stream")
}

# Source bundles.
resource "aws_s3_bucket" "deployment" {
  bucket_prefix = "${var.name}-deployment-"
  force_destroy = true
}

resource "aws_s3_object" "bundle" {
  bucket = aws_s3_bucket.deployment.id
  key    = "api/${filesha256(var.bundle)}.zip"
  source = var.bundle
}
