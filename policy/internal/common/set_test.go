package common_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/internal/common"
)

func TestEmbedded(t *testing.T) {
	set := common.Embedded()
	require.NoError(t, set.Valid())
	require.Equal(t, 223330, set.Len(), "NOTICE.md and the comment of policy.Common name this number")

	// A text that is in the set by mistake is one in 3.1e8, so of 100 000 none.
	for i := range 100000 {
		require.False(t, set.Has(fmt.Sprintf("no password %d", i)))
	}
}

// TestNoticeIsOfThisFile: whoever makes the file anew has to say from what.
func TestNoticeIsOfThisFile(t *testing.T) {
	notice, err := os.ReadFile("NOTICE.md")
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(common.Embedded()))
	require.Contains(t, string(notice), hex.EncodeToString(sum[:]))
	require.Contains(t, string(notice), "223 330 fingerprints")
	require.Contains(t, string(notice), "Permission is hereby granted")
}

// TestNothingReadable: the file holds no text, only fingerprints.
func TestNothingReadable(t *testing.T) {
	set := string(common.Embedded())
	for _, word := range []string{"password", "iloveyou", "trustno1", "princess", "passw", "dragon"} {
		require.NotContains(t, set, word)
	}
}

func TestEncode(t *testing.T) {
	skeletons := make([]string, 5000)
	for i := range skeletons {
		skeletons[i] = fmt.Sprint("skeleton ", i)
	}
	file := common.Encode(skeletons)
	set := common.Set(file)
	require.NoError(t, set.Valid())
	require.Equal(t, len(skeletons), set.Len())
	for _, s := range skeletons {
		require.True(t, set.Has(s), s)
		require.False(t, set.Has(s+" "), s)
	}
	turned := append([]string{}, skeletons[2500:]...)
	turned = append(append(turned, skeletons[:2500]...), skeletons[7])
	require.Equal(t, file, common.Encode(turned), "neither order nor repetition counts")

	empty := common.Set(common.Encode(nil))
	require.NoError(t, empty.Valid())
	require.Zero(t, empty.Len())
	require.False(t, empty.Has("skeleton 1"))
}

// TestFileFormat holds the bytes of version 1, so that they cannot change
// unnoticed.
func TestFileFormat(t *testing.T) {
	file := common.Encode([]string{"password"})
	sum := sha256.Sum256([]byte("password"))
	bits := binary.BigEndian.Uint64(sum[:]) >> 18
	bucket, entry := int(bits>>32), uint32(bits)

	require.Len(t, file, 12+4+4*16385+4)
	require.Equal(t, "tkcommon\x01\x00\x00\x00", string(file[:12]))
	require.Equal(t, uint32(1), binary.BigEndian.Uint32(file[12:]))
	require.Equal(t, uint32(0), binary.BigEndian.Uint32(file[16+4*bucket:]))
	require.Equal(t, uint32(1), binary.BigEndian.Uint32(file[16+4*(bucket+1):]))
	require.Equal(t, entry, binary.BigEndian.Uint32(file[16+4*16385:]))
}

func TestDamagedSets(t *testing.T) {
	good := string(common.Encode([]string{"password", "letmein", "dragon"}))
	bad := map[string]string{
		"empty":         "",
		"only a head":   good[:16],
		"cut":           good[:len(good)-1],
		"longer":        good + "\x00\x00\x00\x00",
		"other version": strings.Replace(good, "\x01", "\x02", 1),
		"wrong number":  good[:12] + "\xff\xff\xff\xff" + good[16:],
		"wild offsets":  good[:16] + strings.Repeat("\xff", 4*16385) + good[16+4*16385:],
		"falling":       good[:16] + strings.Repeat("\x00\x00\x00\x03\x00\x00\x00\x00", 8192) + good[16+4*16384:],
	}
	for name, set := range bad {
		require.Error(t, common.Set(set).Valid(), name)
		require.NotPanics(t, func() { common.Set(set).Has("password"); _ = common.Set(set).Len() }, name)
	}
}

// FuzzSet: no file makes a look-up panic, and a valid one answers as it says.
func FuzzSet(f *testing.F) {
	f.Add([]byte{}, uint32(0), "password")
	f.Add([]byte("\x00\x00\x00\x02"), uint32(16+4*8000), "dragon")
	good := common.Encode([]string{"password", "letmein", "dragon"})
	f.Fuzz(func(t *testing.T, patch []byte, at uint32, skeleton string) {
		file := append([]byte{}, good...)
		copy(file[int(at)%len(file):], patch)
		set := common.Set(file)
		set.Has(skeleton)
		if set.Valid() == nil && set.Len() != 3 {
			t.Fatalf("a file of three fingerprints has %d", set.Len())
		}
	})
}

func BenchmarkHas(b *testing.B) {
	b.ReportAllocs()
	set := common.Embedded()
	for b.Loop() {
		set.Has("correct horse")
	}
}
