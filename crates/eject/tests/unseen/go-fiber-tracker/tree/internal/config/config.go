package config

import (
	"strings"
	"time"

	"github.com/spf13/viper"
)

// Config is of the API.
type Config struct {
	Listen      string
	DatabaseURL string `mapstructure:"database_url"`
	Redis       struct {
		Addr     string
		Password string
		DB       int   
		PoolSize int `mapstructure:"pool_size"`
	}
	Positions struct {
		URL  string
		Keep time.Duration
	}
	Session struct {
		Cookie string
		TTL    time.Duration
	}
	Limits struct {
		PerMinute int `mapstructure:"per_minute"`
	}
	NATS struct{ URL string }
}

// Load reads dir/config.yaml and the environment over it.
func Load(dir string) (*Config, error) {
	v := viper.New()
	v.AddConfigPath(dir)
	v.SetConfigName("config")
	v.SetEnvPrefix("tracker")
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	v.SetDefault("redis.addr", "127.0.0.1:6379")
	v.SetDefault("limits.per_minute", 60)
	if err := v.BindEnv("redis.password", "TRACKER_REDIS_PASSWORD", "REDIS_PASSWORD"); err != nil {
		return nil, err
	}
	if err := v.ReadInConfig(); err != nil {
		return nil, err
	}
	var c Config
	return &c, v.Unmarshal(&c)
}
