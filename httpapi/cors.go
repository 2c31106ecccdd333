package httpapi

import (
	"net/http"
)

// exposed are the headers of an answer that a page of another origin may read.
// Those of rate limits are for handlers around this package to set.
const exposed = "Link, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"

// CORS lets pages of any origin call next, as the whole API does, and answers
// their preflight requests. The handlers of this package do so themselves; CORS
// is for a server's other API methods.
func CORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowAnyOrigin(w.Header())
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			answerPreflight(w, r, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ReadOnly lets next answer GET and HEAD, and answers the rest like the
// handlers of this package: OPTIONS, preflight or not, with the methods that
// are allowed, and any other method with 405. Pages of any origin may call it,
// as with [CORS]. It is for a server's other API methods that only read, such
// as GET /api/v1/accounts/{id}.
func ReadOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowAnyOrigin(w.Header())
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		answerOther(w, r, "GET, HEAD, OPTIONS")
	})
}

func allowAnyOrigin(h http.Header) {
	setHeaders(h, "Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", exposed)
}

// answerPreflight answers an OPTIONS request, which is a preflight if it names
// the method that it asks for.
func answerPreflight(w http.ResponseWriter, r *http.Request, methods string) {
	if r.Header.Get("Access-Control-Request-Method") != "" {
		h := w.Header()
		h.Set("Access-Control-Allow-Methods", methods)
		h.Set("Access-Control-Max-Age", "7200")
		h.Add("Vary", "Access-Control-Request-Headers")
		if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
			h.Set("Access-Control-Allow-Headers", asked) // "*" would not include Authorization
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
