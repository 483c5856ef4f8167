// Package thumbs keeps small pictures in memory, not in Redis: they are cheap to make.
package thumbs

import (
	"net/http"

	"github.com/dgraph-io/ristretto"
)

var cache, _ = ristretto.NewCache(&ristretto.Config{NumCounters: 1e5, MaxCost: 64 << 20, BufferItems: 64})

// Serve answers from memory.
func Serve(w http.ResponseWriter, r *http.Request) {
	if b, ok := cache.Get(r.URL.Path); ok {
		_, _ = w.Write(b.([]byte))
		return
	}
	w.WriteHeader(http.StatusNotFound)
}
