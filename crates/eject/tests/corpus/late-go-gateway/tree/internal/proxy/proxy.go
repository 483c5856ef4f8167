// Package proxy sends requests on and keeps answers.
package proxy

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"github.com/northwind/gateway/internal/kv"
)

// Proxy has an upstream.
type Proxy struct {
	store    kv.Store
	upstream *httputil.ReverseProxy
}

// New makes one.
func New(store kv.Store, target *url.URL) *Proxy {
	return &Proxy{store: store, upstream: httputil.NewSingleHostReverseProxy(target)}
}

// ServeHTTP answers from the store if it can.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if body, err := p.store.Get(r.Context(), "page:"+r.URL.Path); err == nil {
		_, _ = w.Write(body)
		return
	}
	_ = p.store.Set(r.Context(), "seen:"+r.URL.Path, []byte("1"), time.Minute)
	p.upstream.ServeHTTP(w, r)
}
