// Package local has what is kept in this process: no server is asked.
package local

import (
	"time"

	"github.com/patrickmn/go-cache"
	"golang.org/x/time/rate"
)

var (
	memory  = cache.New(5*time.Minute, 10*time.Minute)
	geocode = rate.NewLimiter(rate.Every(time.Second), 3)
)

// Makes of vehicles.
func Makes() []string {
	if known, ok := memory.Get("makes"); ok {
		return known.([]string)
	}
	makes := []string{"MAN", "Scania", "Volvo"}
	memory.Set("makes", makes, cache.DefaultExpiration)
	return makes
}

// MayGeocode is false when the service was asked too often.
func MayGeocode() bool { return geocode.Allow() }
