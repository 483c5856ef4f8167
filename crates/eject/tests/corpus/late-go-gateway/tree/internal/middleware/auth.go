package middleware

import (
	"net/http"

	"github.com/northwind/gateway/internal/sessions"
)

// Auth lets those through who are logged in.
func Auth(s *sessions.Sessions) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			cookie, err := r.Cookie("sid")
			if err != nil {
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			user, err := s.User(r.Context(), cookie.Value)
			if err != nil {
				http.Error(w, "redis: nil", http.StatusUnauthorized)
				return
			}
			r.Header.Set("X-User", user)
			next.ServeHTTP(w, r)
		})
	}
}
