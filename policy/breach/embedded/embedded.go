// Package embedded holds 277 294 leaked passwords in 1.2 MB: the source that is
// always there, where the corpus on disk is missing and the service does not
// answer. NOTICE.md says where they come from; gen makes the file.
//
// It is a package of its own so that only programs that import it grow: by some
// 1.4 MB. Nothing is read before the first look-up.
package embedded

import (
	"context"
	_ "embed"
	"fmt"
	"sync"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

//go:generate go run ./gen embedded.pwb $PASSWORD_LISTS

//go:embed embedded.pwb
var file []byte

// open opens the file once.
var open = sync.OnceValues(func() (*corpus.Corpus, error) { return corpus.FromBytes(file) })

// List knows the embedded passwords. It implements policy.List: put it into
// breach.Chain.Embedded. The zero List is ready, and safe for concurrent use.
type List struct{}

// Seen returns how often the password leaked at least, and 0 if it is not
// embedded, but for one in some 16 million that is found by chance. Counts are
// below those of the whole corpus: those of some 100 000 passwords say how often
// they were among a thousand million, at least 389 times, and most others are 1.
// The bytes of the password are compared exactly.
//
// Every error matches policy.ErrUnchecked: the password is empty or has more
// than 64 KiB, GODEBUG=fips140=only forbids SHA-1, or ctx has ended. A look-up
// needs neither disk nor network and makes no allocation.
func (List) Seen(ctx context.Context, password string) (int, error) {
	c, err := open()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", policy.ErrUnchecked, err)
	}
	return c.Seen(ctx, password)
}

// Info tells what is embedded.
func (List) Info() corpus.Info {
	c, err := open()
	if err != nil {
		return corpus.Info{}
	}
	return c.Info()
}
