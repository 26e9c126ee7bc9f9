package breach_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// The service makes Content-MD5 of the range and then adds padding; a mirror may
// make it of what it sends. A range that is neither is not the one that was meant.
func TestRangeContentMD5(t *testing.T) {
	hit := leakedHash[5:] + ":7"
	real := fullBody(hit)
	padding := "\r\n" + leaked2Hash[5:] + ":0\r\n" + leaked2Hash[5:39] + "0:0"
	for name, c := range map[string]struct {
		body   string
		header []string
		ok     bool
	}{
		"none":                  {real + padding, nil, true},
		"of the rows":           {real + padding, []string{contentMD5(real)}, true},
		"with a last line end":  {real + padding, []string{contentMD5(real + "\r\n")}, true},
		"without padding":       {real, []string{contentMD5(real)}, true},
		"of all":                {real + padding, []string{contentMD5(real + padding)}, true},
		"of rows with LF":       {strings.ReplaceAll(real+padding, "\r\n", "\n"), []string{contentMD5(strings.ReplaceAll(real, "\r\n", "\n"))}, true},
		"padding between":       {leaked2Hash[5:] + ":0\r\n" + real + padding, []string{contentMD5(real)}, true},
		"twice the same":        {real + padding, []string{contentMD5(real), contentMD5(real)}, true},
		"two":                   {real + padding, []string{contentMD5(real), contentMD5(real + padding)}, false},
		"a row is missing":      {fullBody() + padding, []string{contentMD5(real)}, false},
		"the last row is gone":  {real[:strings.LastIndex(real, "\r\n")], []string{contentMD5(real)}, false},
		"another count":         {strings.Replace(real, ":7", ":8", 1), []string{contentMD5(real)}, false},
		"other line ends":       {strings.ReplaceAll(real, "\r\n", "\n"), []string{contentMD5(real)}, false},
		"empty header":          {real, []string{""}, false},
		"no base64":             {real, []string{"?" + contentMD5(real)[1:]}, false},
		"half":                  {real, []string{contentMD5(real)[:12]}, false},
		"with something behind": {real, []string{contentMD5(real) + "AAAA"}, false},
		"another row":           {fullBody(hit, leaked2Hash[5:]+":1"), []string{contentMD5(real)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Md5"] = c.header
				writeRange(w, c.body)
			})
			count, err := client(t, s, breach.RangeConfig{}).Seen(t.Context(), leaked)
			if !c.ok {
				requireUnchecked(t, leaked, count, err, breach.ReasonChecksum)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, 7, count)
		})
	}
}
