package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/memstore"
)

// token is the token of the account on the server of the examples.
const token = "a-token"

type tokens struct{}

func (tokens) Authenticate(_ context.Context, sent string) (httpapi.Grant, error) {
	if sent != token {
		return httpapi.Grant{}, httpapi.ErrUnknownToken
	}
	return httpapi.Grant{AccountID: "1", Scopes: []string{"read", "write"}}, nil
}

// startServer starts the server of the examples, with the account of alice.
func startServer() *httptest.Server {
	alice := masto.NewRecord("1", "alice")
	alice.Profile.Note = "Mushrooms"
	alice.Profile.Fields = []masto.Field{{Name: "Pronouns", Value: "she/her"}, {Name: "Mood", Value: "damp"}}
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: memstore.New(alice),
		Media: memstore.NewMedia("https://social.example/media/"),
	}
	mux := http.NewServeMux()
	(&httpapi.API{Service: service, Auth: tokens{}}).Register(mux)
	mux.HandleFunc("GET /api/v2/instance", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"version":"4.6.4","api_versions":{"mastodon":11}}`)
	})
	mux.HandleFunc("GET /api/v1/accounts/lookup", func(w http.ResponseWriter, r *http.Request) {
		account, err := service.Account(r.Context(), "1")
		if err != nil || r.FormValue("acct") != "alice" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = fmt.Fprint(w, `{"error":"Record not found"}`)
			return
		}
		_, _ = w.Write(account.AppendJSON(nil))
	})
	return httptest.NewServer(mux)
}

// A program reads the profile, and sends what it changes of it.
func Example() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()

	c := client.New(server.URL, token)
	before, err := c.Profile(ctx)
	if err != nil {
		fmt.Println(client.TerminalText(err.Error()))
		return
	}
	after := before
	after.Note = "Mushrooms and moss"
	updated, err := c.Update(ctx, masto.Diff(before, after))
	if err != nil {
		fmt.Println(client.TerminalText(err.Error()))
		return
	}
	fmt.Println(updated.Profile.Note, updated.Ignored)
	// Output:
	// Mushrooms and moss []
}

// Edit does all that a person's edit takes: nothing is sent if what they
// changed was changed elsewhere in the meantime.
func ExampleClient_Edit() {
	server := startServer()
	defer server.Close()

	c := client.New(server.URL, token)
	updated, err := c.Edit(context.Background(), func(d *client.Draft) error {
		d.Fields[1].Value = "dry"
		d.AvatarDescription = "Alice in a forest"
		d.NewAvatar = &masto.Upload{Filename: "me.gif", Data: []byte("GIF89a…")}
		return nil
	})
	if conflict, ok := errors.AsType[*client.ConflictError](err); ok {
		fmt.Println("changed elsewhere:", conflict.Attributes)
		return
	}
	if err != nil {
		fmt.Println(client.TerminalText(err.Error()))
		return
	}
	fmt.Println(updated.Profile.Fields[1].Value, updated.Profile.Avatar != "")
	// Output:
	// dry true
}

// An upload tells how much of it was sent.
func ExampleProgress() {
	server := startServer()
	defer server.Close()

	picture := &masto.Upload{Filename: "me.gif", Data: []byte("GIF89a" + strings.Repeat("…", 1000))}
	c := client.New(server.URL, token)
	var last, all int64
	_, err := c.Update(context.Background(), masto.Update{Avatar: masto.Some(picture)},
		client.Progress(func(sent, total int64) { last, all = sent, total }))
	fmt.Println(last == all, all > 3000, err)
	// Output:
	// true true <nil>
}

// Errors say what kind they are by errors.Is, and the reasons of a refusal are
// findings by attribute.
func ExampleAPIError() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()

	_, err := client.New(server.URL, "guessed").VerifyCredentials(ctx)
	fmt.Println(errors.Is(err, client.ErrUnauthorized))

	c := client.New(server.URL, token)
	_, err = c.Lookup(ctx, "nobody")
	fmt.Println(errors.Is(err, client.ErrNotFound))

	_, err = c.Update(ctx, masto.Update{Note: masto.Some(strings.Repeat("x", 501))})
	if refused, ok := errors.AsType[*client.APIError](err); ok {
		fmt.Println(refused.Status, refused.Findings[0].Attribute, refused.Findings[0].Description)
	}
	// Output:
	// true
	// true
	// 422 note is too long (maximum is 500 characters)
}

// A form leaves out the inputs for what a server does not take.
func ExampleInstance_Unsupported() {
	i := client.Instance{Software: "pixelfed"}
	fmt.Println(i.Unsupported(masto.Update{
		Note:   masto.Some("Photos"),
		Fields: masto.Some([]masto.Field{{Name: "Pronouns", Value: "she/her"}}),
	}))
	// Output:
	// [fields_attributes]
}

// A profile is cut to what another server has room for.
func ExampleFit() {
	p := masto.Profile{
		Note:   "I grow mushrooms: https://spore.io",
		Fields: []masto.Field{{Name: "Pronouns", Value: "she/her"}, {Name: "Mood", Value: "damp"}},
	}
	fitted, cuts := client.Fit(p, masto.Limits{Note: 30, Fields: 1})
	fmt.Printf("%q %d\n", fitted.Note, len(fitted.Fields))
	for _, c := range cuts {
		fmt.Println(c.Attribute, c.Lost)
	}
	// Output:
	// "I grow mushrooms:" 1
	// note https://spore.io
	// fields_attributes Mood: damp
}

// A program on a machine without a browser asks the user for the code that the
// server shows. Without Code, Login waits for the browser to come back.
func ExampleClient_Login() {
	mux := http.NewServeMux() // This stands for the server.
	answer := func(members map[string]string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(members) }
	}
	mux.Handle("POST /api/v1/apps", answer(map[string]string{"client_id": "id", "client_secret": "secret"}))
	mux.Handle("POST /oauth/token", answer(map[string]string{"access_token": token}))
	server := httptest.NewServer(mux)
	defer server.Close()

	got, err := client.New(server.URL, "").Login(context.Background(), client.Login{
		Name: "An example",
		Open: func(_ context.Context, address string) error {
			fmt.Println("visit", strings.TrimPrefix(address, server.URL)[:30]+"…")
			return nil
		},
		Code: func(context.Context) (string, error) { return "the code that the user typed", nil },
	})
	fmt.Println(got, err)
	// Output:
	// visit /oauth/authorize?client_id=id&…
	// a-token <nil>
}

// A picture is taken along to another server.
func ExampleClient_Picture() {
	media := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "GIF89a…")
	}))
	defer media.Close()

	upload, err := client.New("old.example", "").Picture(context.Background(), media.URL+"/me.gif")
	if err != nil {
		fmt.Println(client.TerminalText(err.Error()))
		return
	}
	fmt.Println(upload.Filename, len(upload.Data))
	// Output:
	// me.gif 9
}
