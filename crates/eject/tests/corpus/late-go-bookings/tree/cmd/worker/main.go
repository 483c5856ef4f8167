package main

import (
	"os"
	"os/signal"

	"example.com/bookings/internal/config"
	"example.com/bookings/internal/jobs"
)

func main() {
	workers := jobs.NewWorkers(jobs.NewPool(config.Load()))
	workers.Start()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
	workers.Stop()
}
