package fakeserver_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestSoftware checks which methods each kind of server has, what its instance
// publishes and which picture stands for none.
func TestSoftware(t *testing.T) {
	for _, tt := range []struct {
		software      fakeserver.Software
		name          string
		profileStatus int // of GET /api/v1/profile
		deleteStatus  int // of DELETE /api/v1/profile/header
		missing       string
		// The limits as the instance publishes them; -1: it does not.
		fields     int
		note       int
		imageBytes int64
	}{
		{
			software:      fakeserver.Mastodon,
			name:          "Mastodon 4.6",
			profileStatus: 200,
			deleteStatus:  200,
			missing:       "/avatars/original/missing.png",
			fields:        4,
			note:          500,
			imageBytes:    0,
		},
		{
			software:      fakeserver.Mastodon42,
			name:          "Mastodon 4.2",
			profileStatus: 404,
			deleteStatus:  200,
			missing:       "/avatars/original/missing.png",
			fields:        0,
			note:          0,
			imageBytes:    0,
		},
		{
			software:      fakeserver.Pleroma,
			name:          "Pleroma",
			profileStatus: 404,
			deleteStatus:  404,
			missing:       "/images/avi.png",
			fields:        10,
			note:          -1,
			imageBytes:    2_000_000,
		},
		{
			software:      fakeserver.Akkoma,
			name:          "Akkoma",
			profileStatus: 404,
			deleteStatus:  404,
			missing:       "",
			fields:        10,
			note:          -1,
			imageBytes:    2_000_000,
		},
		{
			software:      fakeserver.GoToSocial,
			name:          "GoToSocial",
			profileStatus: 404,
			deleteStatus:  200,
			missing:       "",
			fields:        6,
			note:          -1,
			imageBytes:    -1,
		},
		{
			software:      fakeserver.Pixelfed,
			name:          "Pixelfed",
			profileStatus: 404,
			deleteStatus:  404,
			missing:       "/storage/avatars/default.jpg",
			fields:        -1,
			note:          -1,
			imageBytes:    -1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.name, tt.software.String())
			s := fakeserver.New(t, fakeserver.WithSoftware(tt.software))
			status, _ := do(t, s, "GET", profile, "", nil)
			assert.Equal(t, tt.profileStatus, status)
			status, _ = do(t, s, "DELETE", profile+"/header", "", nil)
			assert.Equal(t, tt.deleteStatus, status)

			status, body := do(t, s, "GET", "/api/v2/instance", "", nil)
			if status == 404 {
				status, body = do(t, s, "GET", "/api/v1/instance", "", nil)
			}
			require.Equal(t, 200, status)
			i, err := client.DecodeInstance(body)
			require.NoError(t, err)
			assert.Equal(t, tt.profileStatus == 200, i.HasProfileAPI())
			assert.Equal(t, tt.fields, i.Limits.Fields)
			assert.Equal(t, tt.note, i.Limits.Note)
			assert.Equal(t, tt.imageBytes, i.Limits.ImageBytes)

			status, body = do(t, s, "GET", verify, "", nil)
			require.Equal(t, 200, status)
			var a masto.CredentialAccount
			require.NoError(t, a.UnmarshalJSON(body))
			assert.Equal(t, tt.missing, strings.TrimPrefix(a.Avatar, s.URL))
			assert.Equal(t, "Mushrooms! https://loaf.io #fungi", a.EditableProfile().Note)
			assert.Contains(t, a.Note, "<p>")
		})
	}
}

// TestInstance checks that what the reference says about itself has every
// member of a sample, and the limits that the server has.
func TestInstance(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithLimits(masto.Limits{Note: 1000, Fields: -1}))
	for _, tt := range []struct {
		path   string
		sample string
	}{
		{path: "/api/v1/instance", sample: "mastodon-4.6.4-v1.json"},
		{path: "/api/v2/instance", sample: "mastodon-4.6.4.json"},
	} {
		t.Run(tt.path, func(t *testing.T) {
			sample, err := os.ReadFile(filepath.Join("..", "..", "testdata", "instance", tt.sample))
			require.NoError(t, err)
			status, body := do(t, s, "GET", tt.path, "", nil)
			require.Equal(t, 200, status)
			assert.Empty(t, missingMembers("", object(t, sample), object(t, body)))
		})
	}
	_, body := do(t, s, "GET", "/api/v2/instance", "", nil)
	i, err := client.DecodeInstance(body)
	require.NoError(t, err)
	assert.Equal(t, 11, i.APIVersion)
	assert.Equal(t, 40, i.Limits.DisplayName)
	assert.Equal(t, 1000, i.Limits.Note)
	assert.Equal(t, -1, i.Limits.Fields)
}

// missingMembers returns the paths of the members of want that got lacks or has
// in another JSON type. It does not compare the elements of lists.
func missingMembers(path string, want, got map[string]any) []string {
	var found []string
	for name, w := range want {
		g, ok := got[name]
		inner, isObject := w.(map[string]any)
		switch {
		case !ok:
			found = append(found, path+"/"+name)
		case isObject:
			object, _ := g.(map[string]any)
			found = append(found, missingMembers(path+"/"+name, inner, object)...)
		case fmt.Sprintf("%T", w) != fmt.Sprintf("%T", g):
			found = append(found, fmt.Sprintf("%s/%s is %T", path, name, g))
		}
	}
	return found
}

func TestNodeInfo(t *testing.T) {
	for _, tt := range []struct {
		software fakeserver.Software
		want     string
	}{
		{software: fakeserver.Mastodon, want: "mastodon 4.6.4"},
		{software: fakeserver.Mastodon42, want: "mastodon 4.2.10"},
		{software: fakeserver.Pleroma, want: "pleroma 2.9.1"},
		{software: fakeserver.Akkoma, want: "akkoma 3.15.2"},
		{software: fakeserver.GoToSocial, want: "gotosocial 0.19.1+git-0000000"},
		{software: fakeserver.Pixelfed, want: "pixelfed 0.12.5"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(tt.software))
			_, body := do(t, s, "GET", "/.well-known/nodeinfo", "", nil)
			var found struct{ Links []struct{ Rel, Href string } }
			require.NoError(t, json.Unmarshal(body, &found))
			require.Len(t, found.Links, 1)
			_, body = do(t, s, "GET", strings.TrimPrefix(found.Links[0].Href, s.URL), "", nil)
			var info struct {
				Software struct{ Name, Version string }
			}
			require.NoError(t, json.Unmarshal(body, &info))
			assert.Equal(t, tt.want, info.Software.Name+" "+info.Software.Version)
		})
	}
}

// TestShapes checks that an account has the members that a fixture of its kind
// of server has, but for those that depend on what is set and on the version.
func TestShapes(t *testing.T) {
	fixtures := map[string]mastotest.Fixture{}
	for _, f := range mastotest.Fixtures() {
		fixtures[f.Name] = f
	}
	for _, tt := range []struct {
		software fakeserver.Software
		fixture  string
		more     []string // The fixture lacks these.
		fewer    []string // The server lacks these.
	}{
		{
			software: fakeserver.Mastodon,
			fixture:  "mastodon/credential-4.6.4",
		},
		{
			software: fakeserver.Mastodon42,
			fixture:  "mastodon/credential-4.2",
			fewer:    []string{"/source/indexable"},
		},
		{
			software: fakeserver.Pleroma,
			fixture:  "pleroma/credential",
			more: []string{ // Pleroma has them since 2.9.
				"/uri", "/pleroma/also_known_as", "/pleroma/hide_followers", "/pleroma/hide_follows",
				"/pleroma/is_admin", "/pleroma/is_moderator", "/pleroma/skip_thread_containment",
			},
		},
		{
			software: fakeserver.Akkoma,
			fixture:  "akkoma/credential",
			more:     []string{"/pleroma/hide_favorites"},
		},
		{
			software: fakeserver.GoToSocial,
			fixture:  "gotosocial/credential",
			more:     []string{"/avatar_description"},
		},
		{
			software: fakeserver.Pixelfed,
			fixture:  "pixelfed/credential",
		},
	} {
		t.Run(tt.software.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(tt.software))
			_, body := do(t, s, "GET", verify, "", nil)
			got, want := object(t, body), object(t, fixtures[tt.fixture].JSON)
			assert.ElementsMatch(t, tt.more, namesOnlyIn(got, want), "more than the fixture")
			assert.ElementsMatch(t, tt.fewer, namesOnlyIn(want, got), "fewer than the fixture")
		})
	}
}

// namesOnlyIn returns the paths of the members of a that b does not have.
func namesOnlyIn(a, b map[string]any) []string {
	var paths []string
	for name, value := range a {
		other, ok := b[name]
		if !ok {
			paths = append(paths, "/"+name)
			continue
		}
		inner, _ := value.(map[string]any)
		otherInner, isObject := other.(map[string]any)
		if !isObject {
			continue
		}
		for _, path := range namesOnlyIn(inner, otherInner) {
			paths = append(paths, "/"+name+path)
		}
	}
	return paths
}
