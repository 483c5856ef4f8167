package main

import (
	"context"
	"net/http"

	"example.com/shop/internal/session"
	"example.com/shop/internal/store"
	"example.com/shop/internal/text"
)

func main() {
	rdb := store.Open()
	sessions := session.New(rdb)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		user, _ := sessions.User(context.Background(), r.Header.Get("Cookie"))
		w.Write([]byte(text.Title(user)))
	})
	http.ListenAndServe(":8080", nil)
}
