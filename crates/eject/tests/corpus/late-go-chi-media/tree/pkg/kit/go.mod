module example.com/media/kit

go 1.23.2

require (
	github.com/caarlos0/env/v11 v11.2.2
	github.com/redis/rueidis v1.0.52
	github.com/redis/rueidis/rueidisaside v1.0.52
)
