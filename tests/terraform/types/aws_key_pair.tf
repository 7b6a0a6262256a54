# import-ignores: public_key
resource "aws_key_pair" "this" {
  key_name   = var.name
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKvhb3b4CtBqVEYnQxXxvDYpA6cmbbbQ5UmyrBaQW3aB test@example.com"
  tags       = { Name = var.name, Step = var.step }
}
