package legacy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/hash/legacy"
)

const longText = "a very much longer text to encrypt.  This one even stretches over morethan one line."

func TestBcryptVectors(t *testing.T) {
	t.Parallel()
	for _, vector := range []struct{ password, encoded string }{
		// golang.org/x/crypto/bcrypt, bcrypt_test.go
		{"allmine", "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga"},
		// libxcrypt, test/ka-table.inc
		{longText, "$2a$05$CCCCCCCCCCCCCCCCCCCCC.4aisLqC2w3pT8aeXd3SHZFJkWSCkf0a"},
		{longText, "$2b$05$CCCCCCCCCCCCCCCCCCCCC.4aisLqC2w3pT8aeXd3SHZFJkWSCkf0a"},
		{longText, "$2y$05$abcdefghijklmnopqrstuuoBz.G9gMNiZlW/Gsj.oKhiomPeIRFTC"},
		{"Hello world!", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.z6PrHbuSsMSSwIGFy1JGevQZf6CqJ1y"},
		{"\u00e9tude", "$2b$05$abcdefghijklmnopqrstuuYdPam5/ypFIyDUQMyCCEIwzVsTi0Sa6"},
		{"\u00c5ngstr\u00f6m", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.UPBzTBMwJb5mKWflQ.5Rid4481RrxVy"},
		{"", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"},
		// passlib 1.7.4, tests/test_handlers_bcrypt.py
		{"U*U*U*U*", "$2a$05$c92SVSfjeiCD6F2nAD6y0uBpJDjdRkt0EgeC4/31Rf2LUZbDRDE.O"},
		// made with bcryptjs 3.0.3 (Node.js) and crypt (PHP 8.2)
		{"correct horse battery staple", "$2b$06$7JdbsqO8fkOUDxT4sQRhoO56xrnJ305KqyS4g9HRrzhXnUrLQ4kXy"},
		{strings.Repeat("a", 72) + "TAIL-IS-IGNORED", "$2y$05$GWuMhoJonj9hXDqror9IReIOXj0By2Ow2Mx8T.8uoP6/4MH.PvPke"},
	} {
		assert.NoError(t, legacy.Bcrypt{}.Verify(vector.encoded, []byte(vector.password)), vector.encoded)
		assert.ErrorIs(t, legacy.Bcrypt{}.Verify(vector.encoded, []byte("x"+vector.password)), legacy.ErrMismatch, vector.encoded)
	}
}

func TestBcryptReads72Bytes(t *testing.T) {
	t.Parallel()
	at := []byte(strings.Repeat("a", 72))
	encoded, err := bcrypt.GenerateFromPassword(at, bcrypt.MinCost)
	require.NoError(t, err)
	assert.NoError(t, legacy.Bcrypt{}.Verify(string(encoded), at))
	assert.NoError(t, legacy.Bcrypt{}.Verify(string(encoded), append(at, 'b')))
	at[71] = 'b'
	assert.ErrorIs(t, legacy.Bcrypt{}.Verify(string(encoded), at), legacy.ErrMismatch)
	_, err = bcrypt.GenerateFromPassword(append(at, 'b'), bcrypt.MinCost)
	assert.Error(t, err, "and nobody makes one from more")
}

// The key schedule repeats the password with its closing NUL, so "a" and
// "a\x00a" have one hash. The second must not match all the same.
func TestBcryptNeverMatchesNUL(t *testing.T) {
	t.Parallel()
	encoded, err := bcrypt.GenerateFromPassword([]byte("a"), bcrypt.MinCost)
	require.NoError(t, err)
	require.NoError(t, bcrypt.CompareHashAndPassword(encoded, []byte("a\x00a")), "the trap is there")
	assert.NoError(t, legacy.Bcrypt{}.Verify(string(encoded), []byte("a")))
	for _, password := range []string{"a\x00a", "a\x00", "\x00", "a\x00b"} {
		assert.ErrorIs(t, legacy.Bcrypt{}.Verify(string(encoded), []byte(password)), legacy.ErrMismatch, "%q", password)
	}
}

func TestBcryptShape(t *testing.T) {
	t.Parallel()
	const good = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"
	for _, prefix := range []string{"$2a$", "$2b$", "$2y$"} {
		assert.True(t, legacy.Bcrypt{}.Match(prefix+good[4:]))
	}
	for _, prefix := range []string{"$2x$", "$2c$", "$2$0", "$1a$", "2b$0", "$wp$"} {
		assert.False(t, legacy.Bcrypt{}.Match(prefix+good[4:]), prefix)
		assert.ErrorIs(t, legacy.Bcrypt{}.Verify(prefix+good[4:], nil), legacy.ErrFormat, prefix)
	}
	for _, broken := range []string{
		"", "$2b$", good[:59], good + "y", "$2b$5$$" + good[7:], "$2b$+5$" + good[7:], "$2b$0a$" + good[7:], "$2b$05." + good[7:],
		good[:20] + "+" + good[21:], good[:20] + "=" + good[21:], good[:20] + "\n" + good[21:], good[:59] + "\x00", good[:59] + "\u00e9",
	} {
		_, err := legacy.Bcrypt{}.Inspect(broken)
		assert.ErrorIs(t, err, legacy.ErrFormat, "%q", broken)
		assert.ErrorIs(t, legacy.Bcrypt{}.Verify(broken, nil), legacy.ErrFormat, "%q", broken)
	}
}

func TestBcryptCostBounds(t *testing.T) {
	t.Parallel()
	const tail = "$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"
	for _, test := range []struct {
		maxCost int
		cost    string
		allowed bool
	}{
		{0, "00", false}, {0, "03", false}, {0, "04", true}, {0, "16", true}, {0, "17", false}, {0, "31", false}, {0, "99", false},
		{5, "05", true}, {5, "06", false}, {31, "31", true}, {31, "32", false}, {99, "32", false}, {-1, "16", true}, {-1, "17", false},
	} {
		cost, err := legacy.Bcrypt{MaxCost: test.maxCost}.Inspect("$2b$" + test.cost + tail)
		if test.allowed {
			assert.NoError(t, err)
			assert.Equal(t, "cost="+strings.TrimPrefix(test.cost, "0"), cost.Text)
			assert.Positive(t, cost.Memory)
			continue
		}
		var bounds *legacy.BoundsError
		assert.ErrorAs(t, err, &bounds, "%+v", test)
		assert.Equal(t, legacy.ParamBcryptCost, bounds.Param)
		assert.ErrorAs(t, legacy.Bcrypt{MaxCost: test.maxCost}.Verify("$2b$"+test.cost+tail, nil), &bounds, "%+v", test)
	}
}

func FuzzBcrypt(f *testing.F) {
	f.Add("$2b$04$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", []byte("password"))
	f.Add("$2x$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", []byte{0})
	f.Fuzz(func(t *testing.T, encoded string, password []byte) {
		scheme := legacy.Bcrypt{MaxCost: 4}
		_, inspected := scheme.Inspect(encoded)
		err := scheme.Verify(encoded, password)
		var bounds *legacy.BoundsError
		switch {
		case err == nil, errors.Is(err, legacy.ErrMismatch):
			if inspected != nil {
				t.Fatalf("%q was computed in spite of %v", encoded, inspected)
			}
		case !errors.Is(err, legacy.ErrFormat) && !errors.As(err, &bounds):
			t.Fatalf("%q gave %v", encoded, err)
		}
	})
}
