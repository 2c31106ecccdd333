package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/memstore"
)

// sessions stands for a table of tokens.
type sessions map[string]httpapi.Grant

func (s sessions) Authenticate(_ context.Context, token string) (httpapi.Grant, error) {
	g, ok := s[token]
	if !ok {
		return httpapi.Grant{}, httpapi.ErrUnknownToken
	}
	return g, nil
}

// newAPI has one account and one token.
func newAPI() *httpapi.API {
	alice := masto.NewRecord("115", "alice")
	alice.Profile.DisplayName = "Alice"
	return &httpapi.API{
		Service: &masto.Service{
			Site:  &masto.Site{Domain: "social.example"},
			Store: memstore.New(alice),
			Media: memstore.NewMedia("https://files.social.example/"),
		},
		Auth: sessions{"secret": {AccountID: "115", Scopes: []string{"read", "write:accounts"}}},
	}
}

// All methods at once, on a server of their own.
func ExampleAPI_Handler() {
	server := httptest.NewServer(newAPI().Handler())
	defer server.Close()

	call := func(method, path, token, body string) {
		req, err := http.NewRequestWithContext(context.Background(), method, server.URL+path, strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		answer, err := io.ReadAll(io.LimitReader(resp.Body, 90))
		fmt.Println(resp.StatusCode, string(answer), err)
	}
	call("PATCH", "/api/v1/profile", "secret", `{"display_name":"Alice A."}`)
	call("PATCH", "/api/v1/profile", "guessed", `{"display_name":"Eve"}`)
	call("PATCH", "/api/v1/profile", "secret", `{"display_name":`)
	// Output:
	// 200 {"id":"115","display_name":"Alice A.","note":"","fields":[],"formatted_note":"","formatted <nil>
	// 401 {"error":"The access token is invalid"} <nil>
	// 400 {"error":"The request is malformed JSON: unexpected end of JSON input at byte 16"} <nil>
}

// The methods beside others of the same server: one that everybody may call,
// and one for the user of a token.
func ExampleAPI_Register() {
	api := newAPI()
	mux := http.NewServeMux()
	api.Register(mux)
	mux.HandleFunc("GET /api/v1/accounts/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "the account", r.PathValue("id"))
	})
	mux.Handle("/api/v1/preferences", api.Authorized([]string{"read", "read:accounts"},
		func(w http.ResponseWriter, _ *http.Request, g httpapi.Grant) {
			fmt.Fprintln(w, "the preferences of", g.AccountID)
		}))

	for _, path := range []string{
		"/api/v1/accounts/verify_credentials",
		"/api/v1/accounts/116",
		"/api/v1/preferences",
	} {
		req := httptest.NewRequestWithContext(context.Background(), "GET", path, nil)
		req.Header.Set("Authorization", "Bearer secret")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, req)
		fmt.Printf("%d %.30s\n", w.Code, strings.TrimSpace(w.Body.String()))
	}
	// Output:
	// 200 {"id":"115","username":"alice"
	// 200 the account 116
	// 200 the preferences of 115
}

// A method that needs no token can be called by pages of any origin, too.
func ExampleCORS() {
	instance := httpapi.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"domain":"social.example"}`)
	}))
	w := httptest.NewRecorder()
	instance.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/api/v2/instance", nil))
	fmt.Println(w.Header().Get("Access-Control-Allow-Origin"), w.Body)
	// Output: * {"domain":"social.example"}
}

// A handful of fixed tokens: of a user, for reading only, and of an application
// without a user.
func ExampleTokens() {
	api := newAPI()
	api.Auth = httpapi.Tokens{
		"all":  {AccountID: "115", Scopes: []string{"read", "write"}},
		"look": {AccountID: "115", Scopes: []string{"profile"}},
		"app":  {Scopes: []string{"write"}},
	}
	for _, token := range []string{"all", "look", "app", "guessed"} {
		req := httptest.NewRequestWithContext(context.Background(), "PATCH", "/api/v1/profile", nil)
		req.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		api.UpdateProfile(w, req)
		fmt.Println(token, w.Code)
	}
	// Output:
	// all 200
	// look 403
	// app 422
	// guessed 401
}

// One method on a router of one's own, beside another one in the same style.
func ExampleAPI_GetProfile() {
	api := newAPI()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/v1/profile", api.GetProfile) // every other method: 405
	mux.Handle("/api/v1/accounts/{id}", httpapi.ReadOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		account, err := api.Service.Account(r.Context(), r.PathValue("id"))
		if err != nil {
			api.WriteError(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(account.AppendJSON(nil))
	})))

	call := func(method, path string) {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), method, path, nil))
		fmt.Println(w.Code, w.Body)
	}
	call("GET", "/api/v1/profile")
	call("GET", "/api/v1/accounts/116")
	call("PUT", "/api/v1/accounts/115")
	// Output:
	// 401 {"error":"The access token is invalid"}
	// 404 {"error":"Record not found"}
	// 405 {"error":"This method is not allowed here"}
}
