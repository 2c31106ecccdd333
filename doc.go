// Package masto holds the Account and Profile entities of the Mastodon REST API
// and the logic that belongs to them: their JSON, their rendering and their
// validation. It keeps no data, speaks no HTTP and reads neither a clock nor
// the environment. The packages beside it store accounts and serve the API.
//
// # Entities
//
// An entity is a plain struct with exported fields that encodes to, and decodes
// from, what goes over the wire: [Account] for anybody, [CredentialAccount] and
// [Profile] for the account's own user, [MutedAccount] for somebody who muted
// it, [PartialAccountWithAvatar] for lists that only show pictures. They are
// made of [Field], [AccountRole], [Role], [Source], [CustomEmoji],
// [FeaturedTag] and [FeatureApproval].
//
// A client decodes them with encoding/json or with their own UnmarshalJSON,
// from any server of the fediverse. Decoding is strict about JSON and lenient
// about values: a date that cannot be read, or a word where a number belongs,
// leaves the zero value, keeps the raw text in Extra, and is not an error.
// Members that a type does not know are kept in Extra as well, and written
// back.
//
// A value that is never null is a plain value. A nullable Boolean or language
// is a pointer, a nullable time is a time.Time whose zero is null, and a
// nullable address is a string whose "" is null. Each field says so. Encoding
// always yields Mastodon's own form, with the members in its order. The
// characters < > & are written as they are; note that json.Marshal, and a
// json.Encoder without SetEscapeHTML(false), escape them in what MarshalJSON
// returns. AppendJSON does not, and allocates nothing but the growth of its
// buffer.
//
// # Rendering
//
// A server keeps a [Record] for each account, local or remote, and [NewRecord]
// starts one. A [Site] makes entities from it: [Site.Account],
// [Site.CredentialAccount], [Site.MutedAccount], [Site.Profile], or
// [Site.AppendAccount] and its siblings straight to JSON. All of that is pure:
// the mentions and emojis that the texts name are loaded into a [View] before,
// and [Site.References] returns their keys.
//
// What a local user typed is plain text. [Site.RenderNote] and
// [Site.RenderFieldValue] turn it into HTML with links for URLs, hashtags and
// known mentions. What came from another server is HTML that must never be
// shown as it is: [SanitizeHTML] makes it safe to show, and [PlainText] returns
// its words alone. [Emojify] replaces shortcodes with pictures, for clients.
// Each of them takes any bytes, never fails, and takes time linear in its input
// or its result.
//
// # Validation
//
// [DecodeUpdate] reads the body of a PATCH, in every form that clients send,
// into an [Update], which leaves each attribute alone, sets it or clears it.
// [Limits.Validate] judges the update and returns every finding at once as a
// [ValidationError], whose JSON is the body of the 422 answer. [Record.Apply]
// writes it into a record and returns the [Changes] that a server has to act
// on. An update is applied whole or not at all.
//
// The limits count in different units, as the reference does: display names and
// descriptions in code points, a bio in grapheme clusters with each web address
// as 23 and each mention without its domain ([NoteLength]), and a picture in
// bytes.
//
// # Storage
//
// A server author keeps their own tables and implements [Store] (three methods)
// and [MediaStore] (two). The suites in package mastotest check an
// implementation. [Service] puts Site, Store and MediaStore together: it gets
// an account, updates it whole or not at all, and deletes a picture. The
// packages memstore, sqlstore and dirstore have stores that are ready to use,
// and package httpapi serves the API methods.
//
// Pictures are recognized by their first bytes and not decoded; see [Limits].
// Package pictures decodes them: pictures.Prepare, as Service.Picture, refuses
// what is broken or too large, crops, scales and turns upright, and removes
// what files say about their owner. [Service.VerifyLinks] has the links of a
// profile checked and stores their marks; linkcheck.Checker checks them, never
// at a private address, and explains why a link cannot be verified.
//
// # Clients
//
// Package client talks to a server of any kind: it reads a profile, sends an
// update in the way that the server takes, and reads limits and errors. What it
// builds on is here. [CredentialAccount.EditableProfile] is the profile to edit
// on a server without the profile methods. [Diff] makes the update of what
// somebody changed, [Conflict] reports what was changed elsewhere meanwhile,
// and [Limits.Usage] counts for the inputs of a form. [Update.EncodeForm],
// [Update.EncodeMultipart] and [Update.MarshalJSON] are what is sent. For
// tests, package mastotest has accounts of many kinds of servers, and
// mastotest/fakeserver starts fake ones; cmd/masto-profile is a program made of
// all this.
//
// # Glossary
//
//   - account: a user on a server; local on this server, remote on any other.
//   - acct: the address of an account as it is shown, such as alice or
//     dora@far.example.
//   - bio, note: the text about the user. The API calls it note.
//   - code point: a Unicode scalar value, a rune.
//   - custom emoji: a picture that stands for a shortcode between colons, such
//     as :catjam:.
//   - entity: an object of the API, such as Account. What is found in a text is
//     a link here, never an entity.
//   - field: a row of the table on a profile: a name and a value.
//   - finding: one thing that is wrong with an update.
//   - grapheme cluster: what a reader takes for one character, such as a flag
//     or a letter with its accents.
//   - instance: a server, as its users see it. Limits differ between instances.
//   - link: a URL, hashtag or mention in a text.
//   - reference: Mastodon's own implementation, generation 4.6 and 4.7, whose
//     observed behavior the files in testdata/vectors record. Where a comment
//     says that the reference does something, a vector shows it.
//   - rel=me: the mark of a link between two pages of one person. A field is
//     verified when the page that it links to links back to the profile with
//     rel=me.
//   - shortcode: the name of a custom emoji, such as catjam.
//   - vector: an input and the output that the reference was observed to give.
package masto
