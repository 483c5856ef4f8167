package cmd

import (
	"time"

	"github.com/hibiken/asynq"
	"github.com/spf13/cobra"

	"git.example.org/media/transcoder/internal/tasks"
)

var schedule = &cobra.Command{
	Use: "schedule",
	RunE: func(*cobra.Command, []string) error {
		scheduler := asynq.NewScheduler(asynq.RedisClientOpt{Addr: redisAddr}, &asynq.SchedulerOpts{Location: time.UTC})
		if _, err := scheduler.Register("@every 1h", tasks.NewSweep()); err != nil {
			return err
		}
		return scheduler.Run()
	},
}

func init() { root.AddCommand(schedule) }
