// Package httpapi is the outside of the API.
package httpapi

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"golang.org/x/time/rate"

	"example.com/media/api/internal/media"
	"example.com/media/api/internal/thumbs"
	"example.com/media/kit/config"
	"example.com/media/kit/kv"
)

// Router has all routes.
func Router(svc *media.Service, store *kv.Client, cfg config.Config) (http.Handler, error) {
	limit, err := perClient(cfg.RedisAddrs, cfg.RedisPass)
	if err != nil {
		return nil, err
	}
	metrics := rate.NewLimiter(rate.Limit(1), 5)

	r := chi.NewRouter()
	r.Use(middleware.RealIP, middleware.Recoverer, middleware.Throttle(500))
	r.Get("/healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := store.Do(r.Context(), store.B().Ping().Build()).Error(); err != nil {
			http.Error(w, "redis: "+err.Error(), http.StatusServiceUnavailable)
		}
	})
	r.Get("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		if !metrics.Allow() {
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	r.Route("/assets", func(r chi.Router) {
		r.Use(limit)
		r.Post("/", create(svc))
		r.Get("/{id}", get(svc))
		r.Get("/{id}/progress", progress(store))
		r.Get("/{id}/thumb", thumbs.Serve)
	})
	return r, nil
}

func get(svc *media.Service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asset, err := svc.Asset(r.Context(), chi.URLParam(r, "id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		_ = json.NewEncoder(w).Encode(asset)
	}
}

func create(svc *media.Service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := svc.Create(r.Context(), r.FormValue("url"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(map[string]string{"id": id})
	}
}
