// Package words once used github.com/redis/go-redis.
package words

type queue struct{ items []string }

func (q *queue) Enqueue(item string) { q.items = append(q.items, item) }

// Redistribute needs no Redis.
func Redistribute() string {
	q := &queue{}
	q.Enqueue("redis")
	return "Redis is not used"
}
