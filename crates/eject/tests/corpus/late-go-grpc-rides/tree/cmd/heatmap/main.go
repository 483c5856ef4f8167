// Command heatmap counts requests by cell, each minute anew.
package main

import (
	"bufio"
	"context"
	"log"
	"os"
	"strings"

	"github.com/hailme/rides/internal/heatmap"
)

func main() {
	pool := heatmap.NewPool(os.Getenv("HEATMAP_REDIS"))
	defer pool.Close()
	lines := bufio.NewScanner(os.Stdin)
	batch := make([]string, 0, 256)
	for lines.Scan() {
		batch = append(batch, strings.TrimSpace(lines.Text()))
		if len(batch) == cap(batch) {
			if err := heatmap.Count(context.Background(), pool, batch); err != nil {
				log.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	if err := heatmap.Count(context.Background(), pool, batch); err != nil {
		log.Fatal(err)
	}
}
