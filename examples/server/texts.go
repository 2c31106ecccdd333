package main

import "golang.org/x/text/language"

// countedTexts are what stands beside a number, for one and for any other
// number.
var countedTexts = map[language.Tag]map[string][2]string{
	language.English: {
		"posts":     {"post", "posts"},
		"followers": {"follower", "followers"},
	},
	language.German: {
		"posts":     {"Beitrag", "Beiträge"},
		"followers": {"Follower", "Follower"},
	},
}

var germanMonths = [...]string{
	"Januar", "Februar", "März", "April", "Mai", "Juni",
	"Juli", "August", "September", "Oktober", "November", "Dezember",
}

// germanTexts has the texts of the pages by their English originals.
var germanTexts = map[string]string{
	// every page
	"Skip to the content": "Zum Inhalt springen",
	"Edit profile":        "Profil bearbeiten",
	"Language":            "Sprache",
	"Made with masto":     "Gemacht mit masto",
	"Back to the start":   "Zurück zum Anfang",

	// the start
	"A server of the profile API of Mastodon.": "Ein Server der Profil-API von Mastodon.",
	"Look at a profile":                        "Ein Profil ansehen",
	"Change it":                                "Es ändern",
	"The API":                                  "Die API",

	// other pages
	"Not found":                         "Nicht gefunden",
	"There is nothing at this address.": "An dieser Adresse gibt es nichts.",
	"This example keeps no posts.":      "Dieses Beispiel bewahrt keine Beiträge auf.",

	// the profile
	"following":                             "folgt",
	"joined %s":                             "dabei seit %s",
	"Numbers":                               "Zahlen",
	"Details":                               "Angaben",
	"Featured hashtags":                     "Empfohlene Hashtags",
	"Verified on %s":                        "Überprüft am %s",
	"Automated":                             "Automatisiert",
	"Group":                                 "Gruppe",
	"Approves followers":                    "Bestätigt Follower",
	"Roles and kinds":                       "Rollen und Arten",
	"In memoriam":                           "In Gedenken",
	"This account is a memorial.":           "Dieses Konto ist ein Gedenkkonto.",
	"This account is suspended.":            "Dieses Konto ist gesperrt.",
	"This account has moved to":             "Dieses Konto ist umgezogen nach",
	"Moderators have limited this account.": "Dieses Konto wurde von der Moderation eingeschränkt.",
	"Show the profile anyway":               "Das Profil trotzdem zeigen",
	"No bio yet.":                           "Noch keine Biografie.",
}
