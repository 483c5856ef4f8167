//go:build monitor

package cmd

import (
	"net/http"

	"github.com/hibiken/asynq"
	"github.com/hibiken/asynqmon"
	"github.com/spf13/cobra"
)

func init() {
	root.AddCommand(&cobra.Command{
		Use: "monitor",
		RunE: func(*cobra.Command, []string) error {
			h := asynqmon.New(asynqmon.Options{RootPath: "/monitor", RedisConnOpt: asynq.RedisClientOpt{Addr: redisAddr}})
			http.Handle(h.RootPath()+"/", h)
			return http.ListenAndServe(":9000", nil)
		},
	})
}
