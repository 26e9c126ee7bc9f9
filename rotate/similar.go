package rotate

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy"
)

// similar tells whether a new password is too near the old one.
func (p Profile) similar(old, new string) bool {
	return policy.Similar(old, new) || p.TooSimilar != nil && p.TooSimilar(old, new)
}

// ifCurrent returns a password that was typed as the current one if it is, and
// "" if it is not.
func (k *Keeper) ifCurrent(ctx context.Context, c *Credential, typed string) (string, error) {
	if typed == "" || len(typed) > maxPasswordBytes || c.Password == "" {
		return "", nil
	}
	encoded, err := k.openPassword(c)
	if errors.Is(err, errUnreadable) {
		return "", k.reportUnreadable(ctx, c)
	}
	if err != nil {
		return "", err
	}
	same, err := k.matches(ctx, encoded, typed)
	if err != nil || !same {
		return "", err
	}
	return typed, nil
}

// madeOf tells whether a new password is a small change of one whose hash alone
// is known.
func (k *Keeper) madeOf(ctx context.Context, encoded, password string) (bool, error) {
	for _, old := range undone(password) {
		if same, err := k.matches(ctx, encoded, old); err != nil || same {
			return same, err
		}
	}
	return false, nil
}

// Each costs a hash: with three numbers, three cases, one that is turned around and
// one half, 16 at most.
const (
	maxTail  = 6 // code points added at the end, as policy.Similar takes for little
	maxFront = 2 // code points added in front
)

// undone lists what a password may have been before one of the small changes
// that people make when they have to change it: something added at an end,
// one case throughout or for the first letter, a number that went up or down,
// turned around, or doubled.
func undone(password string) []string {
	if password == "" {
		return nil
	}
	password = policy.Normalize(password)
	runes := []rune(password)
	var list []string
	add := func(old string) {
		if old != "" && old != password && !slices.Contains(list, old) {
			list = append(list, old)
		}
	}
	for n := 1; n <= maxTail && n < len(runes); n++ {
		add(string(runes[:len(runes)-n]))
	}
	for n := 1; n <= maxFront && n < len(runes); n++ {
		add(string(runes[n:]))
	}
	for _, step := range []int64{-1, 1} {
		for _, old := range counted(password, step) {
			add(old)
		}
	}
	add(strings.ToLower(password))
	add(strings.ToUpper(password))
	if first, size := utf8.DecodeRuneInString(password); unicode.IsUpper(first) {
		add(string(unicode.ToLower(first)) + password[size:])
	} else {
		add(string(unicode.ToUpper(first)) + password[size:])
	}
	slices.Reverse(runes)
	add(string(runes))
	if half := len(password) / 2; password[:half] == password[len(password)-half:] {
		add(password[:half])
	}
	return list
}

// counted lists a password with its last number moved by step: of the same width,
// and in one digit less where 9 may have become 10. There is none where there is no
// number.
func counted(password string, step int64) []string {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	end := len(password)
	for end > 0 && !digit(password[end-1]) {
		end--
	}
	begin := end
	for begin > 0 && digit(password[begin-1]) {
		begin--
	}
	n, err := strconv.ParseInt(password[begin:end], 10, 64)
	if err != nil || n+step < 0 {
		return nil
	}
	with := func(number string) string { return password[:begin] + number + password[end:] }
	width, moved := end-begin, strconv.FormatInt(n+step, 10)
	if len(moved) >= width {
		return []string{with(moved)}
	}
	list := []string{with(strings.Repeat("0", width-len(moved)) + moved)}
	if password[begin] != '0' {
		list = append(list, with(moved))
	}
	return list
}
