package masto

import (
	"errors"
	"strconv"
)

// What is wrong with JSON, or with a body that [DecodeUpdate] refuses, by
// errors.Is. The comments name the status that httpapi answers.
var (
	// ErrMalformed: not what the content type says, or, of Service.Update, a
	// text with NUL or invalid UTF-8 in it; 400.
	ErrMalformed = errors.New("malformed")
	// ErrInvalidUTF8: text that is not UTF-8; 400.
	ErrInvalidUTF8 = errors.New("invalid UTF-8")
	// ErrTooManyParams: more parameters, or elements of a list, than an update
	// can need; 400.
	ErrTooManyParams = errors.New("too many parts")
	// ErrTooLarge: more bytes than two pictures and the texts can need; 413.
	ErrTooLarge = errors.New("too large")
	// ErrUnsupportedMedia: a content type, or a charset, that is not
	// understood; 415.
	ErrUnsupportedMedia = errors.New("unsupported media type")
)

// DecodeError tells why and where a body or an entity could not be decoded. Err
// has one of the sentinels above in it, or is the error of reading the body, as
// it came.
type DecodeError struct {
	// Offset is the byte where it happened, in the body or, for a parameter of
	// the URL, in the query; -1 where that is not known.
	Offset int64
	// Err is what happened.
	Err error
}

// Error says what happened and where.
func (e *DecodeError) Error() string {
	if e.Offset < 0 {
		return "masto: " + e.Err.Error()
	}
	return "masto: " + e.Err.Error() + " at byte " + strconv.FormatInt(e.Offset, 10)
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// EncodeError is what an encoding of an [Update] cannot say.
type EncodeError struct {
	// Attribute is the parameter that it is about, such as avatar or
	// source[language].
	Attribute string
	// Problem is what cannot be said.
	Problem string
	// Way is how it can be done instead, such as DELETE
	// /api/v1/profile/avatar; "" where it cannot.
	Way string
}

// Error says what cannot be encoded, and what to do.
func (e *EncodeError) Error() string {
	s := "masto: encoding an update: " + e.Attribute + ": " + e.Problem
	if e.Way != "" {
		s += "; use " + e.Way
	}
	return s
}
