package rotate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// wrapped is how values get into logs: inside others. (Of fields that are not
// exported no printer asks how they want to be printed.)
type wrapped[T any] struct {
	Value   T
	Pointer *T
	List    []T
	Named   map[string]T
	Any     any
}

// shows tries every way to print a value and what holds it, and returns those
// that show one of the traces.
func shows[T any](t *testing.T, value T, traces ...string) (ways []string) {
	t.Helper()
	check := func(way, printed string) {
		lower := strings.ToLower(printed)
		for _, trace := range traces {
			for _, form := range []string{trace, fmt.Sprintf("%x", trace), fmt.Sprintf("% x", trace), strings.Trim(fmt.Sprint([]byte(trace)), "[]")} {
				if strings.Contains(lower, strings.ToLower(form)) {
					ways = append(ways, way)
					return
				}
			}
		}
	}
	for name, v := range map[string]any{
		"value": value, "pointer": &value, "list": []T{value}, "map": map[string]T{"a": value},
		"wrapped": wrapped[T]{Value: value, List: []T{value}, Named: map[string]T{"a": value}, Any: value, Pointer: &value},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%t", "%10.3v", "%!"} {
			check(name+" as "+verb, fmt.Sprintf(verb, v))
		}
		check(name+" as Sprint", fmt.Sprint("x", v))
		check(name+" as Sprintln", fmt.Sprintln(v))
		text, err := json.Marshal(v)
		check(name+" as JSON", string(text))
		if err != nil {
			check(name+" as an error of JSON", err.Error())
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("seen", "value", v, slog.Group("group", slog.Any("v", v)))
		check(name+" in a log of text", log.String())
		log.Reset()
		slog.New(slog.NewJSONHandler(&log, nil)).Info("seen", "value", v, slog.Group("group", slog.Any("v", v)))
		check(name+" in a log of JSON", log.String())
	}
	return ways
}

// TestSecretsNeverPrint: of the types that carry a secret no field is shown by
// any printer, those of later days included.
func TestSecretsNeverPrint(t *testing.T) {
	require.Empty(t, shows(t, filled[Attempt](t), marker))
	require.Empty(t, shows(t, filled[Proofs](t), marker))
	require.Empty(t, shows(t, filled[Admission](t), marker))
	require.Empty(t, shows(t, filled[Request](t), marker))
	require.Empty(t, shows(t, filled[NewAccount](t), marker))
	require.Empty(t, shows(t, filled[Decision](t), marker))
	require.Empty(t, shows(t, filled[Issued](t), marker))
	require.Empty(t, shows(t, filled[Imported](t), marker))
	require.Empty(t, shows(t, filled[Foreign](t), marker))
	e := filled[Enrollment](t)
	require.Empty(t, shows(t, e, marker, e.Secret.Reveal(), e.Secret.Code(noon), strings.ReplaceAll(e.Secret.Reveal(), " ", "")))
	d := filled[Draft](t)
	require.Empty(t, shows(t, d, marker))

	// The search finds what is there to be found.
	require.NotEmpty(t, shows(t, filled[Event](t), marker))
	require.NotEmpty(t, shows(t, wrapped[string]{Value: "x " + marker}, marker))
}

// TestWhatIsShown instead: the type, and what a reader of logs needs.
func TestWhatIsShown(t *testing.T) {
	for want, v := range map[string]any{
		"rotate.Attempt{redacted}":                        Attempt{Password: "x"},
		"rotate.Proofs{redacted}":                         Proofs{Code: "x"},
		"rotate.Admission{redacted}":                      Admission{Code: "x"},
		"rotate.Request{redacted}":                        Request{Name: "x"},
		"rotate.NewAccount{redacted}":                     NewAccount{Password: "x"},
		"rotate.Issued{redacted}":                         Issued{Ticket: "x"},
		"rotate.Imported{redacted}":                       Imported{Encoded: "x"},
		"rotate.Foreign{redacted}":                        Foreign{Encoded: "x"},
		"rotate.Enrollment{redacted}":                     Enrollment{Secret: totp.NewSecret()},
		"rotate.Draft{redacted}":                          &Draft{},
		`rotate.Decision{need_new_password reason="age"}`: Decision{Next: NeedNewPassword, Ticket: "x", Reason: Age},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			require.Equal(t, want, fmt.Sprintf(verb, v))
		}
		require.Equal(t, want, v.(slog.LogValuer).LogValue().String())
		_, err := json.Marshal(v)
		if _, empty := v.(*Draft); !empty {
			require.ErrorIs(t, err, errNotJSON)
		}
	}
}

// TestNextString: stable names, which web and logs use.
func TestNextString(t *testing.T) {
	var names []string
	for n := SignInAgain; n <= NeedNewPassword; n++ {
		names = append(names, n.String())
	}
	require.Equal(t, []string{"sign_in_again", "proceed", "need_code", "need_enroll", "need_new_password"}, names)
	require.Equal(t, "Next(-1)", Next(-1).String())
	require.Equal(t, "Next(5)", Next(5).String())
	require.Equal(t, SignInAgain, Decision{}.Next, "the zero Decision signs nobody in")
}

// TestErrorTexts: what a log shows, each with the name of the package, and what
// errors.Is and As find.
func TestErrorTexts(t *testing.T) {
	for want, err := range map[string]error{
		"rotate: denied":                                                            &Denied{},
		"rotate: denied, retry after 2m0s":                                          &Denied{RetryAfter: 2 * 60e9, Code: true},
		"rotate: the order would concern 7 accounts, not 5":                         &ExpectError{Expect: 5, Found: 7},
		`rotate: key "k1" still seals 3 credentials; sweep first`:                   &KeyInUseError{ID: "k1", Rows: 3},
		`rotate: key "k1" is not used any more; drop it after 2026-03-01T12:00:00Z`: &KeyInUseError{ID: "k1", Until: noon},
		"rotate: ticket refused":                                                    ErrTicket,
		"rotate: this change needs another proof":                                   ErrProof,
		"rotate: no browser value of 16 bytes or more":                              ErrBrowser,
		"rotate: account is not 1 to 255 bytes of UTF-8 without control characters": ErrAccount,
		"rotate: group is not a path of 1 to 255 bytes":                             ErrGroup,
		"rotate: configuration refused":                                             ErrConfig,
		"rotate: no such second factor":                                             ErrFactor,
		"rotate: key refused":                                                       ErrKey,
		"rotate: order refused":                                                     ErrOrder,
		"rotate: rules refused":                                                     ErrRules,
		"rotate: malformed session":                                                 ErrSession,
		"rotate: not found":                                                         ErrNotFound,
		"rotate: already exists":                                                    ErrExists,
		"rotate: unchanged":                                                         ErrUnchanged,
		"rotate: stored value cannot be read":                                       errUnreadable,
		"rotate: holds secrets, is not written as JSON":                             errNotJSON,
		`rotate: group "x/y" has no profile`:                                        second(ShopProfile("x/y")),
		`rotate: reason "x" is not one of ["compromise" "breached" "admin_reset" "restored" "first_use" "policy_raised" "weak_hash" "age"]`: Reason("x").Valid(),
	} {
		require.EqualError(t, err, want)
	}
	require.ErrorIs(t, &Denied{RetryAfter: 1}, ErrDenied)
	require.NotErrorIs(t, &Denied{}, ErrTicket)
	require.Equal(t, (&Denied{}).Error(), (&Denied{Code: true}).Error(), "not even which of the two was wrong")
	var missing *keyring.MissingKeyError
	ring, err := keyring.New("test", keyring.NewKey())
	require.NoError(t, err)
	_, err = (&Keeper{ring: ring}).newKeyState("k2")
	require.ErrorAs(t, err, &missing)
}

func second[T any](_ T, err error) error { return err }
