package main

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"

	goredisstore "github.com/alexedwards/scs/goredisstore"
	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/gocraft/work"
	"github.com/redis/go-redis/v9"

	"example.com/bookings/internal/config"
	"example.com/bookings/internal/jobs"
	"example.com/bookings/internal/limits"
	"example.com/bookings/internal/locallimits"
	"example.com/bookings/internal/photos"
	"example.com/bookings/internal/rooms"
	"example.com/bookings/internal/stats"
)

// App is put together by wire.
type App struct {
	Config   *config.Config
	RDB      *redis.Client
	Jobs     *work.Enqueuer
	Invoices *jobs.Invoices
	Rooms    *rooms.Service
}

func openDatabase(c *config.Config) (*sql.DB, error) { return sql.Open("pgx", c.Database.DSN) }

func main() {
	app, cleanup, err := initialize()
	if err != nil {
		log.Fatal(err)
	}
	defer cleanup()

	sessions := scs.New()
	sessions.Store = goredisstore.New(app.RDB)
	counts, err := stats.Open(app.Config.Jobs.Redis)
	if err != nil {
		log.Fatal("no redis: ", err)
	}
	limit, err := limits.Global(app.RDB)
	if err != nil {
		log.Fatal(err)
	}

	r := chi.NewRouter()
	r.Use(sessions.LoadAndSave, limit)
	r.With(locallimits.Login()).Post("/login", func(w http.ResponseWriter, r *http.Request) {
		sessions.Put(r.Context(), "user", r.FormValue("user"))
	})
	r.Post("/rooms/{room}/hold", func(w http.ResponseWriter, r *http.Request) {
		room := chi.URLParam(r, "room")
		if ok, _ := app.Rooms.Hold(r.Context(), room, sessions.GetString(r.Context(), "user")); !ok {
			http.Error(w, "held", http.StatusConflict)
			return
		}
		counts.Count(r.Context(), room)
		_, err := app.Jobs.EnqueueUnique("confirm", work.Q{"to": r.FormValue("email")})
		if err == nil {
			err = app.Invoices.Write(r.Context(), room)
		}
		fmt.Fprint(w, err)
	})
	r.Get("/rooms/{room}/photo", func(w http.ResponseWriter, r *http.Request) {
		data, _ := photos.Get(r.Context(), chi.URLParam(r, "room"))
		_, _ = w.Write(data)
	})
	log.Fatal(http.ListenAndServe(app.Config.Listen, r))
}
