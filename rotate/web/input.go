package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/tillkey/tillkey/rotate"
)

// ErrInput says that a request holds no form and no JSON that [Read] can take:
// answer 400, or 413 where it is too long.
var ErrInput = errors.New("web: the request cannot be read")

// MaxInput bounds the body of a request that [Read] reads: 64 KiB.
const MaxInput = 64 << 10

// Input is what the pages of sign-up, sign-in and change send. Its Proofs have
// Source and Browser filled in.
type Input struct {
	rotate.Proofs
	// Name is the typed name or e-mail address.
	Name string
	// Next is where to go on to, checked by [SafeNext]; "/" if nowhere.
	Next string
}

// Attempt is the input of a sign-in.
func (in Input) Attempt() rotate.Attempt {
	return rotate.Attempt{
		Name: in.Name, Password: in.Password, Code: in.Code, Recovery: in.Recovery,
		Source: in.Source, Browser: in.Browser,
	}
}

// Read reads a form, or a body of JSON where the Content-Type says so, and sets
// the cookie of [Browser]. It reads "email", or else "username", and "password",
// "new_password", "code", "recovery", "ticket", "mailed" and "next"; all else is
// left to the shop, which reads r.Form. Where "ticket", "mailed", "next" and the
// name are not in a form, they may be in the URL, as links in mails have them;
// passwords and codes may not.
//
// Call it before anything else reads the body. The error is [ErrInput].
func Read(w http.ResponseWriter, r *http.Request) (Input, error) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxInput)
	read := readForm
	if isJSON(mediaType(r.Header.Get("Content-Type"))) {
		read = readJSON
	}
	in, err := read(r)
	if err != nil {
		return Input{}, err
	}
	in.Next = SafeNext(in.Next)
	in.Source, in.Browser = Source(r), Browser(w, r)
	return in, nil
}

func readForm(r *http.Request) (in Input, err error) {
	if err = r.ParseForm(); err == nil {
		err = r.ParseMultipartForm(MaxInput)
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return in, unread(err)
	}
	in.Name = r.FormValue("email")
	if in.Name == "" {
		in.Name = r.FormValue("username")
	}
	in.Ticket, in.Mailed, in.Next = r.FormValue("ticket"), r.FormValue("mailed"), r.FormValue("next")
	in.Password, in.NewPassword = r.PostFormValue("password"), r.PostFormValue("new_password")
	in.Code, in.Recovery = r.PostFormValue("code"), r.PostFormValue("recovery")
	return in, nil
}

func readJSON(r *http.Request) (in Input, err error) {
	var body struct {
		Email       string `json:"email"`
		Username    string `json:"username"`
		Password    string `json:"password"`
		NewPassword string `json:"new_password"`
		Code        string `json:"code"`
		Recovery    string `json:"recovery"`
		Ticket      string `json:"ticket"`
		Mailed      string `json:"mailed"`
		Next        string `json:"next"`
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return in, unread(err)
	}
	if len(text) > 0 && json.Unmarshal(text, &body) != nil {
		return in, ErrInput // the reason would quote the body
	}
	// The decoder puts U+FFFD in place of what is no text: different passwords
	// would be one.
	if strings.ContainsRune(body.Password+body.NewPassword, utf8.RuneError) {
		return in, ErrInput
	}
	in.Name = body.Email
	if in.Name == "" {
		in.Name = body.Username
	}
	in.Password, in.NewPassword, in.Code, in.Recovery = body.Password, body.NewPassword, body.Code, body.Recovery
	in.Ticket, in.Mailed, in.Next = body.Ticket, body.Mailed, body.Next
	return in, nil
}

// unread keeps no more of an error than that the body is too long.
func unread(err error) error {
	if long := new(http.MaxBytesError); errors.As(err, &long) {
		return fmt.Errorf("%w: %w", ErrInput, long)
	}
	return ErrInput
}
