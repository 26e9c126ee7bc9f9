package hook

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

const (
	// TokenVariable is the environment variable that holds the token.
	TokenVariable = "SHOPSPEC_TOKEN"
	// FileVariable is the environment variable that names a file with it.
	FileVariable = "SHOPSPEC_TOKEN_FILE"

	minToken = 20
	maxToken = 256
)

// ErrToken reports that there is no usable token.
var ErrToken = errors.New("hook: no token")

// ReadToken reads the token that shop and suite share: the content of the
// variable SHOPSPEC_TOKEN, or of the file that SHOPSPEC_TOKEN_FILE names, which
// nobody but its owner may read. It has 20 to 256 bytes. The error is [ErrToken].
func ReadToken() (string, error) {
	if token := os.Getenv(TokenVariable); token != "" {
		return token, checkToken(token)
	}
	path := os.Getenv(FileVariable)
	if path == "" {
		return "", fmt.Errorf("%w: set %s, or name a file in %s", ErrToken, TokenVariable, FileVariable)
	}
	return readFile(path)
}

func readFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrToken, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrToken, err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return "", fmt.Errorf("%w: %q has mode %#o, so others can read it: chmod 600", ErrToken, path, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxToken+2))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrToken, err)
	}
	token := strings.TrimSpace(string(text))
	return token, checkToken(token)
}

func checkToken(token string) error {
	if len(token) < minToken || len(token) > maxToken {
		return fmt.Errorf("%w: it has %d bytes, not %d to %d", ErrToken, len(token), minToken, maxToken)
	}
	return nil
}
