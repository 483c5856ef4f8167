// Package config has a default that is embedded, and the environment over it.
package config

import (
	_ "embed"
	"os"

	"github.com/pelletier/go-toml/v2"
)

//go:embed default.toml
var defaults []byte

// Config is all of it.
type Config struct {
	Listen   string
	Database struct{ DSN string }
	Redis    struct {
		URL  string
		Pool int
	}
	Jobs struct {
		Redis     string
		Namespace string
	}
}

// Load never fails: what is embedded is tested.
func Load() *Config {
	var c Config
	if err := toml.Unmarshal(defaults, &c); err != nil {
		panic(err)
	}
	c.Listen = getenv("LISTEN", c.Listen)
	c.Database.DSN = getenv("DATABASE_URL", c.Database.DSN)
	c.Redis.URL = getenv("REDIS_URL", c.Redis.URL)
	c.Jobs.Redis = getenv("JOBS_REDIS_ADDR", c.Jobs.Redis)
	return &c
}

func getenv(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
