package wire

import (
	"math"
	"strconv"
	"time"
)

// This file alone knows the forms of times. AppendUTC writes
// "2017-02-08T02:00:53.274Z", AppendWithOffset "2019-08-29T04:14:55.571+00:00",
// and AppendDate "2019-11-17". They drop fractions of a millisecond.

// writable reports whether t can be written in its own zone: it is not the zero
// time, and its year has at most four digits.
func writable(t time.Time) bool {
	return !t.IsZero() && uint(t.Year()) <= 9999
}

// AppendUTC appends t in UTC with milliseconds and Z, or the text none if t
// cannot be written.
func AppendUTC(dst []byte, t time.Time, none string) []byte {
	if t = t.UTC(); !writable(t) {
		return append(dst, none...)
	}
	dst = appendDateAndTime(append(dst, '"'), t)
	return append(dst, 'Z', '"')
}

// AppendWithOffset appends t with milliseconds and its own offset, never Z, or
// null if t cannot be written. The offset is cut to whole minutes, which is
// all that the form has room for.
func AppendWithOffset(dst []byte, t time.Time) []byte {
	_, offset := t.Zone()
	if rest := offset % 60; rest != 0 || offset <= -24*3600 || offset >= 24*3600 {
		offset = (offset - rest) % (24 * 3600)
		t = t.In(time.FixedZone("", offset))
	}
	if !writable(t) {
		return append(dst, "null"...)
	}
	dst = appendDateAndTime(append(dst, '"'), t)
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	dst = append2(append(dst, sign), offset/3600)
	dst = append2(append(dst, ':'), offset/60%60)
	return append(dst, '"')
}

// AppendDate appends the day of t in UTC, or null if t cannot be written.
func AppendDate(dst []byte, t time.Time) []byte {
	if t = t.UTC(); !writable(t) {
		return append(dst, "null"...)
	}
	return append(appendDay(append(dst, '"'), t), '"')
}

func appendDateAndTime(dst []byte, t time.Time) []byte {
	dst = appendDay(dst, t)
	hour, minute, second := t.Clock()
	ms := t.Nanosecond() / 1e6
	dst = append2(append(dst, 'T'), hour)
	dst = append2(append(dst, ':'), minute)
	dst = append2(append(dst, ':'), second)
	return append2(append(dst, '.', byte('0'+ms/100)), ms%100)
}

func appendDay(dst []byte, t time.Time) []byte {
	year, month, day := t.Date()
	dst = append2(append2(dst, year/100), year%100)
	dst = append2(append(dst, '-'), int(month))
	return append2(append(dst, '-'), day)
}

// append2 appends n, which is under 100, as two digits.
func append2(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// ParseTime reads a date, or a date and a time, in any of the forms that
// servers send: with a T or a space between, with or without seconds, with a
// fraction of any length (nanoseconds are kept), with Z, an offset or none,
// which is UTC. A zero offset is time.UTC. It does not take a time that
// AppendUTC could not write.
func ParseTime(s []byte) (t time.Time, ok bool) {
	p := timeParser{s: s, ok: true}
	year := p.pair()*100 + p.pair()
	p.expect('-')
	month := p.pair()
	p.expect('-')
	day := p.pair()
	var hour, minute, second, nanos, offset int
	if p.accept('T') || p.accept('t') || p.accept(' ') {
		hour = p.pair()
		p.expect(':')
		minute = p.pair()
		if p.accept(':') {
			second = p.pair()
			nanos = p.fraction()
		}
		offset = p.offset()
	}
	if !p.ok || len(p.s) > 0 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return time.Time{}, false
	}
	t = time.Date(year, time.Month(month), day, hour, minute, second-offset, nanos, time.UTC)
	if offset != 0 {
		if !t.IsZero() && !writable(t) { // not in UTC
			return time.Time{}, false
		}
		t = t.In(time.FixedZone("", offset))
	}
	return t, true
}

// ParseUnix reads a Unix number: seconds, which may have a fraction, or
// milliseconds where seconds would be after the year 5000. 0 stands for no
// time. It keeps milliseconds, and does not take a time that AppendUTC could
// not write.
func ParseUnix(s []byte) (t time.Time, ok bool) {
	const longest = 1e11 // seconds
	n, err := strconv.ParseFloat(string(s), 64)
	if n == 0 || err != nil {
		return time.Time{}, err == nil
	}
	if math.Abs(n) < longest {
		n *= 1000
	}
	if math.Abs(n) >= longest*1e4 {
		return time.Time{}, false
	}
	t = time.UnixMilli(int64(math.Round(n))).UTC()
	return t, writable(t)
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// timeParser reads a time from front to back. ok turns false for good at the
// first error.
type timeParser struct {
	s  []byte
	ok bool
}

// accept takes c if it comes next.
func (p *timeParser) accept(c byte) bool {
	if len(p.s) > 0 && p.s[0] == c {
		p.s = p.s[1:]
		return true
	}
	return false
}

// expect takes c, which must come next.
func (p *timeParser) expect(c byte) { p.ok = p.accept(c) && p.ok }

// pair takes two digits.
func (p *timeParser) pair() int {
	if len(p.s) < 2 || p.s[0]-'0' > 9 || p.s[1]-'0' > 9 {
		p.ok = false
		return 0
	}
	v := int(p.s[0]-'0')*10 + int(p.s[1]-'0')
	p.s = p.s[2:]
	return v
}

// fraction takes the fraction of a second, if there is one, as nanoseconds.
func (p *timeParser) fraction() int {
	if !p.accept('.') && !p.accept(',') {
		return 0
	}
	nanos, n := 0, 0
	for ; len(p.s) > 0 && '0' <= p.s[0] && p.s[0] <= '9'; n++ {
		if n < 9 {
			nanos = nanos*10 + int(p.s[0]-'0')
		}
		p.s = p.s[1:]
	}
	if n == 0 {
		p.ok = false
	}
	for ; n < 9; n++ {
		nanos *= 10
	}
	return nanos
}

// offset takes a zone, if there is one, as seconds east of UTC: Z, +hh:mm,
// +hhmm or +hh.
func (p *timeParser) offset() int {
	sign := 1
	switch {
	case len(p.s) == 0 || p.accept('Z') || p.accept('z'):
		return 0
	case p.accept('-'):
		sign = -1
	default:
		p.expect('+')
	}
	hours, minutes := p.pair(), 0
	if p.accept(':') || len(p.s) > 0 {
		minutes = p.pair()
	}
	if hours > 23 || minutes > 59 {
		p.ok = false
	}
	return sign * (hours*3600 + minutes*60)
}
