package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// builtCorpus builds a corpus of a text and returns its path.
func builtCorpus(t *testing.T, text string, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "leaked.pwb")
	r := execute(t, "", append([]string{"corpus", "build", "--in", text, "--out", path}, flags...)...)
	require.Equal(t, exitFine, r.code, r.stderr)
	require.Empty(t, r.stderr, "no terminal, no progress")
	return path
}

func TestCorpusBuild(t *testing.T) {
	t.Parallel()
	text := leakedText(t, map[string]int{leaked: 17})
	path := builtCorpus(t, text, "--bits", "32", "--stamp", "2026-08-01", "--workers", "1")
	r := execute(t, "", "corpus", "info", "--corpus", path)
	require.Equal(t, exitFine, r.code)
	require.Equal(t, path+"\n4001 SHA-1 hashes in 35.9 KB, 71.72 bits each\nwith counts\n"+
		"32 remainder bits: one other password in some 4400 million is found by chance\ncurrent on 2026-08-01T00:00:00Z\n", r.stdout)
	r = execute(t, "", "corpus", "info", "--corpus", path, "--json")
	var info corpusReport
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &info))
	require.EqualValues(t, 4001, info.Keys)
	require.True(t, info.Counts)
	require.Nil(t, info.Rows)
	require.Equal(t, "whole: "+path+"\n", execute(t, "", "corpus", "verify", "--corpus", path).stdout)

	// The same from itself, and with less in it.
	again := filepath.Join(t.TempDir(), "again")
	r = execute(t, "", "corpus", "build", "--in", path, "--out", again, "--json")
	require.Equal(t, exitFine, r.code, r.stderr)
	require.Contains(t, r.stdout, `"remainder_bits":16,`)
	require.Contains(t, r.stdout, `"rows":4001,"dropped":0,"merged":0}`)
	r = execute(t, "", "corpus", "build", "--in", path, "--out", again, "--no-counts", "--min-count", "3001")
	require.Contains(t, r.stdout, "without counts; leaked 3001 times and more\n")
	require.Contains(t, r.stdout, "4001 rows read, 3001 of them too rare, 0 not told apart\n")
	r = execute(t, "", "corpus", "build", "--in", again, "--out", again+"2")
	require.Contains(t, r.stdout, "without counts", "there are none to keep")
	r = execute(t, "", "corpus", "build", "--in", again, "--out", again+"2", "--counts")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "no counts")
}

func TestCorpusOfPasswords(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	list, own, both := filepath.Join(folder, "list.txt"), filepath.Join(folder, "own"), filepath.Join(folder, "both")
	require.NoError(t, os.WriteFile(list, []byte("kettle\nkettle\nteapot\n"), 0o600))
	r := execute(t, "", "corpus", "build", "--in", list, "--out", own)
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, "say --from passwords")
	r = execute(t, "", "corpus", "build", "--in", list, "--out", own, "--from", "passwords")
	require.Equal(t, exitFine, r.code, r.stderr)
	r = execute(t, "", "corpus", "merge", "--passwords", list, "--in", leakedText(t, map[string]int{"kettle": 1, leaked: 5}), "--out", both, "--json")
	require.Equal(t, exitFine, r.code, r.stderr)
	require.Contains(t, r.stdout, `"keys":4003,`)
	require.Equal(t, `{"breached":2}`+"\n", execute(t, "kettle", "corpus", "check", "--corpus", both, "--json").stdout)
	r = execute(t, "", "corpus", "build", "--in", list, "--out", own, "--from", "passwords", "--ntlm", "--bits", "40")
	require.Equal(t, exitFine, r.code, r.stderr)
	require.Equal(t, "found: leaked 2 times\n", execute(t, "kettle", "corpus", "check", "--corpus", own).stdout)
}

// What is wrong with an input is named with its line, and the file that was
// there stays.
func TestCorpusBadInput(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	out := filepath.Join(folder, "out")
	require.NoError(t, os.WriteFile(out, []byte("old"), 0o600))
	good := string(must(os.ReadFile(leakedText(t, nil))))
	rows := strings.SplitAfter(good, "\r\n")
	for reason, content := range map[string]string{
		"line 4001 is cut: it has no line end":     good + sha1Hex("x")[:20],
		"line 3 is out of order":                   rows[0] + rows[4] + rows[2] + strings.Join(rows[5:], ""),
		"line 2 has the count zero, as padding":    rows[0] + rows[1][:41] + "0\n" + rows[2],
		"line 1 has a hash of 32 characters, as N": rows[0][:32] + ":1\n",
		"is empty":                     "",
		"a range of hashes is missing": strings.Join(rows[:1000], ""),
	} {
		in := filepath.Join(folder, "in")
		require.NoError(t, os.WriteFile(in, []byte(content), 0o600))
		r := execute(t, "", "corpus", "build", "--in", in, "--out", out)
		require.Equal(t, exitFailed, r.code, reason)
		require.Contains(t, r.stderr, reason)
		require.Equal(t, "old", string(must(os.ReadFile(out))))
		require.Len(t, must(os.ReadDir(folder)), 2)
	}
	require.NoError(t, os.Remove(filepath.Join(folder, "in")))
	for args, reason := range map[string]string{
		"--in " + folder + "/nothing --out " + out: "no such file",
		"--in " + folder + " --out " + out:         "lacks the file of range 0000A",
	} {
		r := execute(t, "", append([]string{"corpus", "build"}, strings.Fields(args)...)...)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.stderr, reason)
	}
	full := filepath.Join(t.TempDir(), "full")
	r := execute(t, "", "corpus", "build", "--in", leakedText(t, nil), "--out", full, "--full")
	require.Equal(t, exitFailed, r.code)
	require.NoFileExists(t, full)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestCorpusUsage(t *testing.T) {
	t.Parallel()
	text := leakedText(t, nil)
	path := builtCorpus(t, text)
	for args, message := range map[string]string{
		"build":              "--in needs",
		"build --in " + text: "--out needs",
		"build --in " + text + " --out x --bits 12":    "--bits takes",
		"build --in x --out x --workers 65":            "--workers takes",
		"build --in x --out x --counts --no-counts":    "exclude each other",
		"build --in x --out x --stamp yesterday":       "--stamp takes",
		"build --in " + text + " --out x --from words": "--from takes",
		"merge --in " + text + " --out x":              "twice or more",
		"info":                                         "--corpus needs",
		"verify":                                       "--corpus needs",
		"check":                                        "--corpus needs",
		"top --number 0":                               "--number takes",
		"top":                                          "--corpus needs",
		"update":                                       "--corpus needs",
		"update --corpus x":                            "--user-agent is missing",
		"update --corpus x --user-agent y --parallel 65":     "--parallel takes",
		"update --user-agent y --no-counts --corpus " + path: "contradicts",
		"sample --in x":                    "--every takes",
		"sample --in x --every 2 --seed 4": "not for --in",
		"sample --every 2":                 "needs --in",
		"sample --number 0":                "--number takes",
		"serve":                            "--in or --ntlm-in",
		"serve --in x --cert y":            "go together",
		"serve --in " + path:               "is no text",
	} {
		r := execute(t, good, append([]string{"corpus"}, strings.Fields(args)...)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.stderr, message, args)
		require.Empty(t, r.stdout, args)
	}
}

func TestCorpusCheck(t *testing.T) {
	t.Parallel()
	text := leakedText(t, map[string]int{leaked: 17})
	path := builtCorpus(t, text)
	check := func(input string, flags ...string) result {
		return execute(t, input, append([]string{"corpus", "check", "--corpus", path}, flags...)...)
	}
	require.Equal(t, result{exitBreached, "found: leaked 17 times\n", ""}, check(leaked))
	require.Equal(t, result{exitFine, "not found\n", ""}, check(good+"\n"))
	require.Equal(t, result{exitFailed, "not checked: empty\n", ""}, check("\n"))
	require.Equal(t, result{exitFailed, "not checked: too-long\n", ""}, check(strings.Repeat("x", 2000)))
	require.Equal(t, result{exitBreached, `{"line":1,"breached":17}` + "\n" + `{"line":2,"breached":null,"unchecked":"empty"}` + "\n" +
		`{"line":3,"breached":0}` + "\n", ""}, check(leaked+"\n\n"+good, "--batch"))
	require.Equal(t, result{exitBreached, `{"breached":17}` + "\n", ""}, check(sha1Hex(leaked), "--hashes", "--json"))
	require.Equal(t, result{exitFailed, `{"line":1,"breached":0}` + "\n" + `{"line":2,"breached":null,"unchecked":"width"}` + "\n" +
		`{"line":3,"breached":null,"unchecked":"too-long"}` + "\n", ""},
		check(sha1Hex("walnut")+"\nabcdef\n"+sha1Hex(leaked)+"00", "--hashes", "--batch"))

	// The same file where a text is taken.
	r := execute(t, leaked, "check", "--corpus", path, "--json")
	require.Equal(t, exitBreached, r.code)
	require.Contains(t, r.stdout, `"breached":17,`)
	require.Equal(t, exitWeak, execute(t, "", "check", "--corpus", path).code)

	// Damage is never "not found".
	b := must(os.ReadFile(path))
	b[len(b)-100] ^= 1
	require.NoError(t, os.WriteFile(path, b, 0o600))
	require.Equal(t, result{exitFailed, "not checked: damaged\n", ""}, check(leaked))
	r = execute(t, good, "check", "--corpus", path, "--json")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stdout, `"unchecked":["corpus: damaged"]`)
	r = execute(t, "", "corpus", "verify", "--corpus", path)
	require.Equal(t, exitFailed, r.code)
	require.Regexp(t, `has a damaged block; build or download`, r.stderr)
	require.NoError(t, os.WriteFile(path, b[:9000], 0o600))
	for _, command := range []string{"info", "verify", "check", "top"} {
		r = execute(t, "", "corpus", command, "--corpus", path)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.stderr, "is cut")
	}
}

func TestCorpusTop(t *testing.T) {
	t.Parallel()
	path := builtCorpus(t, leakedText(t, map[string]int{leaked: 1_000_000}))
	r := execute(t, "", "corpus", "top", "--corpus", path, "--number", "2")
	require.Equal(t, exitFine, r.code, r.stderr)
	// 28 bits are kept: no block, 12 of the slot and 16 remainder bits.
	require.Equal(t, "   1000000  "+sha1Hex(leaked)[:7]+"\n      4000  "+sha1Hex("member 3999")[:7]+"\n\nleaked at least\n"+
		"     2 times: 4000 passwords, 99.98 %\n     3 times: 3999 passwords, 99.95 %\n     5 times: 3997 passwords, 99.9 %\n"+
		"    10 times: 3992 passwords, 99.78 %\n   100 times: 3902 passwords, 97.53 %\n  1000 times: 3002 passwords, 75.03 %\n"+
		" 10000 times: 1 passwords, 0.02499 %\n", r.stdout)
	r = execute(t, "", "corpus", "top", "--corpus", path, "--number", "1", "--json")
	require.True(t, strings.HasPrefix(r.stdout, `{"keys":4001,"top":[{"prefix":"`+sha1Hex(leaked)[:7]+`","count":1000000}],"shares":[{"min_count":2,"keys":4000,`))
	plain := builtCorpus(t, leakedText(t, nil), "--no-counts")
	r = execute(t, "", "corpus", "top", "--corpus", plain)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "no counts")
}

// A sample is a text that build takes, and the same for the same numbers.
func TestCorpusSample(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, n := range []string{"1", "2", "17", "100", "30000"} {
		for _, kind := range [][]string{nil, {"--ntlm"}} {
			path := filepath.Join(folder, n+strings.Join(kind, ""))
			r := execute(t, "", append([]string{"corpus", "sample", "--number", n, "--out", path}, kind...)...)
			require.Equal(t, result{exitFine, "", ""}, r)
			require.Equal(t, string(must(os.ReadFile(path))), execute(t, "", append([]string{"corpus", "sample", "--number", n}, kind...)...).stdout)
			built := builtCorpus(t, path, kind...)
			require.Equal(t, "found: leaked 37359195 times\n", execute(t, "123456", "corpus", "check", "--corpus", built).stdout)
			require.Equal(t, "found: leaked 9545824 times\n", execute(t, "password", "corpus", "check", "--corpus", built).stdout)
		}
	}
	path := filepath.Join(folder, "30000")
	require.NotEqual(t, string(must(os.ReadFile(path))), execute(t, "", "corpus", "sample", "--number", "30000", "--seed", "2").stdout)
	lines := strings.SplitAfter(string(must(os.ReadFile(path))), "\n")
	r := execute(t, "", "corpus", "sample", "--in", path, "--every", "1000")
	require.Equal(t, exitFine, r.code)
	require.Equal(t, 30, strings.Count(r.stdout, "\n"))
	require.True(t, strings.HasPrefix(r.stdout, lines[999]+lines[1999]))
	r = execute(t, "", "corpus", "sample", "--in", path, "--every", "1000", "--out", path)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "cannot be made: file exists")
	require.NoError(t, os.WriteFile(path, []byte(lines[0]+"secretive"), 0o600))
	r = execute(t, "", "corpus", "sample", "--in", path, "--every", "2", "--out", path+"x")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "no line end at line 2")
	requireSilent(t, r, "secretive")
	require.NoFileExists(t, path+"x")
}

func TestCorpusOutputFails(t *testing.T) {
	t.Parallel()
	path := builtCorpus(t, leakedText(t, nil))
	for _, command := range []string{
		"info", "verify", "check", "check --batch", "top", "build --in " + path + " --out " + path + "2", "sample",
	} {
		args := append([]string{"corpus"}, strings.Fields(command)...)
		switch args[1] {
		case "info", "verify", "check", "top":
			args = append(args, "--corpus", path)
		case "sample":
			args = []string{"corpus", "sample", "--number", "9"}
		}
		r := executeWith(t, func(p *program) { p.stdout = full{} }, good, args...)
		require.Equal(t, exitFailed, r.code, command)
		require.Equal(t, "pwcheck: the disk is full\n", r.stderr, command)
	}
}

// canceller is an output that ends the run once it is written to.
type canceller struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (c *canceller) Write(b []byte) (int, error) {
	c.cancel()
	return c.Buffer.Write(b)
}

// An interrupted build leaves the old file and nothing else.
func TestCorpusBuildInterrupted(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	out := filepath.Join(folder, "out")
	require.NoError(t, os.WriteFile(out, []byte("old"), 0o600))
	text := leakedText(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr := &canceller{cancel: cancel}
	var stdout bytes.Buffer
	code := run(ctx, []string{"corpus", "build", "--in", text, "--out", out, "--progress"}, strings.NewReader(""), &stdout, stderr)
	require.Equal(t, exitFailed, code)
	require.True(t, strings.HasSuffix(stderr.String(), "pwcheck: interrupted\n"), stderr.String())
	require.Empty(t, stdout.String())
	require.Equal(t, "old", string(must(os.ReadFile(out))))
	require.Len(t, must(os.ReadDir(folder)), 1)
}

// Progress tells share, bytes, rate and the time that is left, and no more often
// than somebody can read.
func TestProgress(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	var out bytes.Buffer
	p := &progress{out: &out, now: func() time.Time { return now }}
	at := func(seconds int, done int64) {
		now = time.Unix(1000+int64(seconds), 0)
		p.show(corpus.Progress{Stage: corpus.StageEncode, Done: done, Total: 4e9, Keys: done / 45})
	}
	at(0, 0)
	at(1, 1e8)
	at(10, 1e9)
	at(12, 1.1e9)
	at(20, 3e9)
	p.show(corpus.Progress{Stage: corpus.StageSync, Done: 2e8, Total: 2e8})
	require.Equal(t, `encode: 0.0 %, 0 bytes of 4.00 GB, 0 bytes/s, time left unknown
encode: 25.0 %, 1.00 GB of 4.00 GB, 100.0 MB/s, 22.2 M passwords, 30 s left
encode: 75.0 %, 3.00 GB of 4.00 GB, 166.7 MB/s, 66.7 M passwords, 6 s left
sync: 200.0 MB are on their way to the disk
`, out.String())
	out.Reset()
	p.terminal = true
	p.show(corpus.Progress{Stage: corpus.StageDownload, Done: 1000, Total: 1 << 20, Received: 5e7})
	now = now.Add(150 * time.Millisecond)
	p.show(corpus.Progress{Stage: corpus.StageDownload, Done: 1100, Total: 1 << 20, Received: 5e7})
	now = now.Add(850 * time.Millisecond)
	p.show(corpus.Progress{Stage: corpus.StageDownload, Done: 1500, Total: 1 << 20, Received: 8e7})
	p.end()
	require.Regexp(t, regexp.MustCompile(`^\rdownload: 0.1 %, 1000 of 1048576 ranges, 50.0 MB received, 0 ranges/s, time left unknown`+
		`\rdownload: 0.1 %, 1500 of 1048576 ranges, 80.0 MB received, 500 ranges/s, 34 min 54 s left *\n$`), out.String())
	require.Equal(t, "3 h 5 min", span(3*time.Hour+5*time.Minute+time.Second))
	require.Equal(t, "1 s", span(time.Millisecond))
	var none *progress
	require.Nil(t, none.callback())
	none.end()
}
