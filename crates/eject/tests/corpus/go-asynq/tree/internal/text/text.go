package text

import "strings"

// Title needs no Redis.
func Title(s string) string { return strings.ToUpper(s) + " redis" }
