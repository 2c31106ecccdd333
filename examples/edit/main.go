// Command edit sets the bio of a profile, on a server of any age. It is a whole
// client and meant to be copied; cmd/masto-profile is one to use.
//
//	MASTO_SERVER=https://social.example MASTO_TOKEN=secret go run ./examples/edit I grow mushrooms
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

const maxAnswer = 1 << 20 // bytes of a body that are read

// call sends a request with a form and returns the body of the answer.
func call(ctx context.Context, method, path, form string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, os.Getenv("MASTO_SERVER")+path, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+os.Getenv("MASTO_TOKEN"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(http.MaxBytesReader(nil, resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, masto.DecodeAPIError(resp.StatusCode, body)
	}
	return body, nil
}

// load returns the profile to edit, and the path that takes its update: not
// every server has the profile methods.
func load(ctx context.Context) (profile masto.Profile, path string, err error) {
	body, err := call(ctx, http.MethodGet, "/api/v2/instance", "")
	if err != nil {
		return profile, "", err
	}
	instance, err := masto.DecodeInstance(body)
	if err != nil {
		return profile, "", err
	}
	if instance.HasProfileAPI() {
		path = "/api/v1/profile"
		body, err = call(ctx, http.MethodGet, path, "")
		if err != nil {
			return profile, "", err
		}
		err = profile.UnmarshalJSON(body)
		return profile, path, err
	}
	body, err = call(ctx, http.MethodGet, "/api/v1/accounts/verify_credentials", "")
	if err != nil {
		return profile, "", err
	}
	var account masto.CredentialAccount
	if err := account.UnmarshalJSON(body); err != nil {
		return profile, "", err
	}
	return account.EditableProfile(), "/api/v1/accounts/update_credentials", nil
}

// edit sets the bio, and returns the one that it replaced. It sends nothing
// else of the profile.
func edit(ctx context.Context, bio string) (old string, err error) {
	before, path, err := load(ctx)
	if err != nil {
		return "", err
	}
	after := before
	after.Note = bio
	form, err := masto.Diff(before, after).EncodeForm()
	if err != nil {
		return "", err
	}
	_, err = call(ctx, http.MethodPatch, path, form)
	return before.Note, err
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	bio := strings.Join(os.Args[1:], " ")
	old, err := edit(ctx, bio)
	if err != nil {
		log.Fatal(masto.TerminalText(err.Error()))
	}
	fmt.Println(masto.TerminalText(old), "->", bio)
}
