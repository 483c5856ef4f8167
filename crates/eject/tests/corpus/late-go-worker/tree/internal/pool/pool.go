// Package pool is a pool of goroutines.
package pool

// Pool runs what is put into it.
type Pool struct {
	queue chan func()
}

// New starts size workers.
func New(size int) *Pool {
	p := &Pool{queue: make(chan func(), 100)}
	for range size {
		go func() {
			for job := range p.queue {
				job()
			}
		}()
	}
	return p
}

// Do queues a job.
func (p *Pool) Do(job func()) { p.queue <- job }

// Get is how many wait.
func (p *Pool) Get() int { return len(p.queue) }

// Close ends it.
func (p *Pool) Close() { close(p.queue) }
