package progress

import (
	"testing"

	"github.com/alicebob/miniredis/v2"

	"example.com/media/transcoder/internal/pool"
)

func TestItDoesNotGoBack(t *testing.T) {
	s := miniredis.RunT(t)
	r := New(pool.New("redis://" + s.Addr()))
	for _, percent := range []int{50, 20} {
		if err := r.Report("a", percent); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.HGet("progress", "a"); got != "50" {
		t.Fatalf("got %q", got)
	}
}
