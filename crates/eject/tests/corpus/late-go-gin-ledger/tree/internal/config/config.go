// Package config reads config.yaml, the file of the environment over it and LEDGER_* variables over both.
package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/viper"
)

type Config struct {
	Env      string
	HTTP     HTTP
	Postgres Postgres
	Redis    Redis
	Asynq    Asynq
	Kafka    struct{ Brokers []string }
	Limits   Limits
	Rates    Rates
	JWT      struct{ Secret string }
}

type HTTP struct {
	Addr        string
	ReadTimeout time.Duration `mapstructure:"read_timeout"`
}

type Postgres struct {
	DSN      string
	MaxConns int32 `mapstructure:"max_conns"`
}

type Redis struct {
	Addrs          []string
	Username       string
	Password       string
	DB             int
	Cluster        bool
	TLS            bool
	PoolSize       int  `mapstructure:"pool_size"`
	RouteByLatency bool `mapstructure:"route_by_latency"`
}

type Asynq struct {
	URI         string
	Concurrency int
	Queues      map[string]int
}

type Limits struct {
	PerMinute      int `mapstructure:"per_minute"`
	BurstPerSecond int `mapstructure:"burst_per_second"`
}

type Rates struct {
	CacheSize int `mapstructure:"cache_size"`
	TTL       time.Duration
}

func Load(dir string) (*Config, error) {
	v := viper.New()
	v.AddConfigPath(dir)
	v.SetConfigName("config")
	v.SetEnvPrefix("LEDGER")
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()

	v.SetDefault("http.read_timeout", "5s")
	v.SetDefault("limits.per_minute", 60)
	if err := v.ReadInConfig(); err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	if env := v.GetString("env"); env != "local" {
		v.SetConfigName("config." + env)
		if err := v.MergeInConfig(); err != nil {
			return nil, fmt.Errorf("config of %s: %w", env, err)
		}
	}

	_ = v.BindEnv("postgres.dsn", "LEDGER_POSTGRES_DSN", "DATABASE_URL")
	_ = v.BindEnv("redis.addrs", "LEDGER_REDIS_ADDRS")
	_ = v.BindEnv("redis.password", "LEDGER_REDIS_PASSWORD")
	_ = v.BindEnv("asynq.uri", "LEDGER_ASYNQ_URI", "REDIS_URL")
	_ = v.BindEnv("kafka.brokers", "LEDGER_KAFKA_BROKERS")
	_ = v.BindEnv("jwt.secret", "LEDGER_JWT_SECRET")

	var c Config
	if err := v.Unmarshal(&c); err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return &c, nil
}
