package httpapi

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"

	"github.com/kestrelpay/payments/internal/settlement"
)

const challengeTTL = 5 * time.Minute

type payment struct {
	ID       string `json:"id"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Card     string `json:"card"`
}

func (s *server) createPayment(c echo.Context) error {
	var p payment
	if err := c.Bind(&p); err != nil {
		return err
	}
	ctx := c.Request().Context()
	ok, err := s.Velocity.Spend(p.Card, p.Amount)
	if err != nil {
		return err
	}
	if !ok {
		return echo.NewHTTPError(http.StatusPaymentRequired, "velocity")
	}
	eur, err := s.Rates.ToEUR(ctx, p.Currency, p.Amount)
	if err != nil {
		return err
	}
	if _, err := s.DB.Exec(ctx, `insert into payments (id, amount, eur) values ($1, $2, $3)`, p.ID, p.Amount, eur); err != nil {
		return err
	}
	if err := s.Settlement.Enqueue(ctx, settlement.Capture{Payment: p.ID, Merchant: merchant(c)}); err != nil {
		return err
	}
	s.Hub.Tell(ctx, merchant(c), p.ID)
	raw, _ := json.Marshal(p)
	return c.JSONBlob(http.StatusCreated, raw)
}

func (s *server) startChallenge(c echo.Context) error {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000))
	ctx := c.Request().Context()
	k := s.Redis.Key("3ds", c.Param("id"))
	pipe := s.Redis.TxPipeline()
	pipe.HSet(ctx, k, "code", fmt.Sprintf("%06d", n), "tries", 0)
	pipe.Expire(ctx, k, challengeTTL)
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}

func (s *server) answerChallenge(c echo.Context) error {
	ctx := c.Request().Context()
	k := s.Redis.Key("3ds", c.Param("id"))
	tries, err := s.Redis.HIncrBy(ctx, k, "tries", 1).Result()
	if err != nil {
		return err
	}
	if tries > 3 {
		s.Redis.Del(ctx, k)
		return echo.NewHTTPError(http.StatusGone)
	}
	code, err := s.Redis.HGet(ctx, k, "code").Result()
	if errors.Is(err, redis.Nil) {
		return echo.NewHTTPError(http.StatusGone)
	}
	if err != nil {
		return err
	}
	if code != c.FormValue("code") {
		return echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	s.Redis.Unlink(ctx, k)
	return c.NoContent(http.StatusNoContent)
}

func (s *server) events(c echo.Context) error {
	w := c.Response()
	w.Header().Set(echo.HeaderContentType, "text/event-stream")
	for id := range s.Hub.Listen(c.Request().Context(), merchant(c)) {
		fmt.Fprintf(w, "data: %s\n\n", id)
		w.Flush()
	}
	return nil
}
