package position

// ring keeps the last few fixes of a vehicle in memory, to smooth them.
type ring struct {
	fixes [8]Fix
	next  int
}

func (r *ring) Set(f Fix) { r.fixes[r.next%8] = f; r.next++ }

func (r *ring) Get(i int) Fix { return r.fixes[i%8] }

func (r *ring) Speed() int {
	sum := 0
	for _, f := range r.fixes {
		sum += f.Speed
	}
	return sum / len(r.fixes)
}
