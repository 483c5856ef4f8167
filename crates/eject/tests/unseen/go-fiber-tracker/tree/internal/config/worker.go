package config

import "github.com/kelseyhightower/envconfig"

// Worker has nothing but an environment.
type Worker struct {
	Redis       string `envconfig:"ASYNQ_REDIS" default:"localhost:6379"`
	DB          int    `envconfig:"ASYNQ_DB" default:"2"`
	Concurrency int    `default:"10"`
}

// MustWorker panics when a number is none.
func MustWorker() Worker {
	var w Worker
	envconfig.MustProcess("worker", &w)
	return w
}
