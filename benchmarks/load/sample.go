package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// accountCount is how many accounts a store has. The test takes fewer.
var accountCount = 1000

const (
	pageSize = 40
	// pictureBytes is the size of the picture that is sent.
	pictureBytes = 100 << 10
)

// domain is the site's.
const domain = "social.example"

// sampleRecord returns the n-th account: a bio with a link, a hashtag, a
// mention and an emoji, and four fields.
func sampleRecord(n int) *masto.Record {
	name := "gardener" + strconv.Itoa(n)
	files := fmt.Sprintf("https://files.%s/accounts/%d/", domain, n)
	verified := time.Date(2019, 11, 10, 10, 31, 10, 0, time.UTC)
	r := masto.NewRecord(accountID(n), name)
	r.CreatedAt = time.Date(2017, 2, 8+n%20, 0, 0, 0, 0, time.UTC)
	r.LastStatusAt = time.Date(2024, 2, 1+n%28, 0, 0, 0, 0, time.UTC)
	r.FollowersCount, r.FollowingCount, r.StatusesCount = 547+int64(n), 404, 28468
	p := &r.Profile
	p.DisplayName = "Roof gardener :seedling: é"
	p.Note = "Growing vegetables on a roof in the north :seedling: " +
		strings.Repeat("and writing about soil, ", n%5) +
		"mostly in #compost season. Ask me about tomatoes & old tools.\n\n" +
		"Runs https://" + name + ".example with @dora. She/her, répond aussi en français."
	p.Discoverable, p.Indexable = new(true), true
	p.Avatar, p.AvatarDescription = files+"avatar.png", "A watering can"
	p.Header = files + "header.png"
	p.Fields = []masto.Field{
		{Name: "Pronouns", Value: "she/her"},
		{Name: "Garden", Value: "https://" + name + ".example", VerifiedAt: verified},
		{Name: "Tools", Value: "spade, rake & a very old hoe"},
		{Name: "Elsewhere", Value: "https://soil.example"},
	}
	p.AttributionDomains = []string{name + ".example"}
	return r
}

func accountID(n int) string { return strconv.Itoa(109000000000000000 + n) }

// view knows one account and one emoji, from memory.
func view(context.Context, ...*masto.Record) (masto.View, error) {
	return masto.View{
		Mention: func(username, domain string) (masto.Mention, bool) {
			return masto.Mention{Username: username, URL: "https://social.example/@dora"}, username == "dora" && domain == ""
		},
		Emoji: func(shortcode, _ string) (masto.CustomEmoji, bool) {
			return masto.CustomEmoji{
				Shortcode:       "seedling",
				URL:             "https://files.social.example/emojis/seedling.png",
				StaticURL:       "https://files.social.example/emojis/seedling.png",
				VisibleInPicker: true,
			}, shortcode == "seedling"
		},
	}, nil
}

// request is what is asked of every handler.
type request struct {
	name string
	// make returns the bytes of the request for the n-th account. Those of two
	// variants change something if they come in turn.
	make func(n, variant int) []byte
	// entity returns where the answer is decoded to.
	entity func() any
}

// The names of the requests that are compared at the end.
const (
	accountRequest = "GET account"
	pageRequest    = "GET page of 40"
)

func requests() []request {
	profile := func() any { return new(masto.Profile) }
	accounts := func() any { return new([]masto.Account) }
	return []request{
		{
			name:   "GET profile",
			make:   func(n, _ int) []byte { return get(n, "/api/v1/profile") },
			entity: profile,
		},
		{
			name:   accountRequest,
			make:   func(n, _ int) []byte { return get(n, "/accounts?id="+accountID(n)) },
			entity: accounts,
		},
		{
			name:   pageRequest,
			make:   func(n, _ int) []byte { return get(n, "/accounts?"+pageQuery(n)) },
			entity: accounts,
		},
		{
			name:   "PATCH texts",
			make:   func(n, variant int) []byte { return patch(n, textUpdate(variant)) },
			entity: profile,
		},
		{
			name: "PATCH a picture",
			make: func(n, variant int) []byte {
				u := textUpdate(variant)
				u.Avatar = masto.Some(&masto.Upload{Filename: "roof.png", ContentType: "image/png", Data: picture})
				return patch(n, u)
			},
			entity: profile,
		},
	}
}

func pageQuery(n int) string {
	ids := make([]string, pageSize)
	for i := range ids {
		ids[i] = "id=" + accountID((n*7+i*23)%accountCount)
	}
	return strings.Join(ids, "&")
}

// textUpdate returns an update that sets every text and some Booleans, as the
// form of a client does when it is saved.
func textUpdate(variant int) masto.Update {
	return masto.Update{
		DisplayName: masto.Some(fmt.Sprintf("Roof gardener %d", variant)),
		Note:        masto.Some(strings.Repeat("Growing vegetables on a roof.\n", 10)),
		Locked:      masto.Some(variant%2 == 0),
		Bot:         masto.Some(false),
		Fields: masto.Some([]masto.Field{
			{Name: "Pronouns", Value: "she/her"},
			{Name: "Garden", Value: "https://roof-garden.example"},
			{Name: "Tools", Value: "spade, rake & a very old hoe"},
			{Name: "Elsewhere", Value: "https://soil.example"},
		}),
	}
}

// picture is a file that begins as a PNG does. No store looks further.
var picture = func() []byte {
	data := make([]byte, pictureBytes)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data)
	copy(data, "\x89PNG\r\n\x1a\n")
	return data
}()

// get returns a GET request with the token of the n-th account.
func get(n int, path string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: load\r\nAccept: application/json\r\n"+
		"Authorization: Bearer %s\r\n\r\n", path, domain, accountID(n))
}

// patch returns a PATCH of the profile of the n-th account.
func patch(n int, u masto.Update) []byte {
	encoded, err := u.EncodeMultipart()
	if err != nil {
		panic(err) // The updates are ours.
	}
	b := bytes.NewBuffer(fmt.Appendf(nil, "PATCH /api/v1/profile HTTP/1.1\r\nHost: %s\r\nUser-Agent: load\r\n"+
		"Authorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		domain, accountID(n), encoded.ContentType, encoded.Length))
	_, _ = io.Copy(b, encoded.NewReader()) // A Buffer takes everything.
	return b.Bytes()
}
