package cmd

import (
	"log/slog"

	"github.com/hibiken/asynq"
	"github.com/spf13/cobra"

	"git.example.org/media/transcoder/internal/progress"
	"git.example.org/media/transcoder/internal/tasks"
)

var concurrency int

var work = &cobra.Command{
	Use: "work",
	RunE: func(cmd *cobra.Command, _ []string) error {
		bar, err := progress.Dial(redisAddr)
		if err != nil {
			return err
		}
		defer bar.Close()
		srv := asynq.NewServer(
			asynq.RedisClientOpt{Addr: redisAddr, Password: env("REDIS_PASSWORD", "")},
			asynq.Config{
				Concurrency: concurrency,
				Queues:      map[string]int{"critical": 6, "default": 3, "low": 1},
			},
		)
		mux := asynq.NewServeMux()
		mux.Handle(tasks.TypeTranscode, &tasks.Transcoder{Progress: bar})
		mux.HandleFunc(tasks.TypeThumbnail, tasks.Thumbnail)
		slog.Info("working", "redis", redisAddr)
		return srv.Run(mux)
	},
}

func init() {
	work.Flags().IntVar(&concurrency, "concurrency", 8, "how many at once")
	root.AddCommand(work)
}
