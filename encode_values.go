package masto

import (
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/seed-374a2035/masto/internal/wire"
)

// appendCreatedAt appends 1970-01-01 for the zero time.
func appendCreatedAt(dst []byte, name string, t time.Time) []byte {
	return wire.AppendUTC(append(dst, name...), t, `"1970-01-01T00:00:00.000Z"`)
}

// The lists of entities; nil is an empty one. They are no generic function, as
// that would keep an entity from being on the stack.

func appendEmojis(dst []byte, name string, list []CustomEmoji) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].AppendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

func appendRoles(dst []byte, name string, list []AccountRole) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].AppendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

func appendFields(dst []byte, name string, list []Field) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].AppendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

func appendTags(dst []byte, name string, list []FeaturedTag) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].AppendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

// members are the names of the members that an entity has.
type members map[string]bool

// The members of each entity.
var (
	accountMembers           = membersOf[Account]()
	credentialAccountMembers = membersOf[CredentialAccount]()
	mutedAccountMembers      = membersOf[MutedAccount]()
	partialAccountMembers    = membersOf[PartialAccountWithAvatar]()
	profileMembers           = membersOf[Profile]()
	sourceMembers            = membersOf[Source]()
	accountRoleMembers       = membersOf[AccountRole]()
	roleMembers              = membersOf[Role]()
	customEmojiMembers       = membersOf[CustomEmoji]()
	featuredTagMembers       = membersOf[FeaturedTag]()
	featureApprovalMembers   = membersOf[FeatureApproval]()
)

// membersOf returns the names in the tags of T's fields, and of those that are
// embedded in it.
func membersOf[T any]() members {
	names := members{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name := field.Tag.Get("json"); name != "" && name != "-" {
			names[name] = true
		}
	}
	return names
}

// appendEnd appends the members of extra that the entity does not know, sorted
// by name, and the closing bracket.
func appendEnd(dst []byte, extra map[string]json.RawMessage, known members) []byte {
	if len(extra) > 0 {
		dst = appendExtra(dst, extra, known)
	}
	return append(dst, '}')
}

// appendExtra appends the members of extra that the entity does not know. Up to
// as many names as any server sends are sorted in place.
func appendExtra(dst []byte, extra map[string]json.RawMessage, known members) []byte {
	var some [64]string
	names := some[:0]
	for name := range extra {
		if !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		dst = wire.AppendQuoted(append(dst, ','), name)
		dst = append(dst, ':')
		var ok bool
		if dst, ok = wire.AppendCompact(dst, extra[name]); !ok {
			dst = append(dst, "null"...)
		}
	}
	return dst
}
