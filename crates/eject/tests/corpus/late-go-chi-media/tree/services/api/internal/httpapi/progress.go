package httpapi

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/redis/rueidis"

	"example.com/media/kit/kv"
)

// progress streams what the transcoder publishes.
func progress(store *kv.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		flush := http.NewResponseController(w)
		sub := store.B().Subscribe().Channel("progress:" + chi.URLParam(r, "id")).Build()
		_ = store.Receive(r.Context(), sub, func(m rueidis.PubSubMessage) {
			fmt.Fprintf(w, "data: %s\n\n", m.Message)
			_ = flush.Flush()
		})
	}
}
