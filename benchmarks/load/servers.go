package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
)

// handlerNames are the names of the handlers, in the order of a servers.
var handlerNames = [...]string{"masto", "encoding/json", "trivial"}

// servers serve the same store by each of the handlers.
type servers struct {
	http   [len(handlerNames)]*http.Server
	client [len(handlerNames)]*client
	canned atomic.Pointer[[]byte] // what the trivial handler answers
}

func startServers(s *store) (*servers, error) {
	service := &masto.Service{Site: &masto.Site{Domain: domain}, Store: s.many, Media: s.media, View: view}
	all := &servers{}
	handlers := [...]http.Handler{
		newMasto(service),
		newByHand(service.Site, s),
		http.HandlerFunc(all.answerCanned),
	}
	for i, h := range handlers {
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(err, all.close())
		}
		all.http[i] = &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
		all.client[i] = &client{address: l.Addr().String()}
		go func() { _ = all.http[i].Serve(l) }() // It ends by close.
	}
	return all, nil
}

func (s *servers) close() error {
	var all error
	for i := range s.http {
		if s.http[i] != nil {
			all = errors.Join(all, s.client[i].close(), s.http[i].Close())
		}
	}
	return all
}

// tokens are the tokens of all accounts, by hash. The token of an account is
// its id.
type tokens map[[sha256.Size]byte]httpapi.Grant

func newTokens() tokens {
	t := tokens{}
	for n := range accountCount {
		id := accountID(n)
		t[sha256.Sum256([]byte(id))] = httpapi.Grant{AccountID: id, Scopes: []string{"read", "write"}}
	}
	return t
}

func (t tokens) Authenticate(_ context.Context, token string) (httpapi.Grant, error) {
	g, ok := t[sha256.Sum256([]byte(token))]
	if !ok {
		return g, httpapi.ErrUnknownToken
	}
	return g, nil
}

// pages has the buffers that pages of accounts are made in.
var pages = sync.Pool{New: func() any { return new([]byte) }}

// newMasto returns the handler of a server that is built on masto.
func newMasto(service *masto.Service) http.Handler {
	api := &httpapi.API{Service: service, Auth: newTokens()}
	mux := http.NewServeMux()
	api.Register(mux)
	mux.Handle("GET /accounts", httpapi.ReadOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		accounts, err := service.Accounts(r.Context(), r.URL.Query()["id"]...)
		if err != nil {
			api.WriteError(w, r, err)
			return
		}
		buf := pages.Get().(*[]byte) //nolint:errcheck // the pool has nothing else
		defer pages.Put(buf)
		body := append((*buf)[:0], '[')
		for i := range accounts {
			if i > 0 {
				body = append(body, ',')
			}
			body = accounts[i].AppendJSON(body)
		}
		*buf = append(body, ']')
		write(w, *buf)
	})))
	return mux
}

// answerCanned is the trivial handler.
func (s *servers) answerCanned(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // If it fails, the client sees that.
	write(w, *s.canned.Load())
}

func write(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // If it fails, the client sees that.
}

// check sends one request to masto and to the handler by hand, and compares
// their answers. It returns that of masto, for the trivial handler.
func (s *servers) check(r request) ([]byte, error) {
	raw := r.make(0, 0)
	var bodies [2][]byte
	var entities [2]any
	for i := range entities {
		var err error
		if bodies[i], err = s.client[i].once(raw); err != nil {
			return nil, fmt.Errorf("%s: %w", handlerNames[i], err)
		}
		entities[i] = r.entity()
		if err := json.Unmarshal(bodies[i], entities[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", handlerNames[i], err)
		}
		if p, ok := entities[i].(*masto.Profile); ok {
			p.Avatar, p.AvatarStatic = "", "" // A picture gets a new address each time.
		}
	}
	if !reflect.DeepEqual(entities[0], entities[1]) {
		return nil, fmt.Errorf("the answers differ:\n%+v\n%+v", entities[0], entities[1])
	}
	return bodies[0], nil
}
