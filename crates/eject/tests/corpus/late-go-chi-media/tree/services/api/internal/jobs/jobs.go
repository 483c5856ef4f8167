// Package jobs asks the transcoder for work.
package jobs

import (
	"time"

	"github.com/gocraft/work"
	"github.com/gomodule/redigo/redis"
)

// Namespace is shared with the transcoder.
const Namespace = "transcoder"

// Queue enqueues.
type Queue struct{ *work.Enqueuer }

// New does not connect yet.
func New(url string) *Queue {
	pool := &redis.Pool{
		MaxActive:   8,
		IdleTimeout: time.Minute,
		Wait:        true,
		Dial:        func() (redis.Conn, error) { return redis.DialURL(url) },
	}
	return &Queue{work.NewEnqueuer(Namespace, pool)}
}

// Transcode is asked for once per asset, however often it is uploaded.
func (q *Queue) Transcode(id, url string) error {
	_, err := q.EnqueueUniqueByKey("transcode", work.Q{"id": id, "url": url}, map[string]any{"id": id})
	return err
}
