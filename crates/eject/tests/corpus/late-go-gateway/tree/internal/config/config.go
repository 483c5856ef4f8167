// Package config reads config/gateway.yaml and the environment.
package config

import (
	"strings"
	"time"

	"github.com/spf13/viper"
)

// Config is all that the gateway is told.
type Config struct {
	Server struct {
		Addr            string
		ShutdownTimeout time.Duration `mapstructure:"shutdown_timeout"`
	}
	Redis    Redis `mapstructure:"redis"`
	Postgres struct{ DSN string }
	Quota    struct {
		PerMinute int `mapstructure:"per_minute"`
		Burst     int
	}
}

// Redis is where it stands.
type Redis struct {
	Addr     string
	Password string
	DB       int
	PoolSize int `mapstructure:"pool_size"`
}

// Load reads it.
func Load(path string) (*Config, error) {
	v := viper.New()
	v.SetConfigFile(path)
	v.SetEnvPrefix("GATEWAY")
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	v.SetDefault("redis.addr", "localhost:6379")
	v.SetDefault("redis.pool_size", 10)
	v.SetDefault("quota.burst", 20)
	_ = v.BindEnv("redis.password", "REDIS_PASSWORD")
	_ = v.BindEnv("postgres.dsn", "DATABASE_URL")
	if err := v.ReadInConfig(); err != nil {
		return nil, err
	}
	var c Config
	return &c, v.Unmarshal(&c)
}
