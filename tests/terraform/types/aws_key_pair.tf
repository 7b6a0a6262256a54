# import-ignores: public_key
resource "aws_key_pair" "prefix" {
  key_name_prefix = "${var.name}-"
  public_key      = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrfeKwJy70ArZcdXfovSCNgwId8XfvHjSA35+6XGoju test@example.com"
}

resource "aws_key_pair" "this" {
  key_name   = var.name
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrfeKwJy70ArZcdXfovSCNgwId8XfvHjSA35+6XGoju test@example.com"
  tags       = { Name = var.name, Step = var.step }
}
