module example.com/media/transcoder

go 1.23.2

require (
	github.com/alicebob/miniredis/v2 v2.33.0
	github.com/go-redsync/redsync/v4 v4.13.0
	github.com/gocraft/work v0.5.1
	github.com/gomodule/redigo v1.9.2
	github.com/urfave/cli/v2 v2.27.5
)

require (
	github.com/robfig/cron v1.2.0 // indirect
	github.com/yuin/gopher-lua v1.1.1 // indirect
)
