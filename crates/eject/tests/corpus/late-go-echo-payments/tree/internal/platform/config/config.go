// Package config has what each binary reads from its environment.
package config

import (
	"log"
	"time"

	"github.com/caarlos0/env/v11"
)

// Redis is shared by all of them.
type Redis struct {
	Addrs    []string      `env:"REDIS_ADDRS" envDefault:"localhost:6379" envSeparator:","`
	Password string        `env:"REDIS_PASSWORD,unset"`
	TLS      bool          `env:"REDIS_TLS"`
	Timeout  time.Duration `env:"REDIS_TIMEOUT" envDefault:"750ms"`
}

// Gateway is the public API.
type Gateway struct {
	Listen       string `env:"LISTEN" envDefault:":8080"`
	DatabaseURL  string `env:"DATABASE_URL,required"`
	Redis        Redis
	RiskRedisURL string `env:"RISK_REDIS_URL" envDefault:"redis://localhost:6379/4"`
	FX           struct {
		Addr     string `env:"ADDR" envDefault:"localhost:6379"`
		Password string `env:"PASSWORD"`
	} `envPrefix:"FX_VALKEY_"`
}

// Ledger is the gRPC service.
type Ledger struct {
	Listen      string `env:"LISTEN" envDefault:":9090"`
	DatabaseURL string `env:"DATABASE_URL,required"`
	Redis       Redis
}

// Settler works off the queues.
type Settler struct {
	Redis         Redis
	DunningBroker string `env:"DUNNING_BROKER" envDefault:"redis://localhost:6379/5"`
	Concurrency   int    `env:"CONCURRENCY" envDefault:"12"`
	BankQueueURL  string `env:"BANK_QUEUE_URL"`
}

// MustParse fills v.
func MustParse(v any) {
	if err := env.Parse(v); err != nil {
		log.Fatal(err)
	}
}
