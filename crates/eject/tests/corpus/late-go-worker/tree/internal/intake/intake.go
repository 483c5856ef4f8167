// Package intake takes uploads.
package intake

import (
	"net/http"

	"git.example.org/media/transcoder/internal/dedupe"
)

// Handler answers uploads.
func Handler() http.HandlerFunc {
	pool := dedupe.NewPool()
	return func(w http.ResponseWriter, r *http.Request) {
		seen, err := dedupe.Seen(pool, r.Header.Get("Digest"))
		if err != nil || seen {
			w.WriteHeader(http.StatusConflict)
		}
	}
}
