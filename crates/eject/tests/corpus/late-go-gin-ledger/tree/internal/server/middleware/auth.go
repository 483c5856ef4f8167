package middleware

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
	"github.com/redis/go-redis/v9"

	"github.com/northbeam/ledger/internal/config"
)

type Auth struct {
	secret []byte
	store  redis.Cmdable
}

func NewAuth(cfg *config.Config, rdb redis.UniversalClient) *Auth {
	return &Auth{secret: []byte(cfg.JWT.Secret), store: rdb}
}

// Revoke puts a token on the deny-list for as long as it would be valid.
func (a *Auth) Revoke(ctx context.Context, claims *jwt.RegisteredClaims) error {
	return a.store.SetEx(ctx, "deny:"+claims.ID, 1, time.Until(claims.ExpiresAt.Time)).Err()
}

func (a *Auth) Handler(c *gin.Context) {
	raw, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	claims := &jwt.RegisteredClaims{}
	if _, err := jwt.ParseWithClaims(raw, claims, func(*jwt.Token) (any, error) { return a.secret, nil }); err != nil {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	if n, err := a.store.Exists(c, "deny:"+claims.ID).Result(); err != nil || n > 0 {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Set("claims", claims)
	c.Next()
}
