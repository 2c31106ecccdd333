package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// locale is the language of a page: its texts, its numbers and its dates.
type locale struct {
	Tag     language.Tag
	printer *message.Printer
}

// languages are those that the pages have, the first one where a browser asks
// for none of them.
var languages = []language.Tag{language.English, language.German}

// languageName returns what a language calls itself.
func languageName(t language.Tag) string {
	if t == language.German {
		return "Deutsch"
	}
	return "English"
}

// locales has the texts of the pages.
type locales struct {
	texts   *catalog.Builder
	matcher language.Matcher
}

// germanTexts returns the texts of the pages by their English originals.
func germanTexts() (texts map[string]string, err error) {
	table, err := pageFiles.ReadFile("pages/de.json")
	if err != nil {
		return nil, err
	}
	return texts, json.Unmarshal(table, &texts)
}

// newLocales makes a catalog of the tables: an English text is its own key, but
// for those that depend on a number.
func newLocales() (*locales, error) {
	texts := catalog.NewBuilder(catalog.Fallback(languages[0]))
	german, err := germanTexts()
	if err != nil {
		return nil, err
	}
	for key, text := range german {
		if err := texts.SetString(language.German, key, text); err != nil {
			return nil, fmt.Errorf("text %q: %w", key, err)
		}
	}
	for tag, texted := range countedTexts {
		for key, forms := range texted {
			if err := texts.Set(tag, key, plural.Selectf(1, "%d", "=1", forms[0], "other", forms[1])); err != nil {
				return nil, fmt.Errorf("text %q: %w", key, err)
			}
		}
	}
	return &locales{texts: texts, matcher: language.NewMatcher(languages)}, nil
}

// of returns the language that a request asks for: by the parameter lang, or
// else by what the browser prefers.
func (l *locales) of(r *http.Request) *locale {
	_, i := language.MatchStrings(l.matcher, r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	tag := languages[i]
	return &locale{Tag: tag, printer: message.NewPrinter(tag, message.Catalog(l.texts))}
}

// T returns a text, with args in place of its verbs.
func (l *locale) T(key string, args ...any) string { return l.printer.Sprintf(key, args...) }

// Number returns n with the separators of the language.
func (l *locale) Number(n int64) string { return l.printer.Sprintf("%d", n) }

// Date returns a day as it is written in a text.
func (l *locale) Date(t time.Time) string {
	if l.Tag == language.German {
		return fmt.Sprintf("%d. %s %d", t.Day(), germanMonths[t.Month()-1], t.Year())
	}
	return t.Format("2 January 2006")
}

// Choices returns links to the page in each language.
func (l *locale) Choices() []languageChoice {
	var choices []languageChoice
	for _, t := range languages {
		choices = append(choices, languageChoice{
			Tag:     t.String(),
			Name:    languageName(t),
			Query:   "?" + url.Values{"lang": {t.String()}}.Encode(),
			Current: t == l.Tag,
		})
	}
	return choices
}

// languageChoice is a language that a page can be shown in.
type languageChoice struct {
	Tag, Name, Query string
	Current          bool
}
