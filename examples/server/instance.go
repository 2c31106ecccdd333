package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
)

// What the server calls itself, and the releases of Mastodon that it follows
// with and without the profile methods.
const (
	serverTitle       = "masto example server"
	serverDescription = "An example of a server made with masto"
	serverVersion     = "4.6.4 (compatible; masto)"
	oldServerVersion  = "4.2.0 (compatible; masto)"
)

// apiVersion is the version of Mastodon's API that 4.6.4 speaks.
const apiVersion = 11

// nodeInfoPath is where the NodeInfo document is.
const nodeInfoPath = "/nodeinfo/2.0"

// object is a JSON object.
type object = map[string]any

// document serves what answer returns.
func (a *app) document(answer func(ctx context.Context) (object, error)) http.Handler {
	return httpapi.ReadOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body []byte
		members, err := answer(r.Context())
		if err == nil {
			body, err = json.Marshal(members)
		}
		if err != nil {
			a.api.WriteError(w, r, err)
			return
		}
		writeJSON(w, body)
	}))
}

// instanceV2 answers GET /api/v2/instance. It has every member that Mastodon
// sends, also of what this server does not have: typed clients require them.
func (a *app) instanceV2(ctx context.Context) (object, error) {
	users, err := a.countUsers(ctx)
	if err != nil {
		return nil, err
	}
	contact, err := a.service.Account(ctx, demoID)
	if err != nil {
		return nil, err
	}
	site := a.service.Site
	answer := object{
		"domain":        site.Domain,
		"title":         serverTitle,
		"version":       a.version(),
		"source_url":    "https://github.com/seed-374a2035/masto",
		"description":   serverDescription,
		"usage":         object{"users": object{"active_month": users}},
		"thumbnail":     object{"url": site.BaseURL + "/headers/original/missing.png", "description": ""},
		"icon":          []object{{"src": site.BaseURL + "/avatars/original/missing.png", "size": "240x240"}},
		"languages":     []string{"en"},
		"configuration": a.configuration(),
		"registrations": object{
			"enabled":           false,
			"approval_required": false,
			"reason_required":   false,
			"message":           nil,
			"min_age":           nil,
			"url":               nil,
		},
		"contact": object{"email": "", "account": contact},
		"rules":   []any{},
	}
	if !a.old {
		answer["api_versions"] = object{"mastodon": apiVersion}
	}
	return answer, nil
}

// configuration returns that of GET /api/v2/instance. Its accounts have the
// limits that a client needs to know before it shows a form; servers before
// Mastodon 4.6 tell less.
func (a *app) configuration() object {
	site := a.service.Site
	feeds := object{"local": "disabled", "remote": "disabled"}
	c := postsConfiguration(site.Limits)
	c["accounts"] = json.RawMessage(site.Limits.AppendInstance(nil))
	if a.old {
		c["accounts"] = object{"max_featured_tags": 10}
	}
	c["urls"] = object{
		"streaming":        a.streaming(),
		"status":           nil,
		"about":            site.BaseURL + "/",
		"privacy_policy":   site.BaseURL + "/",
		"terms_of_service": nil,
	}
	c["vapid"] = object{"public_key": ""}
	c["translation"] = object{"enabled": false}
	c["timelines_access"] = object{
		"live_feeds":          feeds,
		"hashtag_feeds":       feeds,
		"trending_link_feeds": feeds,
	}
	c["limited_federation"] = false
	return c
}

// postsConfiguration returns what both versions of the instance say about
// posts, which this server does not have, and about pictures.
func postsConfiguration(l masto.Limits) object {
	return object{
		"statuses": object{
			"max_characters":              500,
			"max_media_attachments":       4,
			"characters_reserved_per_url": 23,
		},
		"media_attachments": object{
			"description_limit":      1500,
			"supported_mime_types":   []string{"image/jpeg", "image/png", "image/gif", "image/webp"},
			"image_size_limit":       l.ImageBytes,
			"image_matrix_limit":     33177600,
			"video_size_limit":       0,
			"video_frame_rate_limit": 0,
			"video_matrix_limit":     0,
		},
		"polls": object{
			"max_options":               4,
			"max_characters_per_option": 50,
			"min_expiration":            300,
			"max_expiration":            2629746,
		},
	}
}

// instanceV1 answers GET /api/v1/instance, the form before Mastodon 4. It tells
// neither the limits of a profile nor the version of the API.
func (a *app) instanceV1(ctx context.Context) (object, error) {
	users, err := a.countUsers(ctx)
	if err != nil {
		return nil, err
	}
	contact, err := a.service.Account(ctx, demoID)
	if err != nil {
		return nil, err
	}
	site := a.service.Site
	configuration := postsConfiguration(site.Limits)
	configuration["accounts"] = object{"max_featured_tags": 10}
	return object{
		"uri":               site.Domain,
		"title":             serverTitle,
		"short_description": serverDescription,
		"description":       serverDescription,
		"email":             "",
		"version":           a.version(),
		"urls":              object{"streaming_api": a.streaming()},
		"stats":             object{"user_count": users, "status_count": 0, "domain_count": 0},
		"thumbnail":         site.BaseURL + "/headers/original/missing.png",
		"languages":         []string{"en"},
		"registrations":     false,
		"approval_required": false,
		"invites_enabled":   false,
		"configuration":     configuration,
		"contact_account":   contact,
		"rules":             []any{},
	}, nil
}

// nodeInfo answers GET /.well-known/nodeinfo with the address of the document
// by which programs tell kinds of servers apart.
func (a *app) nodeInfo(context.Context) (object, error) {
	return object{"links": []object{{
		"rel":  "http://nodeinfo.diaspora.software/ns/schema/2.0",
		"href": a.service.Site.BaseURL + nodeInfoPath,
	}}}, nil
}

// nodeInfoDocument answers GET /nodeinfo/2.0. The schema requires a protocol,
// and clients take a server whose upstream is Mastodon for Mastodon.
func (a *app) nodeInfoDocument(ctx context.Context) (object, error) {
	users, err := a.countUsers(ctx)
	if err != nil {
		return nil, err
	}
	return object{
		"version":           "2.0",
		"software":          object{"name": "masto", "version": a.version()},
		"protocols":         []string{"activitypub"},
		"services":          object{"inbound": []string{}, "outbound": []string{}},
		"openRegistrations": false,
		"usage": object{
			"users":      object{"total": users, "activeMonth": users, "activeHalfyear": users},
			"localPosts": 0,
		},
		"metadata": object{
			"nodeName":        serverTitle,
			"nodeDescription": serverDescription,
			"upstream":        object{"name": "Mastodon"},
		},
	}, nil
}

// version returns the version of the server. It begins with the release of
// Mastodon that the server follows, where clients look for it.
func (a *app) version() string {
	if a.old {
		return oldServerVersion
	}
	return serverVersion
}

// streaming returns the address where a server would have its streams: clients
// require one.
func (a *app) streaming() string {
	return "ws" + strings.TrimPrefix(a.service.Site.BaseURL, "http")
}

// countUsers returns the number of local accounts.
func (a *app) countUsers(ctx context.Context) (n int, err error) {
	err = a.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM masto_accounts WHERE domain = ''").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting accounts: %w", err)
	}
	return n, nil
}
