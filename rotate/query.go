package rotate

import (
	"slices"
	"strings"
	"time"
)

// Query selects credentials. Every field that is not its zero value narrows
// the selection. Rows come in the byte order of their accounts.
type Query struct {
	// After is the cursor: only accounts greater than it, as bytes.
	After string
	// Limit is the most rows of one call, 1 to 500; 0 means 200.
	Limit int

	// Account is one account.
	Account string
	// Group is a path, with everything below it: "a" selects "a" and "a/b", not
	// "ab".
	Group string
	// GroupIs is one group without what lies below it.
	GroupIs string
	// ChangedBefore selects passwords chosen earlier, or at an unknown time.
	ChangedBefore time.Time
	// ClearedBelow selects rows whose ClearedSeq is lower.
	ClearedBelow int64
	// HasPassword selects rows with a password.
	HasPassword bool
	// PolicyIs selects rows whose PolicyFingerprint it is, PolicyOtherThan those
	// that have another one, Unjudged those that have none.
	PolicyIs        string
	PolicyOtherThan string
	Unjudged        bool
	// Unmet selects rows whose Unmet is a time, Recheck those that are marked so.
	Unmet   bool
	Recheck bool
	// KeyOtherThan selects rows with a seal under any other key than this.
	KeyOtherThan string
}

// Limits of one page or batch.
const (
	DefaultBatch = 200
	MaxBatch     = 500
)

// Size is the number of rows one call may take.
func (q Query) Size() int {
	if q.Limit <= 0 {
		return DefaultBatch
	}
	return min(q.Limit, MaxBatch)
}

// Matches tells whether a row is selected. It is what every Store's own
// selection must agree with; a row whose seals cannot be read matches any
// KeyOtherThan.
func (q Query) Matches(c *Credential) bool {
	switch {
	case q.After != "" && c.Account <= q.After:
		return false
	case q.Account != "" && c.Account != q.Account:
		return false
	case q.Group != "" && !within(c.Group, q.Group):
		return false
	case q.GroupIs != "" && c.Group != q.GroupIs:
		return false
	case !q.ChangedBefore.IsZero() && !c.Changed.Before(q.ChangedBefore):
		return false
	case q.ClearedBelow != 0 && c.ClearedSeq >= q.ClearedBelow:
		return false
	case q.HasPassword && c.Password == "":
		return false
	case q.PolicyIs != "" && c.PolicyFingerprint != q.PolicyIs:
		return false
	case q.PolicyOtherThan != "" && (c.PolicyFingerprint == "" || c.PolicyFingerprint == q.PolicyOtherThan):
		return false
	case q.Unjudged && c.PolicyFingerprint != "":
		return false
	case q.Unmet && c.Unmet.IsZero():
		return false
	case q.Recheck && !c.Recheck:
		return false
	}
	if q.KeyOtherThan != "" {
		ids, err := c.KeyIDs()
		return err != nil || slices.ContainsFunc(ids, func(id string) bool { return id != q.KeyOtherThan })
	}
	return true
}

// within tells whether group is path or lies below it.
func within(group, path string) bool {
	rest, ok := strings.CutPrefix(group, path)
	return ok && (rest == "" || rest[0] == '/')
}
