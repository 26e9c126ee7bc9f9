// Package jwtsession carries the session of a signed-in customer in a JSON Web
// Token, for APIs without a session table. Copy it.
package jwtsession

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tillkey/tillkey/rotate"
)

// Tokens makes and reads tokens. All fields but Now are required. It is safe for
// concurrent use.
type Tokens struct {
	// Key signs, by HMAC-SHA-256: 32 random bytes or more (RFC 7518, 3.2).
	Key []byte
	// Issuer names the deployment: a token of another one opens nothing here.
	Issuer string
	// Life is how long a token is good. The session in it is judged on every
	// request all the same, so it need not be short.
	Life time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// claims are those of RFC 7519 and the session, as its own text.
type claims struct {
	jwt.RegisteredClaims
	Session string `json:"tillkey"`
}

var errTokens = errors.New("jwtsession: Tokens need a Key of 32 bytes, an Issuer and a Life")

// Sign makes the token of a session, after Proceed.
func (t Tokens) Sign(s rotate.Session) (string, error) {
	if len(t.Key) < 32 || t.Issuer == "" || t.Life <= 0 {
		return "", errTokens
	}
	text, err := s.MarshalText()
	if err != nil {
		return "", err
	}
	now := t.now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{jwt.RegisteredClaims{
		Issuer: t.Issuer, Subject: s.Account, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(t.Life)),
	}, string(text)}).SignedString(t.Key)
}

// Read returns the session of a token. It is rotate.ErrSession for everything
// but a token of this key and issuer that has not expired: the customer signs in
// again. Whether the session is still good is for rotate.Keeper.Valid to say.
func (t Tokens) Read(token string) (s rotate.Session, err error) {
	if len(t.Key) < 32 || t.Issuer == "" {
		return s, errTokens
	}
	var c claims
	_, err = jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.Key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(t.Issuer), jwt.WithExpirationRequired(), jwt.WithTimeFunc(t.now))
	// The parser's errors may quote the token.
	if err != nil || s.UnmarshalText([]byte(c.Session)) != nil || s.Account != c.Subject {
		return rotate.Session{}, rotate.ErrSession
	}
	return s, nil
}

// maxToken bounds what is parsed: a session's text is shorter than 1 KiB.
const maxToken = 4 << 10

// Load is web.Gate.Load: it reads the bearer token of a request (RFC 6750, 2.1).
// Without one the visitor is a guest.
func (t Tokens) Load(r *http.Request) (rotate.Session, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return rotate.Session{}, nil
	}
	if len(token) > maxToken {
		return rotate.Session{}, rotate.ErrSession
	}
	return t.Read(token)
}

func (t Tokens) now() time.Time {
	if t.Now == nil {
		return time.Now()
	}
	return t.Now()
}
