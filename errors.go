package masto

import (
	"errors"
	"strconv"
)

// These errors say what is wrong with JSON or with a body that [DecodeUpdate]
// refuses. Compare a [DecodeError] with them by errors.Is. The status that each
// one names is what package httpapi answers with.
var (
	// ErrMalformed means that the input is not what its content type says, or
	// that a text for Service.Update to store has a NUL or is not UTF-8. The
	// status is 400.
	ErrMalformed = errors.New("malformed")
	// ErrInvalidUTF8 means that a text is not UTF-8. The status is 400.
	ErrInvalidUTF8 = errors.New("invalid UTF-8")
	// ErrTooManyParams means that there are more parameters or elements of
	// lists than an update can need. The status is 400.
	ErrTooManyParams = errors.New("too many parameters")
	// ErrTooLarge means that there are more bytes than two pictures and the
	// texts of an update can need. The status is 413.
	ErrTooLarge = errors.New("too large")
	// ErrUnsupportedMedia means that a content type or a charset is unknown.
	// The status is 415.
	ErrUnsupportedMedia = errors.New("unsupported media type")
)

// The errors of a [Store] and of a [Service]. Stores wrap theirs: compare with
// errors.Is. The status that each one names is what package httpapi answers
// with.
var (
	// ErrNotFound is the error of a Store for an account that it does not have.
	// The status is 404.
	ErrNotFound = errors.New("masto: account not found")
	// ErrBusy is the error of a Store that gave up because others keep it busy,
	// such as a database that stays locked. The call stored nothing and may
	// succeed later. The status is 503.
	ErrBusy = errors.New("masto: the store is busy")
	// ErrNoMedia is the error of [Service.Update] for an update with a picture
	// if the Service has no MediaStore. The status is 422.
	ErrNoMedia = errors.New("masto: no MediaStore to keep pictures in")
)

// DecodeError says why and where a body or an entity could not be decoded. It
// matches one of the errors from [ErrMalformed] to [ErrUnsupportedMedia], or it
// wraps the error of reading the body.
type DecodeError struct {
	// Offset is the position of the error in the body or, for a parameter in
	// the URL, in the query. It is in bytes, and -1 if it is unknown.
	Offset int64
	// Err is the cause.
	Err error
}

// Error returns the cause and its position.
func (e *DecodeError) Error() string {
	if e.Offset < 0 {
		return "masto: " + e.Err.Error()
	}
	return "masto: " + e.Err.Error() + " at byte " + strconv.FormatInt(e.Offset, 10)
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// EncodeError says what of an [Update] an encoding cannot express.
type EncodeError struct {
	// Attribute is the wire name of the parameter, such as avatar or
	// source[language].
	Attribute string
	// Problem is what cannot be expressed, for people.
	Problem string
	// Way is what to do instead, such as DELETE /api/v1/profile/avatar. It is
	// "" if there is no other way.
	Way string
}

// Error returns the problem and what to do instead.
func (e *EncodeError) Error() string {
	s := "masto: encoding an update: " + e.Attribute + ": " + e.Problem
	if e.Way != "" {
		s += "; use " + e.Way
	}
	return s
}
