package cmd

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"git.example.org/media/transcoder/internal/intake"
	"git.example.org/media/transcoder/internal/reports"
)

func init() {
	root.AddCommand(&cobra.Command{
		Use: "serve",
		RunE: func(*cobra.Command, []string) error {
			http.Handle("/upload", intake.Handler())
			http.HandleFunc("/reports", reports.Handle)
			http.Handle("/metrics", promhttp.Handler())
			return http.ListenAndServe(":8080", nil)
		},
	})
}
