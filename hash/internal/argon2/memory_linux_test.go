package argon2

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/blake2b"
)

// A process that has computed a key holds its H_0 nowhere: with it a password is
// tested by one BLAKE2b. The process that looks for it is another than the one
// that knows it, and is told its complement, so that all it can find is what Key
// has left.
func TestNoInitialStays(t *testing.T) {
	const name = "TILLKEY_TEST_COMPLEMENT"
	if complement := os.Getenv(name); complement != "" {
		_, err := New(Config{Slots: 1}).Key(cheap, someone)
		require.NoError(t, err)
		sought, err := hex.DecodeString(complement)
		require.NoError(t, err)
		planted := make([]byte, len(sought))
		rand.Read(planted)
		control := bytes.Clone(planted)
		invert(control)
		require.Positive(t, countComplement(t, control), "the search finds what is there")
		require.NotZero(t, planted)
		require.Zero(t, countComplement(t, sought))
		return
	}
	t.Parallel()
	var in []byte
	number := func(n uint32) { in = binary.LittleEndian.AppendUint32(in, n) }
	for _, n := range []uint32{cheap.Lanes, cheap.KeyLength, cheap.Memory, cheap.Time, 0x13, 2} {
		number(n)
	}
	for _, field := range [][]byte{someone.Password, someone.Salt, nil, nil} {
		number(uint32(len(field)))
		in = append(in, field...)
	}
	complement := blake2b.Sum512(in)
	invert(complement[:])
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), name+"="+hex.EncodeToString(complement[:]))
	out, err := child.CombinedOutput()
	if errors.Is(err, syscall.ENOEXEC) {
		t.Skip("the system cannot start a program of this processor: it runs in an emulator")
	}
	require.NoError(t, err, "%s", out)
}

func invert(b []byte) {
	for i := range b {
		b[i] = ^b[i]
	}
}

func isComplement(a, b []byte) bool {
	for i := range a {
		if a[i] != ^b[i] {
			return false
		}
	}
	return true
}

// countComplement counts the places in the memory of the process that hold the
// complement of sought. It looks for the first bytes of that, so that it holds no
// whole one itself. Mappings of more than 256 MiB, as the race detector has, hold
// nothing of Go's.
func countComplement(t *testing.T, sought []byte) (found int) {
	maps, err := os.ReadFile("/proc/self/maps")
	require.NoError(t, err)
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		t.Skip(err)
	}
	defer memory.Close()
	first := bytes.Clone(sought[:8])
	invert(first)
	window := make([]byte, 1<<20)
	for lines := bufio.NewScanner(bytes.NewReader(maps)); lines.Scan(); {
		var begin, end int64
		var mode string
		_, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &begin, &end, &mode)
		if err != nil || !strings.HasPrefix(mode, "rw") || end-begin > 256<<20 {
			continue
		}
		for at := begin; at < end; at += int64(len(window) - len(sought) + 1) {
			n, _ := memory.ReadAt(window[:min(int64(len(window)), end-at)], at)
			for rest := window[:n]; ; rest = rest[1:] {
				i := bytes.Index(rest, first)
				if i < 0 || len(rest[i:]) < len(sought) {
					break
				}
				if rest = rest[i:]; isComplement(rest[:len(sought)], sought) {
					found++
				}
			}
			clear(window)
		}
	}
	return found
}
