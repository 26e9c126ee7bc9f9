package policy

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// MaxGroupBytes is how long the path of a group may be, in bytes.
const MaxGroupBytes = 255

const maxGroups = 10000

// ErrUnknownGroup is what Groups.Policy returns for a group that has no
// policy. Nobody may choose a password then: name the group, or mend the
// caller's path.
var ErrUnknownGroup = errors.New("policy: unknown group")

// Groups are policies by group of accounts. A group is named by its path:
// "store-17/customers" inherits from "store-17", and every group from "", which
// is no group itself. A parent that is not there asks for nothing.
//
// A path is text of 1 to 255 bytes without control characters, in parts of at
// least one byte divided by "/". There are at most 10 000 groups. The zero
// value knows none. A Groups is only read by its methods.
type Groups map[string]Policy

// Policy returns the policy of a group: [Strictest] of its own and those of all
// its parents, which come first where lists are asked in order. A group that is
// not in the map is an error that wraps ErrUnknownGroup, whatever its parents;
// one that contradicts its parents wraps ErrInvalid. Ask Validate before, and
// only the first can happen.
func (g Groups) Policy(group string) (Policy, error) {
	if !IsPath(group) {
		return Policy{}, fmt.Errorf("%w: not a path of 1 to %d bytes", ErrUnknownGroup, MaxGroupBytes)
	}
	own, ok := g[group]
	if !ok {
		return Policy{}, fmt.Errorf("%w %q", ErrUnknownGroup, group)
	}
	p, err := Strictest(append(g.parents(group), own)...)
	if err != nil {
		return Policy{}, fmt.Errorf("%w (group %s)", err, quoted(group))
	}
	return p, nil
}

// parents returns the policies that a group inherits, from the top down.
func (g Groups) parents(group string) []Policy {
	var inherited []Policy
	if p, ok := g[""]; ok {
		inherited = append(inherited, p)
	}
	for i := range len(group) {
		if group[i] == '/' {
			if p, ok := g[group[:i]]; ok {
				inherited = append(inherited, p)
			}
		}
	}
	return inherited
}

// Paths returns the paths of all groups, in byte order, without "".
func (g Groups) Paths() []string {
	paths := slices.Sorted(maps.Keys(g))
	return slices.DeleteFunc(paths, func(path string) bool { return path == "" })
}

// Validate returns nil, or an error that wraps ErrInvalid and names the first
// group, in byte order, whose path is no path, or else one whose policy is invalid
// or contradicts one that it inherits. Call it when groups are loaded.
func (g Groups) Validate() error {
	if len(g) > maxGroups+1 {
		return fmt.Errorf("%w: %d groups, want at most %d", ErrInvalid, len(g), maxGroups)
	}
	for _, path := range g.Paths() {
		if !IsPath(path) {
			return fmt.Errorf("%w: group %s is not a path of 1 to %d bytes", ErrInvalid, quoted(path), MaxGroupBytes)
		}
	}
	for path, err := range g.mistakes() {
		if path == "" {
			return fmt.Errorf("%w (inherited by every group)", err)
		}
		return fmt.Errorf("%w (group %s)", err, quoted(path))
	}
	return nil
}

// mistakes yields the groups, "" among them, that are invalid or contradict
// what they inherit, in the order of byParts. Who inherits from such a one is left
// out. Each group is merged with its nearest parent, which is merged already; only
// the parents of the group at hand are kept.
func (g Groups) mistakes() iter.Seq2[string, error] {
	type merged struct {
		path   string
		policy Policy
		err    error
	}
	return func(yield func(string, error) bool) {
		var parents []merged
		for _, path := range slices.SortedFunc(maps.Keys(g), byParts) {
			for len(parents) > 0 && !inherits(path, parents[len(parents)-1].path) {
				parents = parents[:len(parents)-1]
			}
			m := merged{path: path, policy: g[path]}
			policies := []Policy{m.policy}
			if len(parents) > 0 {
				parent := parents[len(parents)-1]
				policies, m.err = []Policy{parent.policy, m.policy}, parent.err
			}
			if m.err == nil {
				if m.policy, m.err = Strictest(policies...); m.err != nil && !yield(path, m.err) {
					return
				}
			}
			parents = append(parents, m)
		}
	}
}

// byParts orders paths by their bytes, but so that a group is followed by those
// that inherit from it.
func byParts(a, b string) int {
	for i := range min(len(a), len(b)) {
		switch {
		case a[i] == b[i]:
		case a[i] == '/':
			return -1
		case b[i] == '/':
			return 1
		default:
			return cmp.Compare(a[i], b[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}

// inherits reports whether a group is below another one.
func inherits(group, parent string) bool {
	return parent == "" || strings.HasPrefix(group, parent+"/")
}

// IsPath reports whether group is the path of a group, as [Groups] says.
func IsPath(group string) bool {
	return plain(group, MaxGroupBytes) && !slices.Contains(strings.Split(group, "/"), "")
}
