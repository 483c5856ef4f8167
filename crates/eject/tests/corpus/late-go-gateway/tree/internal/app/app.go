// Package app puts the gateway together.
package app

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"
	"github.com/redis/go-redis/v9"
	"go.uber.org/fx"

	"github.com/northwind/gateway/internal/config"
	"github.com/northwind/gateway/internal/kv"
	"github.com/northwind/gateway/internal/kv/memkv"
	"github.com/northwind/gateway/internal/kv/rediskv"
	"github.com/northwind/gateway/internal/leader"
	"github.com/northwind/gateway/internal/middleware"
	"github.com/northwind/gateway/internal/proxy"
	"github.com/northwind/gateway/internal/quota"
	"github.com/northwind/gateway/internal/quota/local"
	"github.com/northwind/gateway/internal/sessions"
)

// Module is all of it.
var Module = fx.Module("gateway",
	fx.Provide(
		rediskv.NewClient,
		sessions.New,
		leader.New,
		func() *local.Limiter { return &local.Limiter{} },
		func(c *config.Config, rdb redis.UniversalClient) *quota.Quota {
			return quota.New(rdb, c.Quota.PerMinute, c.Quota.Burst)
		},
		func(c *config.Config, rdb redis.UniversalClient) kv.Store {
			if c.Redis.Addr == "" {
				return memkv.New(10_000)
			}
			return rediskv.New(rdb, rediskv.WithPrefix("gateway:"))
		},
		func(store kv.Store) *proxy.Proxy { return proxy.New(store, &url.URL{Scheme: "http", Host: "upstream"}) },
	),
	fx.Invoke(serve, closeRedis),
)

func serve(c *config.Config, p *proxy.Proxy, s *sessions.Sessions, node *local.Limiter, q *quota.Quota) {
	r := chi.NewRouter()
	r.Use(middleware.Auth(s), middleware.Throttle(node, q))
	r.Mount("/", p)
	go func() { _ = http.ListenAndServe(c.Server.Addr, r) }()
}

func closeRedis(lc fx.Lifecycle, rdb redis.UniversalClient) {
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) error { return rdb.Ping(ctx).Err() },
		OnStop:  func(context.Context) error { return rdb.Close() },
	})
}
