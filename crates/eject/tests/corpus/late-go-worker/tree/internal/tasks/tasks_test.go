package tasks

import (
	"testing"

	"github.com/hibiken/asynq"
)

func TestSweep(t *testing.T) {
	inspector := asynq.NewInspector(asynq.RedisClientOpt{Addr: "localhost:6379", DB: 15})
	defer inspector.Close()
	if NewSweep().Type() != TypeSweep {
		t.Fatal("type")
	}
}
