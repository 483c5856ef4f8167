package main

import (
	"log/slog"
	"os"
	"os/signal"

	"github.com/urfave/cli/v2"

	"example.com/media/transcoder/internal/pool"
	"example.com/media/transcoder/internal/worker"
)

func main() {
	app := &cli.App{
		Name: "transcoder",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "redis", EnvVars: []string{"JOBS_REDIS_URL"}, Value: "redis://localhost:6379/2"},
			&cli.UintFlag{Name: "concurrency", EnvVars: []string{"CONCURRENCY"}, Value: 4},
		},
		Action: func(c *cli.Context) error {
			p := pool.New(c.String("redis"), pool.WithMaxActive(int(c.Uint("concurrency"))*2))
			defer p.Close()
			w := worker.New(p, c.Uint("concurrency"))
			w.Start()
			defer w.Stop()
			stop := make(chan os.Signal, 1)
			signal.Notify(stop, os.Interrupt)
			<-stop
			return nil
		},
	}
	if err := app.Run(os.Args); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}
