package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// form is what kind of answer a request can take.
type form int

const (
	// page: a browser that shows what it gets.
	page form = iota
	// script: a program that reads what it gets.
	script
	// htmx: a page whose htmx reads the headers first.
	htmx
)

// formOf tells what kind of answer a request can take. What the request says
// about itself comes first, then how it was made, then what it accepts: a
// browser that opens a page always accepts text/html by name, and a request
// that states nothing gets a page.
func formOf(r *http.Request) form {
	h := r.Header
	switch {
	case h.Get("HX-Request") == "true":
		return htmx
	case h.Get("X-Requested-With") == "XMLHttpRequest", isJSON(mediaType(h.Get("Content-Type"))):
		return script
	}
	switch mode := h.Get("Sec-Fetch-Mode"); mode {
	case "":
	case "navigate":
		return page
	default:
		return script
	}
	return accepted(strings.Join(h.Values("Accept"), ","))
}

// maxAccept is how many bytes of an Accept header are read.
const maxAccept = 2048

// accepted reads an Accept header (RFC 9110, 12.5.1). HTML that is named wins
// unless JSON is preferred to it.
func accepted(header string) form {
	if strings.TrimSpace(header) == "" {
		return page
	}
	var html, json float64
	for part := range strings.SplitSeq(header[:min(len(header), maxAccept)], ",") {
		media, params, _ := strings.Cut(part, ";")
		media = strings.ToLower(strings.TrimSpace(media))
		switch {
		case media == "text/html", media == "application/xhtml+xml":
			html = max(html, quality(params))
		case isJSON(media):
			json = max(json, quality(params))
		}
	}
	if html > 0 && html >= json {
		return page
	}
	return script
}

// quality is the weight among the parameters of an accepted type, 1 if there is
// none, 0 if it is malformed.
func quality(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(p, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}

// mediaType is the type of a Content-Type header, in lower case.
func mediaType(header string) string {
	t, _, err := mime.ParseMediaType(header)
	if err != nil {
		t, _, _ = strings.Cut(header, ";")
		t = strings.ToLower(strings.TrimSpace(t))
	}
	return t
}

// isJSON tells whether a media type is JSON (RFC 6839, 3.1 for the suffix).
func isJSON(media string) bool {
	return media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}
