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
