package cmd

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

var redisAddr string

var root = &cobra.Command{
	Use:   "transcoder",
	Short: "Transcodes videos; the jobs are in Redis",
}

func init() {
	root.PersistentFlags().StringVar(&redisAddr, "redis-addr", env("REDIS_ADDR", "127.0.0.1:6379"), "address of Redis")
}

func env(name, fallback string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return fallback
}

// Execute runs the command that is asked for.
func Execute() {
	if err := root.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
