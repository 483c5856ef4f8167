// Package media knows assets.
package media

import (
	"context"
	"time"

	"cloud.google.com/go/pubsub"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/media/api/internal/jobs"
	"example.com/media/kit/kv"
)

// Asset is a film or a picture.
type Asset struct{ ID, URL, State string }

// Service has the rules.
type Service struct {
	db     *pgxpool.Pool
	assets *kv.Aside[Asset]
	store  kv.Store
	jobs   *jobs.Queue
	events *pubsub.Topic
}

// New makes it.
func New(db *pgxpool.Pool, assets *kv.Aside[Asset], store kv.Store, q *jobs.Queue, events *pubsub.Topic) *Service {
	return &Service{db: db, assets: assets, store: store, jobs: q, events: events}
}

// Asset may be a minute old.
func (s *Service) Asset(ctx context.Context, id string) (Asset, error) {
	return s.assets.Get(ctx, "asset:"+id, func(ctx context.Context) (a Asset, err error) {
		err = s.db.QueryRow(ctx, "select id, url, state from assets where id = $1", id).Scan(&a.ID, &a.URL, &a.State)
		return a, err
	})
}

// Create is idempotent for a day.
func (s *Service) Create(ctx context.Context, url string) (string, error) {
	if id, err := s.store.Get(ctx, "url:"+url); err == nil {
		return id, nil
	}
	var id string
	if err := s.db.QueryRow(ctx, "insert into assets (url) values ($1) returning id", url).Scan(&id); err != nil {
		return "", err
	}
	_ = s.store.Set(ctx, "url:"+url, id, 24*time.Hour)
	s.events.Publish(ctx, &pubsub.Message{Data: []byte(id), Attributes: map[string]string{"kind": "created"}})
	return id, s.jobs.Transcode(id, url)
}
