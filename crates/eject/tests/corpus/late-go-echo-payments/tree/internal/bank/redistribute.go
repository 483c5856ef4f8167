package bank

// Redistribute spreads the rest of a division over the first shares.
func Redistribute(total int64, shares int) []int64 {
	out := make([]int64, shares)
	for i := range out {
		out[i] = total / int64(shares)
	}
	for i := int64(0); i < total%int64(shares); i++ {
		out[i]++
	}
	return out
}
