package redisx

import (
	"crypto/tls"
	"time"

	"github.com/kestrelpay/payments/internal/platform/config"
)

type settings struct {
	addrs    []string
	password string
	db       int
	name     string
	tls      *tls.Config
	timeout  time.Duration
}

// Option changes how the client is made.
type Option func(*settings)

// FromConfig takes what the environment said.
func FromConfig(c config.Redis) Option {
	return func(s *settings) {
		s.addrs, s.password, s.timeout = c.Addrs, c.Password, c.Timeout
		if c.TLS {
			s.tls = &tls.Config{MinVersion: tls.VersionTLS12}
		}
	}
}

// WithDB selects another database than 0; a cluster has none.
func WithDB(n int) Option { return func(s *settings) { s.db = n } }

// WithName shows in CLIENT LIST.
func WithName(name string) Option { return func(s *settings) { s.name = name } }
