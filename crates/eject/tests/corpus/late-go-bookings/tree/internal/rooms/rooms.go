package rooms

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"example.com/bookings/internal/store"
)

// Room can be booked.
type Room struct {
	ID   string
	Beds int
}

// Service knows the rooms.
type Service struct {
	rdb    *redis.Client
	db     *sql.DB
	cached *store.Cached[string, Room]
}

// New makes it.
func New(rdb *redis.Client, db *sql.DB) *Service {
	return &Service{rdb: rdb, db: db, cached: store.NewCached[string, Room](rdb, "room:")}
}

// Room is from the cache, or from the database.
func (s *Service) Room(ctx context.Context, id string) (Room, error) {
	return s.cached.Get(ctx, id, func(ctx context.Context, id string) (Room, error) {
		var room Room
		err := s.db.QueryRowContext(ctx, "select id, beds from rooms where id = $1", id).Scan(&room.ID, &room.Beds)
		return room, err
	})
}

// Hold keeps a room for ten minutes.
func (s *Service) Hold(ctx context.Context, room, guest string) (bool, error) {
	ok, err := s.rdb.SetNX(ctx, fmt.Sprintf("hold:%s", room), guest, 10*time.Minute).Result()
	if ok {
		s.rdb.Do(ctx, "PUBLISH", "rooms", room)
	}
	return ok, err
}

// Watch tells of rooms until the context ends.
func (s *Service) Watch(ctx context.Context, tell func(string)) {
	sub := s.rdb.PSubscribe(ctx, "rooms*")
	defer sub.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case message := <-sub.Channel():
			tell(message.Payload)
		}
	}
}
