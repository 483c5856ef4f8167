package jobs

import (
	"log/slog"
	"net/smtp"

	"github.com/gocraft/work"
	"github.com/gomodule/redigo/redis"

	"example.com/bookings/internal/config"
)

const namespace = "bookings"

// Context is of one job.
type Context struct{ name string }

// NewPool is of connections.
func NewPool(c *config.Config) *redis.Pool {
	return &redis.Pool{
		MaxActive: 20,
		MaxIdle:   5,
		Wait:      true,
		Dial: func() (redis.Conn, error) {
			return redis.Dial("tcp", c.Jobs.Redis, redis.DialDatabase(3), redis.DialPassword("hunter2Jobshunter2"))
		},
	}
}

// NewWorkers run jobs.
func NewWorkers(p *redis.Pool) *work.WorkerPool {
	pool := work.NewWorkerPool(Context{}, 10, namespace, p)
	pool.Middleware((*Context).Log)
	pool.JobWithOptions("confirm", work.JobOptions{Priority: 10, MaxFails: 3}, (*Context).Confirm)
	pool.PeriodicallyEnqueue("0 0 * * * *", "expire")
	return pool
}

// NewEnqueuer puts jobs there.
func NewEnqueuer(p *redis.Pool) *work.Enqueuer {
	return work.NewEnqueuer(namespace, p)
}

// Log tells of each.
func (c *Context) Log(job *work.Job, next work.NextMiddlewareFunc) error {
	c.name = job.Name
	slog.Info("job", "name", job.Name, "queue", "redis")
	return next()
}

// Confirm writes to the guest.
func (c *Context) Confirm(job *work.Job) error {
	to := job.ArgString("to")
	return smtp.SendMail("mail:25", nil, "bookings@example.com", []string{to}, []byte("You have a room."))
}
