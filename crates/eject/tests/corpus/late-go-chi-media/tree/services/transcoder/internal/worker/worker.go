// Package worker runs jobs.
package worker

import (
	"os/exec"
	"time"

	"github.com/go-redsync/redsync/v4"
	rsredigo "github.com/go-redsync/redsync/v4/redis/redigo"
	"github.com/gocraft/work"

	"example.com/media/transcoder/internal/pool"
	"example.com/media/transcoder/internal/progress"
)

// Namespace is shared with the API.
const Namespace = "transcoder"

type context struct { // one per job
	progress *progress.Reporter
	locks    *redsync.Redsync
}

// Worker hides gocraft/work.
type Worker struct{ pool *work.WorkerPool }

// New registers the jobs.
func New(p *pool.Pool, concurrency uint) *Worker {
	locks := redsync.New(rsredigo.NewPool(p.Pool))
	reporter := progress.New(p)
	wp := work.NewWorkerPool(context{}, concurrency, Namespace, p.Pool)
	wp.Middleware(func(c *context, _ *work.Job, next work.NextMiddlewareFunc) error {
		c.progress, c.locks = reporter, locks
		return next()
	})
	wp.JobWithOptions("transcode", work.JobOptions{MaxFails: 3, MaxConcurrency: 2}, (*context).transcode)
	return &Worker{wp}
}

// Start does not block.
func (w *Worker) Start() { w.pool.Start() }

// Stop waits for running jobs.
func (w *Worker) Stop() { w.pool.Stop() }

func (c *context) transcode(job *work.Job) error {
	id, url := job.ArgString("id"), job.ArgString("url")
	if err := job.ArgError(); err != nil {
		return err
	}
	mu := c.locks.NewMutex("lock:asset:"+id, redsync.WithExpiry(10*time.Minute), redsync.WithTries(1))
	if err := mu.Lock(); err != nil {
		return err
	}
	defer mu.Unlock()
	if err := exec.Command("ffmpeg", "-i", url, "/tmp/"+id+".mp4").Run(); err != nil {
		return err
	}
	return c.progress.Report(id, 100)
}
