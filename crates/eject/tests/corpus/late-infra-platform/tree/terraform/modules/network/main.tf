resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = "vpc-1"
  cidr_block = "10.0.${count.index}.0/24"
}

output "private_subnets" {
  value = aws_subnet.private[*].id
}
