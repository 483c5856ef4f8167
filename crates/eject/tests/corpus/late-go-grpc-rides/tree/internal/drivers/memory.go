package drivers

import (
	"context"
	"math"
	"sort"
	"sync"
)

// Memory is a Store for one process.
type Memory struct {
	mu  sync.RWMutex
	rdb map[string]Point
}

// NewMemory makes one that is empty.
func NewMemory() *Memory { return &Memory{rdb: map[string]Point{}} }

// Move sets a place.
func (m *Memory) Move(_ context.Context, driver string, to Point) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rdb[driver] = to
	return nil
}

// Near is who is not further than so many kilometres.
func (m *Memory) Near(_ context.Context, at Point, kilometres float64, count int) ([]string, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var names []string
	for driver, place := range m.rdb {
		if distance(at, place) <= kilometres {
			names = append(names, driver)
		}
	}
	if len(names) == 0 {
		return nil, ErrNobody
	}
	sort.Slice(names, func(i, j int) bool { return distance(at, m.rdb[names[i]]) < distance(at, m.rdb[names[j]]) })
	return names[:min(count, len(names))], nil
}

// Leave forgets a driver.
func (m *Memory) Leave(_ context.Context, driver string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rdb, driver)
	return nil
}

func distance(a, b Point) float64 {
	const degree = 111.32
	dx := (a.Longitude - b.Longitude) * degree * math.Cos(a.Latitude*math.Pi/180)
	dy := (a.Latitude - b.Latitude) * degree
	return math.Hypot(dx, dy)
}
