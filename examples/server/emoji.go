package main

import "github.com/seed-374a2035/masto"

// emojiPath is where the pictures of the custom emojis are.
const emojiPath = "/emoji/"

// customEmoji returns a custom emoji of this server, for texts of local
// accounts.
func customEmoji(site *masto.Site, shortcode, domain string) (masto.CustomEmoji, bool) {
	if domain != "" || shortcode != "spore" {
		return masto.CustomEmoji{}, false
	}
	picture := site.BaseURL + emojiPath + "spore.png"
	return masto.CustomEmoji{Shortcode: shortcode, URL: picture, StaticURL: picture, VisibleInPicker: true}, true
}
