package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// everything is a value for each field that Read reads.
var everything = url.Values{
	"email": {"ada@example.com"}, "password": {"old pass"}, "new_password": {"new & better"}, "code": {"123456"},
	"recovery": {"abcd-efgh"}, "ticket": {"t.1"}, "mailed": {"m.1"}, "next": {"/cart?x=1"},
}

// typed is a request with a body.
func typed(media, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(body))
	r.Header.Set("Content-Type", media)
	r.RemoteAddr = "192.0.2.7:4711"
	return r
}

// requests are ways to send the same.
func requests(t *testing.T, values url.Values) map[string]*http.Request {
	t.Helper()
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	var fields []string
	for name := range values {
		require.NoError(t, parts.WriteField(name, values.Get(name)))
		fields = append(fields, fmt.Sprintf("%q: %q", name, values.Get(name)))
	}
	require.NoError(t, parts.Close())
	return map[string]*http.Request{
		"form":      typed("application/x-www-form-urlencoded", values.Encode()),
		"multipart": typed(parts.FormDataContentType(), form.String()),
		"json":      typed("application/json; charset=utf-8", "{"+strings.Join(fields, ", ")+"}"),
	}
}

func TestReadReadsEveryForm(t *testing.T) {
	for name, r := range requests(t, everything) {
		w := httptest.NewRecorder()
		in, err := web.Read(w, r)
		require.NoError(t, err, name)
		require.GreaterOrEqual(t, len(in.Browser), 16, name)
		require.Contains(t, w.Header().Get("Set-Cookie"), in.Browser, name)
		require.Equal(t, rotate.Proofs{
			Password: "old pass", NewPassword: "new & better", Code: "123456", Recovery: "abcd-efgh", Ticket: "t.1", Mailed: "m.1",
			Source: "192.0.2.7", Browser: in.Browser,
		}, in.Proofs, name)
		require.Equal(t, "/cart?x=1", in.Next, name)
		require.Equal(t, rotate.Attempt{
			Name: "ada@example.com", Password: "old pass", Code: "123456", Recovery: "abcd-efgh", Source: "192.0.2.7", Browser: in.Browser,
		}, in.Attempt(), name)
	}
	for name, r := range requests(t, url.Values{"username": {"ada"}, "next": {"//evil.example"}}) {
		in, err := web.Read(httptest.NewRecorder(), r)
		require.NoError(t, err, name)
		require.Equal(t, "ada", in.Name, name)
		require.Equal(t, "/", in.Next, name)
		require.Empty(t, in.Password, name)
	}
}

// TestS15_ReadReplacesNothingInAPassword: JSON that is no text is refused; a form
// hands on the bytes as they are.
func TestS15_ReadReplacesNothingInAPassword(t *testing.T) {
	for _, field := range []string{"password", "new_password"} {
		for _, value := range []string{"caf\xe9", `caf\ud83d`, `\udc00caf`} {
			_, err := web.Read(httptest.NewRecorder(), typed("application/json", `{"`+field+`":"`+value+`"}`))
			require.ErrorIs(t, err, web.ErrInput, "%s %q", field, value)
		}
		in, err := web.Read(httptest.NewRecorder(), typed("application/json", `{"`+field+`":"caf\u00e9 \ud83d\ude00"}`))
		require.NoError(t, err)
		require.Equal(t, "café 😀", in.Password+in.NewPassword)
		in, err = web.Read(httptest.NewRecorder(), typed("application/x-www-form-urlencoded", field+"=caf%E9"))
		require.NoError(t, err)
		require.Equal(t, "caf\xe9", in.Password+in.NewPassword)
	}
}

// TestReadTakesNoSecretFromAURL: links bring tickets; a password in a URL would
// be in logs and histories.
func TestReadTakesNoSecretFromAURL(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/reset?"+everything.Encode(), nil)
	in, err := web.Read(httptest.NewRecorder(), r)
	require.NoError(t, err)
	require.Equal(t, []string{"t.1", "m.1", "/cart?x=1", "ada@example.com"}, []string{in.Ticket, in.Mailed, in.Next, in.Name})
	require.Equal(t, []string{"", "", "", ""}, []string{in.Password, in.NewPassword, in.Code, in.Recovery})
}

func TestReadRefuses(t *testing.T) {
	long := strings.Repeat("x", web.MaxInput)
	for name, c := range map[string]struct {
		r      *http.Request
		status int
	}{
		"half an object": {typed("application/json", `{"password": "sesame`), 400},
		"no object":      {typed("application/json", `["sesame"]`), 400},
		"two objects":    {typed("application/json", `{"password":"sesame"}{}`), 400},
		"a number":       {typed("application/json", `{"password": 17}`), 400},
		"a bad escape":   {typed("application/x-www-form-urlencoded", "password=%zzsesame"), 400},
		"cut multipart":  {typed("multipart/form-data; boundary=x", "--x\r\nsesame"), 400},
		"long JSON":      {typed("application/json", `{"password": "`+long+`"}`), 413},
		"a long form":    {typed("application/x-www-form-urlencoded", "password="+long), 413},
	} {
		in, err := web.Read(httptest.NewRecorder(), c.r)
		require.ErrorIs(t, err, web.ErrInput, name)
		require.NotContains(t, err.Error(), "sesame", name)
		require.Zero(t, in, name)
		status, _ := web.Status(err)
		require.Equal(t, c.status, status, name)
	}
	in, err := web.Read(httptest.NewRecorder(), typed("application/json", ""))
	require.NoError(t, err, "an empty body is an empty form")
	require.Empty(t, in.Password)
}

// TestInputsAreNotPrinted: the proofs inside hide themselves.
func TestInputsAreNotPrinted(t *testing.T) {
	in := web.Input{Proofs: rotate.Proofs{Password: "sesame"}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, in), "sesame")
		require.NotContains(t, fmt.Sprintf(verb, &in), "sesame")
	}
}

func FuzzRead(f *testing.F) {
	for _, media := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		f.Add(media, `{"password": "x"}`)
		f.Add(media, everything.Encode())
		f.Add(media, "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nx\r\n--x--")
	}
	f.Fuzz(func(t *testing.T, media, body string) {
		r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		in, err := web.Read(httptest.NewRecorder(), r)
		if err != nil {
			require.ErrorIs(t, err, web.ErrInput)
			require.Zero(t, in)
			return
		}
		require.Equal(t, web.SafeNext(in.Next), in.Next)
		require.NotEmpty(t, in.Browser)
	})
}

func ExampleRead() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		in, err := web.Read(w, r)
		if err != nil {
			web.Failure(err).Write(w, r)
			return
		}
		// d, err := keeper.Login(r.Context(), in.Attempt())
		// a := gate.Follow(w, r, d, err)
		fmt.Fprint(w, in.Name, " goes on to ", in.Next)
	}
	r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader("email=ada%40example.com&password=nine+violet+umbrellas&next=/cart"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	handler(w, r)
	body, _ := io.ReadAll(w.Result().Body)
	fmt.Println(string(body))
	// Output: ada@example.com goes on to /cart
}
