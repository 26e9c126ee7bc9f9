package totp

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxURI bounds the bytes of a key URI that ParseURI reads. The longest that
// URI writes has about 1100.
const maxURI = 4096

// Key is what a key URI tells: a secret, and the two names under which an app
// shows it. Both names are for the eye only; never look an account up by them.
type Key struct {
	Secret  Secret
	Issuer  string // the shop
	Account string // the customer, as the shop names them
}

// URI returns the otpauth URI of the secret, the content of the QR picture
// that authenticator apps scan. It holds the key in the clear. It is empty
// for the zero Secret.
//
// Give both names: some apps refuse a URI without an account, and mix up
// entries without an issuer. Names are cleaned: colons, control characters
// and invisible marks are dropped, runs of white space become one space, and
// the issuer is cut to 64 bytes, the account to 128, in whole characters; of
// either, the first 1024 bytes are looked at. Everything else is
// percent-encoded, a space as %20, so that a name can hold any text.
func (s Secret) URI(issuer, account string) string {
	if s.seed == nil {
		return ""
	}
	issuer, account = escape(clean(issuer, maxIssuer)), escape(clean(account, maxAccount))
	var b strings.Builder
	b.WriteString("otpauth://totp/")
	if issuer != "" {
		b.WriteString(issuer + ":")
	}
	b.WriteString(account + "?secret=" + s.base32())
	if issuer != "" {
		b.WriteString("&issuer=" + issuer)
	}
	fmt.Fprintf(&b, "&algorithm=%s&digits=%d&period=%d", s.seed.algorithm, s.seed.digits, s.seed.period)
	return b.String()
}

// ParseURI reads an otpauth URI of type totp, up to 4096 bytes. Algorithm,
// digits and period default to SHA1, 6 and 30. Both names come back cleaned
// as by [Secret.URI]. Unknown parameters are ignored.
//
// It is strict where apps would differ: a parameter that appears twice (in
// any case of letters), an issuer that contradicts the label, a second colon
// in the label, a fragment, user or port, and encodings of codes other than
// digits are refused with [ErrFormat]. Numbers out of range and a secret that
// is not 16 to 128 bytes give a [*BoundsError]. No error repeats the URI.
func ParseURI(uri string) (Key, error) {
	if err := within("bytes of URI", len(uri), 0, maxURI); err != nil {
		return Key{}, err
	}
	u, err := url.Parse(uri)
	if err != nil {
		return Key{}, unreadable("not a URI") // err itself repeats the URI
	}
	if u.Scheme != "otpauth" || !strings.EqualFold(u.Host, "totp") || u.User != nil ||
		strings.Contains(uri, "#") || !strings.HasPrefix(u.Path, "/") {
		return Key{}, unreadable("not an otpauth URI of type totp")
	}
	parameters, err := readParameters(u.RawQuery)
	if err != nil {
		return Key{}, err
	}
	issuer, account, err := readLabel(u.Path[1:], parameters["issuer"])
	if err != nil {
		return Key{}, err
	}
	secret, err := readSecret(parameters)
	if err != nil {
		return Key{}, err
	}
	return Key{Secret: secret, Issuer: issuer, Account: account}, nil
}

func unreadable(why string) error { return fmt.Errorf("%w: %s", ErrFormat, why) }

// readParameters returns the parameters by lower-case name, each at most once.
func readParameters(query string) (map[string]string, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, unreadable("broken parameters") // err itself repeats them
	}
	parameters := make(map[string]string, len(values))
	for name, all := range values {
		name = strings.ToLower(name)
		if _, twice := parameters[name]; twice || len(all) != 1 {
			return nil, unreadable("a parameter appears twice")
		}
		parameters[name] = all[0]
	}
	return parameters, nil
}

// readLabel splits a label at its colon and weighs it against the issuer
// parameter.
func readLabel(label, parameter string) (issuer, account string, err error) {
	issuer, account, found := strings.Cut(label, ":")
	if !found {
		issuer, account = "", label
	}
	if strings.Contains(account, ":") {
		return "", "", unreadable("two colons in the label")
	}
	issuer, parameter = clean(issuer, maxIssuer), clean(parameter, maxIssuer)
	if issuer != "" && parameter != "" && issuer != parameter {
		return "", "", unreadable("label and parameter name different issuers")
	}
	if issuer == "" {
		issuer = parameter
	}
	return issuer, clean(account, maxAccount), nil
}

// readSecret builds the secret from the parameters.
func readSecret(parameters map[string]string) (Secret, error) {
	var o Options
	if name, given := parameters["algorithm"]; given {
		switch strings.ToUpper(name) {
		case "SHA1":
			o.Algorithm = SHA1
		case "SHA256":
			o.Algorithm = SHA256
		case "SHA512":
			o.Algorithm = SHA512
		default:
			return Secret{}, unreadable("unknown algorithm")
		}
	}
	if _, given := parameters["encoder"]; given {
		return Secret{}, unreadable("codes that are not digits")
	}
	digits, err := readNumber(parameters, "digits", 6)
	if err != nil {
		return Secret{}, err
	}
	period, err := readNumber(parameters, "period", 30)
	if err != nil {
		return Secret{}, err
	}
	o.Digits, o.Period = digits, time.Duration(period)*time.Second
	return ParseSecretWith(parameters["secret"], o)
}

// readNumber returns a parameter written as 1 to 999, without leading zeros.
func readNumber(parameters map[string]string, name string, absent int) (int, error) {
	text, given := parameters[name]
	if !given {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 999 || strconv.Itoa(n) != text {
		return 0, unreadable(name + " is not a number in range")
	}
	return n, nil
}
