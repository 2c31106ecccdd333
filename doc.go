// Package masto holds the Account and Profile entities of the Mastodon REST API, and the logic that belongs to them: rendering,
// validation and their JSON. It keeps no data, speaks no HTTP, reads no clock and no environment; packages beside it do the first two.
//
// # Entities
//
// An entity is a plain struct with exported fields that encodes to, and decodes from, what goes over the wire: [Account] for anybody,
// [CredentialAccount] and [Profile] for the account's own user, [MutedAccount] for somebody who muted it,
// [PartialAccountWithAvatar] for lists that only show pictures. [Field], [AccountRole], [Role], [Source], [CustomEmoji],
// [FeaturedTag] and [FeatureApproval] are what they are made of.
//
// A client decodes them with encoding/json or their own UnmarshalJSON, from any server of the fediverse. Decoding is strict about
// JSON and lenient about attributes: a date where none can be read, or a word where a number belongs, leaves the zero value and its raw
// text in Extra, and is no error. Members that a type does not know are kept in Extra too, and written back.
//
// A value that is never null is a plain value. A nullable Boolean or language is a pointer, a nullable time a time.Time whose zero
// is null, a nullable address a string whose "" is null; each field says so. Encoding is always Mastodon's own form, members in its
// order. The characters < > & are written as they are; note that json.Marshal, and a json.Encoder without SetEscapeHTML(false),
// escape them in what MarshalJSON returns. AppendJSON does not, and allocates nothing but the growth of its buffer.
//
// # Rendering
//
// A server keeps a [Record] for each account, local or remote, and [NewRecord]
// starts one. A [Site] makes entities from it: [Site.Account],
// [Site.CredentialAccount], [Site.MutedAccount], [Site.Profile], or
// [Site.AppendAccount] straight to JSON. All of that is pure: a [View] with the
// mentions and emojis that the texts name is loaded before; [Site.References]
// returns their keys.
//
// What a local user typed is plain text. [Site.RenderNote] and [Site.RenderFieldValue] turn it into HTML with links for URLs,
// hashtags and known mentions. What came from another server is HTML that must never be shown as it is: [SanitizeHTML] returns what is
// safe to show, [PlainText] the words only. [Emojify] replaces shortcodes by pictures for clients. Every one of them takes any
// bytes, never fails and costs time linear in its input.
//
// # Validation
//
// [DecodeUpdate] reads the body of a PATCH in every form that clients send into an [Update], where each attribute is left alone, set
// or cleared. [Limits.Validate] judges it and returns every finding at once as a [ValidationError], whose JSON is the body of the 422
// answer. [Record.Apply] writes it into a record and returns the [Changes] that a server has to act on. Nothing is applied in part.
//
// The limits count in different units, as the reference implementation does: a display name and descriptions in code points, a bio in
// grapheme clusters with each web address as 23 and a mention without its domain ([NoteLength]), a picture in bytes.
//
// # Storage
//
// A server author keeps their own tables and implements [Store] (three methods)
// and [MediaStore] (two); the suites in package mastotest check an implementation.
// [Service] puts Site, Store and MediaStore together: get, update whole or not at
// all, delete a picture. Ready stores are in the packages memstore, sqlstore and
// dirstore; package httpapi serves the API methods. Pictures are recognized by
// their first bytes and not decoded: see [Limits].
//
// # Clients
//
// [DecodeInstance] reads a server's limits and whether it has the profile methods; [CredentialAccount.EditableProfile] is the profile to edit
// on a server without them. [Diff] makes the update of what somebody changed, [Conflict] tells what was changed elsewhere
// meanwhile, and [Limits.Usage] counts for the inputs of a form. [Update.EncodeForm], [Update.EncodeMultipart] and [Update.MarshalJSON] are
// what is sent, [DecodeAPIError] reads what comes back instead, and [TerminalText] makes any of it safe to print. Package mastotest has
// accounts and a fake server for tests; cmd/masto-profile is a program made of all this.
//
// # Glossary
//
//   - account: somebody on a server; local if it is this server's, else remote.
//   - acct: the address of an account as it is shown, alice or dora@far.example.
//   - bio, note: the text about the user. The API calls it note.
//   - code point: a Unicode scalar value, a rune. Grapheme cluster: what a reader takes for one character.
//   - custom emoji: a picture that stands for a shortcode between colons, :catjam:.
//   - entity: an object of the API. What is found in text is a link here, never an entity.
//   - field: a row of the table on a profile.
//   - instance: a server, as its users see it. Limits differ between instances.
//   - link: a URL, hashtag or mention in a text.
//   - rel=me: the mark of a link between two pages of one person. A field is verified when the page it links to links back so.
//   - shortcode: the name of a custom emoji, catjam.
package masto
