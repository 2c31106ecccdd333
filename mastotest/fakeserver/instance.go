package fakeserver

import (
	"cmp"
	"encoding/json"
	"net/http"
)

// object is a JSON object that this package puts together.
type object = map[string]any

// instanceV2 returns the answer to GET /api/v2/instance with every member that
// Mastodon 4.6.4 sends, since typed clients require them.
func instanceV2(s *Server) object {
	configuration := commonConfiguration()
	configuration["urls"] = object{
		"streaming":        "wss://" + s.domain(),
		"status":           nil,
		"about":            s.URL + "/about",
		"privacy_policy":   s.URL + "/privacy-policy",
		"terms_of_service": nil,
	}
	configuration["vapid"] = object{"public_key": ""}
	configuration["accounts"] = json.RawMessage(s.options.limits.AppendInstance(nil))
	configuration["translation"] = object{"enabled": false}
	feeds := object{"local": "public", "remote": "public"}
	configuration["timelines_access"] = object{
		"live_feeds":          feeds,
		"hashtag_feeds":       feeds,
		"trending_link_feeds": feeds,
	}
	configuration["limited_federation"] = false
	return object{
		"domain":        s.domain(),
		"title":         "A test",
		"version":       s.kind().version,
		"source_url":    "https://code.example/" + s.kind().software,
		"description":   "",
		"usage":         object{"users": object{"active_month": 1}},
		"thumbnail":     object{"url": s.URL + "/preview.png", "description": ""},
		"icon":          []object{{"src": s.URL + "/icon-36.png", "size": "36x36"}},
		"languages":     []string{"en"},
		"configuration": configuration,
		"registrations": object{
			"enabled":           false,
			"approval_required": false,
			"reason_required":   false,
			"message":           nil,
			"min_age":           nil,
			"url":               nil,
		},
		"api_versions": object{"mastodon": 11},
		"contact":      object{"email": "", "account": nil},
		"rules":        []any{},
	}
}

// instanceV1 returns the answer to GET /api/v1/instance, which has no limits of
// profiles and no API version.
func instanceV1(s *Server) object {
	configuration := commonConfiguration()
	configuration["accounts"] = object{"max_featured_tags": 10}
	return object{
		"uri":               s.domain(),
		"title":             "A test",
		"short_description": "",
		"description":       "",
		"email":             "",
		"version":           s.kind().version,
		"urls":              object{"streaming_api": "wss://" + s.domain()},
		"stats":             object{"user_count": 1, "status_count": 1, "domain_count": 1},
		"thumbnail":         s.URL + "/preview.png",
		"languages":         []string{"en"},
		"registrations":     false,
		"approval_required": false,
		"invites_enabled":   false,
		"configuration":     configuration,
		"contact_account":   nil,
		"rules":             []any{},
	}
}

// commonConfiguration returns the configuration that both forms share.
func commonConfiguration() object {
	return object{
		"statuses": object{
			"max_characters":              500,
			"max_media_attachments":       4,
			"characters_reserved_per_url": 23,
		},
		"media_attachments": object{
			"description_limit":      10000,
			"supported_mime_types":   []string{"image/jpeg", "image/png", "image/gif", "image/webp"},
			"image_size_limit":       16 << 20,
			"image_matrix_limit":     33177600,
			"video_size_limit":       99 << 20,
			"video_frame_rate_limit": 120,
			"video_matrix_limit":     8294400,
		},
		"polls": object{
			"max_options":               4,
			"max_characters_per_option": 50,
			"min_expiration":            300,
			"max_expiration":            2629746,
		},
	}
}

// oldInstanceV2 returns the answer of Mastodon 4.2 to GET /api/v2/instance.
func oldInstanceV2(s *Server) object {
	answer := instanceV2(s)
	configuration, _ := answer["configuration"].(object)
	configuration["urls"] = object{"streaming": "wss://" + s.domain(), "status": nil}
	configuration["accounts"] = object{"max_featured_tags": 10}
	for _, name := range [...]string{"vapid", "timelines_access", "limited_federation"} {
		delete(configuration, name)
	}
	answer["thumbnail"] = object{"url": s.URL + "/preview.png"}
	answer["registrations"] = object{"enabled": false, "approval_required": false, "message": nil, "url": nil}
	delete(answer, "icon")
	delete(answer, "api_versions")
	return answer
}

// pleromaInstance returns the answer of Pleroma and Akkoma.
func pleromaInstance(s *Server) object {
	l := s.options.limits
	answer := instanceV1(s)
	for _, name := range [...]string{"configuration", "invites_enabled", "contact_account", "rules"} {
		delete(answer, name)
	}
	answer["uri"] = s.URL
	answer["max_toot_chars"] = 5000
	answer["avatar_upload_limit"] = l.ImageBytes
	answer["banner_upload_limit"] = 2 * l.ImageBytes
	answer["pleroma"] = object{"metadata": object{"fields_limits": object{
		"max_fields":        l.Fields,
		"max_remote_fields": 20,
		"name_length":       l.FieldName,
		"value_length":      l.FieldValue,
	}}}
	return answer
}

// gotosocialInstance returns a function that makes the answer of GoToSocial out
// of one of the two forms.
func gotosocialInstance(form func(s *Server) object) func(s *Server) object {
	return func(s *Server) object {
		answer := form(s)
		configuration, _ := answer["configuration"].(object)
		configuration["accounts"] = object{
			"allow_custom_css":   true,
			"max_featured_tags":  10,
			"max_profile_fields": s.options.limits.Fields,
		}
		return answer
	}
}

// pixelfedInstance returns the answer of Pixelfed.
func pixelfedInstance(s *Server) object {
	answer := instanceV1(s)
	configuration, _ := answer["configuration"].(object)
	delete(configuration, "accounts")
	return answer
}

// instance returns a handler that sends what answer makes.
func (s *Server) instance(answer func(s *Server) object) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, mustJSON(answer(s))) }
}

// nodeInfo answers GET /.well-known/nodeinfo with the address of the NodeInfo
// document, by which programs tell kinds of servers apart.
func (s *Server) nodeInfo(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, mustJSON(object{"links": []object{{
		"rel":  "http://nodeinfo.diaspora.software/ns/schema/2.0",
		"href": s.URL + nodeInfoPath,
	}}}))
}

// nodeInfoPath is where the NodeInfo document is.
const nodeInfoPath = "/nodeinfo/2.0"

// nodeInfoDocument answers with the NodeInfo document itself.
func (s *Server) nodeInfoDocument(w http.ResponseWriter, _ *http.Request) {
	k := s.kind()
	writeJSON(w, http.StatusOK, mustJSON(object{
		"version":   "2.0",
		"software":  object{"name": k.software, "version": cmp.Or(k.ownVersion, k.version)},
		"protocols": []string{"activitypub"},
		"services":  object{"outbound": []any{}, "inbound": []any{}},
		"usage": object{
			"users":      object{"total": 1, "activeMonth": 1, "activeHalfyear": 1},
			"localPosts": 1,
		},
		"openRegistrations": false,
		"metadata":          object{},
	}))
}
