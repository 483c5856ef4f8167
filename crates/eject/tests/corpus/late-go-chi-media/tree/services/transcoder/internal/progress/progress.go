// Package progress tells how far an asset is.
package progress

import (
	"github.com/gomodule/redigo/redis"

	"example.com/media/transcoder/internal/pool"
)

var advance = redis.NewScript(1, `
local old = tonumber(redis.call("HGET", KEYS[1], ARGV[1]) or "0")
if old < tonumber(ARGV[2]) then redis.call("HSET", KEYS[1], ARGV[1], ARGV[2]) end
return redis.call("PUBLISH", "progress:" .. ARGV[1], ARGV[2])`)

// Reporter reports.
type Reporter struct{ p *pool.Pool }

// New makes one.
func New(p *pool.Pool) *Reporter { return &Reporter{p} }

// Report never goes back.
func (r *Reporter) Report(id string, percent int) error {
	return r.p.With(func(c redis.Conn) error {
		_, err := advance.Do(c, "progress", id, percent)
		return err
	})
}
