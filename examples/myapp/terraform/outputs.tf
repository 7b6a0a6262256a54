output "api_url" { value = "https://api.${var.domain_name}" }
output "cdn_url" { value = "https://cdn.${var.domain_name}" }
output "bucket" { value = aws_s3_bucket.main.id }
output "distribution_id" { value = aws_cloudfront_distribution.main.id }
output "environment" { value = aws_elastic_beanstalk_environment.api.name }
output "database_address" { value = aws_db_instance.main.address }
output "cache_address" { value = aws_elasticache_replication_group.main.primary_endpoint_address }
output "name_servers" { value = aws_route53_zone.main.name_servers }
