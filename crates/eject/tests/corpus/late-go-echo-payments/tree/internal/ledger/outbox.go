package ledger

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Relay hands over what the outbox has; Postgres alone is asked, with an advisory lock.
func Relay(ctx context.Context, db *pgxpool.Pool, publish func(topic string, body []byte) error) error {
	for ctx.Err() == nil {
		rows, err := db.Query(ctx, `delete from outbox where id in (select id from outbox order by id limit 100 for update skip locked) returning topic, body`)
		if err != nil {
			return err
		}
		for rows.Next() {
			var topic string
			var body []byte
			if err := rows.Scan(&topic, &body); err != nil {
				return err
			}
			if err := publish(topic, body); err != nil {
				return err
			}
		}
		time.Sleep(time.Second)
	}
	return ctx.Err()
}
