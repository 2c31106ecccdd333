package masto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/seed-374a2035/masto"
)

// An account decodes from whatever a server of the fediverse sends for one.
// Members that the library does not know, and values that it cannot use, are in
// Extra.
func ExampleAccount_UnmarshalJSON() {
	data := []byte(`{
		"id": 7,
		"acct": "ada@other.example",
		"display_name": null,
		"created_at": "2023-06-01T02:16:00.000000Z",
		"last_status_at": "",
		"followers_count": "12",
		"statuses_count": "plenty",
		"moved": false,
		"fields": null,
		"pronouns": ["she"]
	}`)
	var a masto.Account
	if err := json.Unmarshal(data, &a); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%s %s %d %v\n", a.ID, a.Acct, a.FollowersCount, a.LastStatusAt.IsZero())
	fmt.Println(a.CreatedAt.Format(time.DateOnly))
	fmt.Printf("%s %s %s\n", a.Extra["pronouns"], a.Extra["statuses_count"], a.Extra["moved"])
	// Output:
	// 7 ada@other.example 12 true
	// 2023-06-01
	// ["she"] "plenty" false
}

// Malformed JSON is an error that says where.
func ExampleDecodeError() {
	var a masto.Account
	err := a.UnmarshalJSON([]byte(`{"id": "1", "note": "<p>`))
	if e, ok := errors.AsType[*masto.DecodeError](err); ok && errors.Is(err, masto.ErrMalformed) {
		fmt.Println(e.Offset, err)
	}
	// Output:
	// 24 masto: malformed JSON: unexpected end at byte 24
}

// AppendJSON writes into a buffer that can be reused. Unknown members are
// written after the known ones.
func ExamplePartialAccountWithAvatar_AppendJSON() {
	account := masto.PartialAccountWithAvatar{ID: "1", Acct: "alice", URL: "https://social.example/@alice"}
	account.Extra = map[string]json.RawMessage{"group": json.RawMessage("false")}
	buf := account.AppendJSON(make([]byte, 0, 1024))
	fmt.Println(string(buf))
	// Output:
	// {"id":"1","acct":"alice","locked":false,"bot":false,"url":"https://social.example/@alice","avatar":"","avatar_static":"","avatar_description":"","group":false}
}

// A json.Encoder escapes < > & in what MarshalJSON returns, unless it is told
// not to.
func ExampleAccount_MarshalJSON() {
	f := masto.Field{Name: "Garden", Value: "<b>green</b>"}
	e := json.NewEncoder(os.Stdout)
	_ = e.Encode(f)
	e.SetEscapeHTML(false)
	_ = e.Encode(f)
	// Output:
	// {"name":"Garden","value":"\u003cb\u003egreen\u003c/b\u003e","verified_at":null}
	// {"name":"Garden","value":"<b>green</b>","verified_at":null}
}

// followedAccount is an Account with one more member. It needs JSON methods of
// its own, since those of Account leave that member out.
type followedAccount struct {
	masto.Account
	Followed bool
}

func (a followedAccount) MarshalJSON() ([]byte, error) {
	b := a.AppendJSON(nil)
	b = append(b[:len(b)-1], `,"followed":`...)
	return append(strconv.AppendBool(b, a.Followed), '}'), nil
}

func (a *followedAccount) UnmarshalJSON(data []byte) error {
	if err := a.Account.UnmarshalJSON(data); err != nil {
		return err
	}
	a.Followed = string(a.Extra["followed"]) == "true"
	delete(a.Extra, "followed") // otherwise it would be written twice
	return nil
}

// A struct that embeds an entity needs JSON methods of its own.
func ExampleAccount_embedding() {
	var a followedAccount
	if err := json.Unmarshal([]byte(`{"id":"1","followed":true}`), &a); err != nil {
		fmt.Println(err)
	}
	fmt.Println(a.ID, a.Followed)
	b, _ := json.Marshal(a)
	fmt.Println(string(b[len(b)-40:]))
	// Output:
	// 1 true
	// "emojis":[],"fields":[],"followed":true}
}

// A member that is null and one that is absent both decode to the zero value.
// If the difference matters, look at the JSON.
func Example_nullOrAbsent() {
	data := []byte(`{"id": "1", "discoverable": null}`)
	var a masto.Account
	var members map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(data, &a), json.Unmarshal(data, &members)); err != nil {
		fmt.Println(err)
	}
	for _, name := range []string{"discoverable", "hide_collections"} {
		value, ok := members[name]
		fmt.Printf("%s: there %v, null %v\n", name, ok, string(value) == "null")
	}
	fmt.Println(a.Discoverable == nil, a.HideCollections == nil)
	// Output:
	// discoverable: there true, null true
	// hide_collections: there false, null false
	// true true
}

// A user without a role has the one of everybody.
func ExampleEveryoneRole() {
	r := masto.EveryoneRole()
	fmt.Println(r.ID, r.Permissions.Has(masto.PermissionInviteUsers), r.Permissions.Has(masto.PermissionManageUsers))
	// Output: -99 true false
}

func ExamplePermissions_Has() {
	moderator := masto.PermissionManageReports | masto.PermissionManageUsers
	fmt.Println(moderator.Has(masto.PermissionManageUsers))
	fmt.Println(moderator.Has(masto.PermissionManageUsers | masto.PermissionManageRoles))
	fmt.Println(masto.PermissionAdministrator.Has(masto.PermissionManageRoles))
	// Output:
	// true
	// false
	// true
}

// Members that only your server has are in Extra. Read them from there into a
// type of your own, and write them there.
func ExampleAccount_DecodeExtra() {
	var account masto.Account
	err := json.Unmarshal([]byte(`{"id":"1","followed":true}`), &account)
	if err != nil {
		fmt.Println(err)
		return
	}
	var mine struct {
		Followed bool `json:"followed"`
	}
	if err := account.DecodeExtra(&mine); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mine.Followed)

	mine.Followed = false
	if err := account.EncodeExtra(mine); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(account.Extra["followed"]))
	// Output:
	// true
	// false
}
