package web

import (
	"path"
	"strings"
	"unicode"
)

// wellKnown is the tree of RFC 8615, which no sign-in governs.
const wellKnown = "/.well-known/"

// allowList are the paths that the gate lets everybody through on.
type allowList struct {
	exact map[string]bool
	below []string
}

// allowed collects the allow-list of a gate.
func (g Gate) allowed() allowList {
	l := allowList{exact: make(map[string]bool), below: []string{wellKnown}}
	for _, p := range g.Pages.filled().all() {
		l.exact[p] = true
		if !strings.HasSuffix(p, "/") {
			l.below = append(l.below, p+"/")
		}
	}
	for _, p := range g.Allow {
		if len(p) > 1 && strings.HasSuffix(p, "/") {
			l.below = append(l.below, p)
			continue
		}
		l.exact[p] = true
	}
	return l
}

// holds tells whether a request's path is allowed. A path with empty or dot
// segments never is: routers and servers behind one do not agree on what it
// means, and "/assets/../account" must not be an asset.
func (l allowList) holds(p string) bool {
	if !isClean(p) {
		return false
	}
	if l.exact[p] {
		return true
	}
	for _, prefix := range l.below {
		if strings.HasPrefix(p, prefix) {
			return true
		}
	}
	return false
}

// isClean tells whether a path is its own shortest form, but for one slash at
// its end.
func isClean(p string) bool {
	clean := path.Clean(p)
	return p == clean || clean != "/" && p == clean+"/"
}

// isPath tells whether a configured path is one that a request can have, in
// its decoded form.
func isPath(p string) bool {
	return strings.HasPrefix(p, "/") && isClean(p) && !strings.ContainsAny(p, "?#%\\") && !strings.ContainsFunc(p, unicode.IsControl)
}

// within tells whether a path is a page or lies below it.
func within(p, page string) bool {
	return p == page || !strings.HasSuffix(page, "/") && strings.HasPrefix(p, page+"/")
}
