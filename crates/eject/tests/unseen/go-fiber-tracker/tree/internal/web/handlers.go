package web

import (
	"context"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/session"

	"gitlab.example.com/fleet/tracker/internal/position"
)

func login(sessions *session.Store) fiber.Handler {
	return func(ctx *fiber.Ctx) error {
		sess, err := sessions.Get(ctx)
		if err != nil {
			return err
		}
		if err := sess.Regenerate(); err != nil {
			return err
		}
		sess.Set("user", ctx.FormValue("user"))
		return sess.Save()
	}
}

func near(positions *position.Store) fiber.Handler {
	return func(ctx *fiber.Ctx) error {
		found, err := positions.Near(ctx.UserContext(), ctx.QueryFloat("lat"), ctx.QueryFloat("lon"), 5)
		if err != nil {
			return err
		}
		return ctx.JSON(found)
	}
}

func follow(positions *position.Store) fiber.Handler {
	return websocket.New(func(conn *websocket.Conn) {
		for message := range positions.Follow(context.Background()) {
			if conn.WriteMessage(websocket.TextMessage, []byte(message.Payload)) != nil {
				return
			}
		}
	})
}
