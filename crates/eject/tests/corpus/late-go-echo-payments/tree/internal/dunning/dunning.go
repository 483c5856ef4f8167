// Package dunning writes to merchants that owe. It has its workers on machinery, from before there was asynq here.
package dunning

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/RichardKnop/machinery/v2"
	redisbackend "github.com/RichardKnop/machinery/v2/backends/redis"
	redisbroker "github.com/RichardKnop/machinery/v2/brokers/redis"
	mconfig "github.com/RichardKnop/machinery/v2/config"
	eagerlock "github.com/RichardKnop/machinery/v2/locks/eager"
	"github.com/RichardKnop/machinery/v2/tasks"
)

// Reminders are sent by workers.
type Reminders struct{ srv *machinery.Server }

// New registers what the workers can do.
func New(broker string) (*Reminders, error) {
	u, err := url.Parse(broker)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(u.Scheme, "redis") {
		return nil, errors.New("dunning: only redis brokers")
	}
	password, _ := u.User.Password()
	cnf := &mconfig.Config{
		DefaultQueue:    "dunning",
		ResultsExpireIn: 3600,
		Redis: &mconfig.RedisConfig{MaxIdle: 3, IdleTimeout: 240, ReadTimeout: 15, WriteTimeout: 15},
	}
	addrs := []string{u.Host}
	if password != "" {
		addrs[0] = password + "@" + u.Host
	}
	srv := machinery.NewServer(cnf, redisbroker.NewGR(cnf, addrs, 5), redisbackend.NewGR(cnf, addrs, 5), eagerlock.New())
	return &Reminders{srv}, srv.RegisterTask("remind", remind)
}

// Remind in an hour.
func (r *Reminders) Remind(merchant, payment string) error {
	eta := time.Now().UTC().Add(time.Hour)
	_, err := r.srv.SendTask(&tasks.Signature{
		Name: "remind",
		ETA:  &eta,
		Args: []tasks.Arg{{Type: "string", Value: merchant}, {Type: "string", Value: payment}},
	})
	return err
}

// Work until there is an error.
func (r *Reminders) Work(tag string, n int) error { return r.srv.NewWorker(tag, n).Launch() }

func remind(merchant, payment string) error {
	slog.Info("remind", "merchant", merchant, "payment", payment)
	return nil
}
