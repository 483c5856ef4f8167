package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cache"
	"github.com/gofiber/fiber/v2/middleware/limiter"
	"github.com/gofiber/fiber/v2/middleware/session"
	fiberredis "github.com/gofiber/storage/redis/v3"
	"github.com/redis/go-redis/v9"

	"gitlab.example.com/fleet/tracker/internal/config"
	"gitlab.example.com/fleet/tracker/internal/kv"
	"gitlab.example.com/fleet/tracker/internal/local"
	"gitlab.example.com/fleet/tracker/internal/lock"
	"gitlab.example.com/fleet/tracker/internal/position"
	"gitlab.example.com/fleet/tracker/internal/tasks"
)

// Mount has all routes.
func Mount(app *fiber.App, c *config.Config, rdb redis.UniversalClient, positions *position.Store, queue *tasks.Client) {
	storage := fiberredis.NewFromConnection(rdb)
	sessions := session.New(session.Config{
		Storage:    storage,
		Expiration: c.Session.TTL,
		KeyLookup:  "cookie:" + c.Session.Cookie,
	})
	app.Use(limiter.New(limiter.Config{
		Max:               c.Limits.PerMinute,
		Expiration:        time.Minute,
		Storage:           storage,
		LimiterMiddleware: limiter.SlidingWindow{},
	}))
	// The login is limited by each process alone.
	app.Post("/login", limiter.New(limiter.Config{Max: 5}), login(sessions))

	tokens := kv.Tokens{RDB: rdb, TTL: 30 * 24 * time.Hour}
	app.Post("/devices/:id/token", func(ctx *fiber.Ctx) error {
		token, err := tokens.Issue(ctx.UserContext(), ctx.Params("id"))
		if err != nil {
			return err
		}
		return ctx.JSON(fiber.Map{"token": token})
	})
	app.Get("/vehicles/near",
		cache.New(cache.Config{Expiration: 5 * time.Second, Storage: storage, CacheHeader: "X-Cache"}),
		near(positions))
	app.Get("/map/ws", follow(positions))

	locker := lock.New(rdb)
	app.Post("/reports/:month", func(ctx *fiber.Ctx) error {
		return locker.With(ctx.UserContext(), "report", func() error {
			id, err := queue.Report(ctx.UserContext(), "all", ctx.Params("month"))
			if err != nil {
				return err
			}
			return ctx.Status(fiber.StatusAccepted).JSON(fiber.Map{"id": id})
		})
	})
	app.Get("/makes", func(ctx *fiber.Ctx) error { return ctx.JSON(local.Makes()) })
}
