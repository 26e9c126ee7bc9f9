package totp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	peer "github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// RFC 6238 appendix B. Its erratum says that each algorithm has a key of its
// own: the digits repeated to 20, 32 and 64 bytes.
func TestCodeRFC6238(t *testing.T) {
	repeated := strings.Repeat("1234567890", 7)
	rows := []struct {
		unix                 int64
		sha1, sha256, sha512 string
	}{
		{59, "94287082", "46119246", "90693936"},
		{1111111109, "07081804", "68084774", "25091201"},
		{1111111111, "14050471", "67062674", "99943326"},
		{1234567890, "89005924", "91819424", "93441116"},
		{2000000000, "69279037", "90698825", "38618901"},
		{20000000000, "65353130", "77737706", "47863826"},
	}
	for _, row := range rows {
		at := time.Unix(row.unix, 0)
		for _, c := range []struct {
			algorithm totp.Algorithm
			size      int
			want      string
		}{
			{totp.SHA1, 20, row.sha1},
			{totp.SHA256, 32, row.sha256},
			{totp.SHA512, 64, row.sha512},
		} {
			s := fromKey(t, repeated[:c.size], totp.Options{Algorithm: c.algorithm, Digits: 8})
			assert.Equal(t, c.want, s.Code(at), "%v at %d", c.algorithm, row.unix)
			step, err := s.Verify(c.want, at, -1, totp.Window{})
			assert.NoError(t, err, "%v at %d", c.algorithm, row.unix)
			assert.Equal(t, totp.Step(row.unix/30), step)
		}
	}
}

// RFC 4226 appendix D: counters 0 to 9, which are the first ten steps.
func TestCodeRFC4226(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	for i, want := range []string{
		"755224", "287082", "359152", "969429", "338314",
		"254676", "287922", "162583", "399871", "520489",
	} {
		at := time.Unix(int64(i)*30, 0)
		assert.Equal(t, want, s.Code(at), "counter %d", i)
		assert.Equal(t, want, s.Code(at.Add(30*time.Second-1)), "last moment of counter %d", i)
	}
}

// The computation agrees with the OTP library that many shops come from.
func TestCodeAgreesWithPeer(t *testing.T) {
	algorithms := map[totp.Algorithm]otp.Algorithm{
		totp.SHA1: otp.AlgorithmSHA1, totp.SHA256: otp.AlgorithmSHA256, totp.SHA512: otp.AlgorithmSHA512,
	}
	for _, o := range kinds() {
		for _, size := range []int{totp.MinSize, 20, 33, totp.MaxSize} {
			o.Size = size
			s, err := totp.NewSecretWith(o)
			require.NoError(t, err)
			for _, unix := range []int64{0, 1, 29, 30, 119, 1_800_000_000, 20_000_000_000} {
				at := time.Unix(unix, 0)
				want, err := peer.GenerateCodeCustom(strings.ReplaceAll(s.Reveal(), " ", ""), at, peer.ValidateOpts{
					Period: uint(o.Period / time.Second), Digits: otp.Digits(o.Digits), Algorithm: algorithms[o.Algorithm],
				})
				require.NoError(t, err)
				require.Equal(t, want, s.Code(at), "%+v at %d", o, unix)
			}
		}
	}
}

func TestStepRoundsDown(t *testing.T) {
	s := totp.NewSecret()
	for unix, want := range map[int64]totp.Step{
		-31: -2, -30: -1, -1: -1, 0: 0, 29: 0, 30: 1, 59: 1, 20_000_000_000: 666_666_666,
	} {
		assert.Equal(t, want, s.Step(time.Unix(unix, 0)), "unix %d", unix)
	}
	assert.Equal(t, totp.Step(-1), s.Step(time.Unix(0, -1)), "a nanosecond before 1970")
}

func TestNoCodeBefore1970(t *testing.T) {
	s := totp.NewSecret()
	assert.Empty(t, s.Code(time.Unix(-1, 0)))
	assert.Empty(t, s.Code(time.Time{}))
	assert.Len(t, s.Code(time.Unix(0, 0)), 6)
}
