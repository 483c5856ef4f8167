package legacy

import (
	redigo "github.com/gomodule/redigo/redis"
)

var pool = &redigo.Pool{Dial: func() (redigo.Conn, error) { return redigo.Dial("tcp", ":6379") }}

// Count counts.
func Count(key string) (int, error) {
	connection := pool.Get()
	defer connection.Close()
	return redigo.Int(connection.Do("INCR", key))
}
