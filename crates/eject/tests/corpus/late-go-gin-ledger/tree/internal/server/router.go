package server

import (
	"net/http"

	"github.com/gin-contrib/requestid"
	"github.com/gin-gonic/gin"
	"github.com/google/wire"
	"github.com/redis/go-redis/v9"

	"github.com/northbeam/ledger/internal/config"
	"github.com/northbeam/ledger/internal/rates"
	"github.com/northbeam/ledger/internal/server/burst"
	"github.com/northbeam/ledger/internal/server/handlers"
	"github.com/northbeam/ledger/internal/server/middleware"
)

var ProviderSet = wire.NewSet(NewRouter, middleware.NewAuth, wire.Struct(new(handlers.Transfers), "*"))

func NewRouter(cfg *config.Config, rdb redis.UniversalClient, auth *middleware.Auth, transfers *handlers.Transfers, fx *rates.Service) *gin.Engine {
	r := gin.New()
	r.Use(gin.Recovery(), requestid.New(), burst.New(cfg.Limits.BurstPerSecond).Handler)
	r.GET("/readyz", func(c *gin.Context) {
		if err := rdb.Ping(c).Err(); err != nil {
			c.String(http.StatusServiceUnavailable, "redis")
			return
		}
		c.String(http.StatusOK, "ok")
	})

	v1 := r.Group("/v1", middleware.RateLimit(rdb, cfg), auth.Handler)
	v1.POST("/transfers", transfers.Create)
	v1.GET("/rates/:pair", func(c *gin.Context) {
		v, err := fx.Rate(c, c.Param("pair"))
		if err != nil {
			c.AbortWithStatus(http.StatusBadGateway)
			return
		}
		c.JSON(http.StatusOK, gin.H{"rate": v})
	})
	return r
}
