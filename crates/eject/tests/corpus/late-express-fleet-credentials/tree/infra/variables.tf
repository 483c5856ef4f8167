variable "tag" { type = string }
variable "environment_id" { type = string }
variable "identity_id" { type = string }
variable "key_vault_id" { type = string }
variable "plan_id" { type = string }
variable "servicebus_namespace_id" { type = string }
