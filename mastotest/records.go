package mastotest

import (
	"time"

	"github.com/seed-374a2035/masto"
)

// The functions of this file return the records of the suites. Each call
// returns a new record that shares nothing with any other.

// full returns a local account with everything set.
func full() *masto.Record {
	limit := 5
	return &masto.Record{
		Username: "Alice",
		URL:      "https://social.example/@Alice",
		URI:      "https://social.example/users/Alice",
		Profile: masto.Profile{
			ID:          "109876543210987654",
			DisplayName: "Alice :catjam:",
			Note:        "Hello\n\nI write #go & <b>.",
			Fields: []masto.Field{
				{Name: "Web", Value: "https://alice.example", VerifiedAt: at("2024-03-04T05:06:07.890123+02:00")},
				{Name: "Pronouns", Value: "she/her"},
			},
			Avatar:             "https://files.example/a.gif",
			AvatarStatic:       "https://files.example/a.png",
			AvatarDescription:  "A cat",
			Header:             "https://files.example/h.gif",
			HeaderStatic:       "https://files.example/h.png",
			HeaderDescription:  "A wide cat",
			Locked:             true,
			Bot:                true,
			HideCollections:    pointer(true),
			Discoverable:       pointer(true),
			Indexable:          true,
			ShowMedia:          true,
			ShowMediaReplies:   true,
			ShowFeatured:       true,
			AttributionDomains: []string{"alice.example", "blog.example"},
			FeaturedTags: []masto.FeaturedTag{
				{
					ID:            "7",
					Name:          "Go",
					URL:           "https://social.example/@Alice/tagged/go",
					StatusesCount: 3,
					LastStatusAt:  at("2024-02-29T00:00:00Z"),
				},
				{
					ID:   "8",
					Name: "cats",
				},
			},
		},
		Posting: masto.PostingDefaults{
			Privacy:     masto.PrivacyUnlisted,
			Sensitive:   true,
			Language:    pointer("de"),
			QuotePolicy: masto.QuoteFollowers,
		},
		Limited:             true,
		Noindex:             pointer(false),
		CreatedAt:           at("2020-01-02T03:04:05.678901Z"),
		LastStatusAt:        at("2024-05-06T07:08:09Z"),
		FollowersCount:      10,
		FollowingCount:      20,
		StatusesCount:       30,
		FollowRequestsCount: 4,
		Role: &masto.Role{
			ID:              "3",
			Name:            "Moderator",
			Color:           "#ff3bff",
			Highlighted:     true,
			CollectionLimit: &limit,
		},
		EmailSubscriptions: pointer(true),
	}
}

// bare returns a local account with nothing set.
func bare() *masto.Record { return &masto.Record{Username: "bob", Profile: masto.Profile{ID: "2"}} }

// remote returns an account of another server.
func remote() *masto.Record {
	return &masto.Record{
		Username: "Carol",
		Domain:   "remote.example",
		URL:      "https://remote.example/@Carol",
		URI:      "https://remote.example/users/Carol",
		Profile: masto.Profile{
			ID:          "33",
			DisplayName: "Carol",
			Note:        "<p>Hi</p>",
			Locked:      true,
		},
	}
}

// named returns an account with an ID and a name.
func named(id, username, domain string) *masto.Record {
	return &masto.Record{
		Username: username,
		Domain:   domain,
		Profile:  masto.Profile{ID: id, DisplayName: "account " + id},
	}
}

// at returns the time of a text in RFC 3339 with any fraction of a second. It
// panics on any other text: all are constants of this package.
func at(text string) time.Time {
	t, err := time.ParseInLocation(time.RFC3339Nano, text, time.UTC)
	if err != nil {
		panic(err)
	}
	return t
}

// pointer returns a pointer to v.
func pointer[T any](v T) *T { return &v }
