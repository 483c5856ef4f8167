// Package reports still runs on machinery.
package reports

import (
	"net/http"
	"os"

	"github.com/RichardKnop/machinery/v2"
	redisbackend "github.com/RichardKnop/machinery/v2/backends/redis"
	redisbroker "github.com/RichardKnop/machinery/v2/brokers/redis"
	"github.com/RichardKnop/machinery/v2/config"
	eagerlock "github.com/RichardKnop/machinery/v2/locks/eager"
	"github.com/RichardKnop/machinery/v2/tasks"
)

func newServer() *machinery.Server {
	cnf := &config.Config{DefaultQueue: "reports", ResultsExpireIn: 3600, Redis: &config.RedisConfig{MaxIdle: 3}}
	addrs := []string{os.Getenv("REDIS_ADDR")}
	broker := redisbroker.NewGR(cnf, addrs, 0)
	backend := redisbackend.NewGR(cnf, addrs, 1)
	return machinery.NewServer(cnf, broker, backend, eagerlock.New())
}

// Handle asks for a report.
func Handle(w http.ResponseWriter, r *http.Request) {
	_, err := newServer().SendTaskWithContext(r.Context(), &tasks.Signature{Name: "report"})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}
