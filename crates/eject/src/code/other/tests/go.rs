//! What Go has: structs that embed clients, tags of fields, options of queues.

use super::{check, told};

const MOD: (&str, &str) = ("go.mod", "module a.example/a\n");

#[test]
fn structs_that_embed_a_client_are_clients_in_other_packages() {
    let own = "\
package redisx

import \"github.com/redis/go-redis/v9\"

type Client struct {
	redis.UniversalClient
	prefix string
}

func Open(addr string) (*Client, error) {
	return &Client{UniversalClient: redis.NewUniversalClient(nil), prefix: \"a\"}, nil
}

func (c *Client) Key(name string) string { return c.prefix + name }

func (c *Client) Get(name string) string { return \"\" }
";
    let hub = "\
package hub

import \"a.example/a/redisx\"

type Hub struct{ rdb *redisx.Client }

func (h *Hub) Tell(ctx context.Context) {
	h.rdb.Publish(ctx, h.rdb.Key(\"ev\"), 1)
	sub := h.rdb.Subscribe(ctx, \"a\")
	defer sub.Close()
	h.rdb.Get(\"own\")
	h.name.Publish(ctx)
}
";
    let main = "\
package main

import (
	\"a.example/a/hub\"
	\"a.example/a/redisx\"
)

func main() {
	shared, err := redisx.Open(\"a\")
	defer shared.Close()
	shared.Key(\"a\")
	new(hub.Hub).Tell(ctx)
}
";
    check(
        &[MOD, ("redisx/client.go", own), ("hub/hub.go", hub), ("cmd/main.go", main)],
        &[
            "cmd/main.go:4 Wrapper pub/sub Hub",
            "cmd/main.go:5 Wrapper pub/sub Open",
            "cmd/main.go:10 Command pub/sub Close",
            "hub/hub.go:3 Wrapper pub/sub Client",
            "hub/hub.go:8 Command pub/sub Publish",
            "hub/hub.go:9 Command pub/sub Subscribe",
            "hub/hub.go:10 Command pub/sub Close",
            "redisx/client.go:3 Import pub/sub github.com/redis/go-redis",
            "redisx/client.go:11 Client pub/sub github.com/redis/go-redis/v9.NewUniversalClient",
        ],
    );
}

#[test]
fn interfaces_that_have_those_of_a_client_are_clients() {
    let code = "\
package store

import \"github.com/redis/go-redis/v9\"

type cmd interface {
	redis.Cmdable
	Tenant() string
}

type Store struct{ c cmd }

func (s *Store) Has(ctx context.Context) bool {
	s.c.Tenant()
	return s.c.Exists(ctx, \"a\").Val() > 0
}
";
    check(
        &[("store.go", code)],
        &["store.go:3 Import other github.com/redis/go-redis", "store.go:14 Command other Exists"],
    );
}

#[test]
fn tags_of_fields_name_variables_and_what_they_begin_with() {
    let code = "\
package config

type Config struct {
	Rates struct {
		Addr string `env:\"ADDR\" envDefault:\"localhost:5432\"`
	} `envPrefix:\"RATES_VALKEY_\"`
	Broker string `env:\"DUNNING_BROKER\" envDefault:\"redis://h:6379/5\"`
	Other  string `default:\"redis://h\" envconfig:\"OTHER\"`
	Kept   Kept   `env:\", prefix=REDIS_\"`
	Store  string `env:\"STORE\" envDefault:\"postgres://h\"`
	Mail   string `json:\"mail\" default:\"none\"`
}
";
    let told = told(&[("config/config.go", code)]);
    assert_eq!(
        told,
        [
            "config/config.go:6 VariableRead queue RATES_VALKEY_",
            "config/config.go:7 VariableRead queue DUNNING_BROKER",
            "config/config.go:8 VariableRead queue OTHER",
            "config/config.go:9 VariableRead queue REDIS_",
        ]
    );
}

#[test]
fn values_of_a_queue_ask_where_it_is_told_to_be_on_the_store() {
    let code = "\
package jobs

import (
	\"github.com/RichardKnop/machinery/v2\"
	\"github.com/RichardKnop/machinery/v2/brokers/redis\"
	\"github.com/RichardKnop/machinery/v2/config\"
	\"github.com/RichardKnop/machinery/v2/tasks\"
)

type Jobs struct{ srv *machinery.Server }

func made() *machinery.Server {
	cnf := &config.Config{
		Redis: &config.RedisConfig{MaxIdle: 3},
	}
	return machinery.NewServer(cnf, redis.NewGR(cnf, nil, 1))
}

func (j *Jobs) Put(other Other) {
	j.srv.SendTask(&tasks.Signature{Name: \"a\"})
	made().RegisterTask(\"a\", nil)
	j.srv.NewWorker(\"a\", 1).Launch()
	other.SendTask(1)
}
";
    check(
        &[("jobs.go", code)],
        &[
            "jobs.go:4 Import queue github.com/RichardKnop/machinery",
            "jobs.go:5 Import queue github.com/RichardKnop/machinery",
            "jobs.go:6 Import queue github.com/RichardKnop/machinery",
            "jobs.go:7 Import queue github.com/RichardKnop/machinery",
            "jobs.go:13 Setting queue github.com/RichardKnop/machinery",
            "jobs.go:14 Setting queue github.com/RichardKnop/machinery",
            "jobs.go:16 Client queue github.com/RichardKnop/machinery/v2/brokers/redis.NewGR",
            "jobs.go:16 Setting queue github.com/RichardKnop/machinery",
            "jobs.go:20 Command queue SendTask",
            "jobs.go:21 Command queue RegisterTask",
            "jobs.go:22 Command queue Launch",
        ],
    );
}

#[test]
fn options_of_queues_say_where_they_are() {
    let code = "\
package jobs

import \"github.com/hibiken/asynq\"

func options(addr string) asynq.RedisConnOpt {
	return asynq.RedisClientOpt{Addr: addr}
}

func made(addr string) *asynq.Client {
	return asynq.NewClient(options(addr), &asynq.Config{})
}
";
    check(
        &[("jobs.go", code)],
        &[
            "jobs.go:3 Import queue github.com/hibiken/asynq",
            "jobs.go:6 Setting queue github.com/hibiken/asynq",
            "jobs.go:10 Client queue github.com/hibiken/asynq.NewClient",
        ],
    );
}

#[test]
fn a_package_that_wraps_a_client_is_followed() {
    let files = [
        ("go.mod", "module example.com/shop\n\ngo 1.22\n"),
        (
            "cmd/api/main.go",
            "package main\n\nimport (\n\t\"example.com/shop/internal/cache\"\n\t\"example.com/shop/internal/text\"\n)\n\nfunc main() { cache.Open(); text.Trim() }\n",
        ),
        (
            "internal/cache/cache.go",
            "package cache\n\nimport (\n\t\"os\"\n\n\trds \"github.com/redis/go-redis/v9\"\n)\n\ntype Store struct { rdb *rds.Client }\n\nfunc Open() *Store {\n\treturn &Store{rdb: rds.NewClient(&rds.Options{Addr: os.Getenv(\"REDIS_ADDR\")})}\n}\n\nfunc (s *Store) Allow(ctx context.Context, ip string) bool {\n\tn, _ := s.rdb.Incr(ctx, \"ratelimit:\"+ip).Result()\n\treturn n < 3\n}\n",
        ),
        ("internal/text/text.go", "package text\n\n// redis is not used here\nfunc Trim() {}\n"),
        (
            "internal/legacy/legacy.go",
            "package legacy\n\nimport _ \"github.com/gomodule/redigo/redis\"\n\nfunc Old() {}\n",
        ),
    ];
    check(
        &files,
        &[
            "cmd/api/main.go:4 Wrapper limits Open",
            "internal/cache/cache.go:6 Import limits github.com/redis/go-redis",
            "internal/cache/cache.go:12 Client limits github.com/redis/go-redis/v9.NewClient",
            "internal/cache/cache.go:12 VariableRead cache REDIS_ADDR",
            "internal/cache/cache.go:16 Command limits Incr",
            "internal/legacy/legacy.go:1 UnusedModule other internal/legacy/legacy Dormant",
            "internal/legacy/legacy.go:3 Import other github.com/gomodule/redigo Dormant",
        ],
    );
}
