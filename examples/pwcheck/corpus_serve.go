package main

import (
	"context"
	"crypto/fips140"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

func (p *program) corpusServeCommand() *cobra.Command {
	var in, ntlm, address, certificate, key string
	var unverified, shown bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Answer the range interface from a text or range files",
		Long: `serve answers as the range interface of Pwned Passwords does, from a sorted text of
lines HASH:COUNT or a folder of range files: GET /range/ and five hexadecimal
characters, with ETag, 304, Content-MD5, padding where it is asked for, and
?mode=ntlm from a second source. So hosts without a way to the internet can update,
and clients can be tested. A corpus file cannot be served: it does not keep whole
hashes.

It listens on this host alone, on a port that it prints, unless --addr says
otherwise. Clients of other hosts ask over https only: --cert and --key. Ctrl-C ends
it, after the answers that are under way.

A text is read whole before the first answer, some minutes for all of Pwned
Passwords. If it is not sorted, cut, or lacks a stretch of some 64 hashes or more,
nothing is served. --no-verify leaves that out; then a text that is not whole may be
answered with empty ranges, and nothing shows it. A file of a folder is checked when
it is asked for: if it is missing, empty, out of order or cut within a row, the answer
is status 500, as it is after the text was changed in its place.`,
		Example: `  pwcheck corpus serve --in pwned.txt --addr 127.0.0.1:8000
  pwcheck corpus serve --in ranges/ --ntlm-in ntlm.txt --addr :443 --cert cert.pem --key key.pem`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			switch {
			case in == "" && ntlm == "":
				return misused("--in or --ntlm-in needs a file or folder.")
			case (certificate == "") != (key == ""):
				return misused("--cert and --key go together.")
			}
			h := &rangeHandler{sources: map[string]ranges{}, failed: func(err error) { fmt.Fprintln(p.stderr, "pwcheck:", err) }}
			for mode, path := range map[string]string{"": in, "ntlm": ntlm} {
				if path == "" {
					continue
				}
				width := 2 * corpus.SHA1.Size()
				if mode == "ntlm" {
					width = 2 * corpus.NTLM.Size()
				}
				r, err := openRanges(path, width)
				if err != nil {
					return err
				}
				defer r.close()
				if !unverified {
					if err := p.verifyRanges(command.Context(), path, r, shown); err != nil {
						return err
					}
				}
				h.sources[mode] = r
			}
			return p.serve(command.Context(), h, address, certificate, key)
		},
	}
	c.Flags().StringVar(&in, "in", "", "serve SHA-1 hashes of this text `FILE` or folder of ranges")
	c.Flags().StringVar(&ntlm, "ntlm-in", "", "serve NTLM hashes of this text `FILE` or folder of ranges")
	c.Flags().StringVar(&address, "addr", "127.0.0.1:0", "listen at `HOST:PORT`")
	c.Flags().StringVar(&certificate, "cert", "", "`FILE` with the certificate for https")
	c.Flags().StringVar(&key, "key", "", "`FILE` with the key of the certificate")
	c.Flags().BoolVar(&unverified, "no-verify", false, "do not read a text before; one that is not whole may answer empty ranges")
	c.Flags().BoolVar(&shown, "progress", false, "show progress also where no terminal is")
	return c
}

// graceful is how long answers may take that are under way when the server ends.
const graceful = 10 * time.Second

// verifyRanges refuses a source that is not whole.
func (p *program) verifyRanges(ctx context.Context, path string, r ranges, wanted bool) error {
	shown := p.progress(wanted)
	defer shown.end()
	err := r.verify(ctx, func(done, total int64) {
		if shown != nil {
			shown.show(corpus.Progress{Stage: corpus.StageVerify, Done: done, Total: total})
		}
	})
	if err != nil && ctx.Err() == nil {
		return failed("%s cannot be served: %s", path, err)
	}
	return err
}

// newServer returns a server that waits for nobody for ever.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
}

// serve answers until ctx is done.
func (p *program) serve(ctx context.Context, h http.Handler, address, certificate, key string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return failed("cannot listen: %s", err)
	}
	server := newServer(h)
	ended := make(chan error, 1)
	go func() {
		if certificate != "" {
			ended <- server.ServeTLS(listener, certificate, key)
			return
		}
		ended <- server.Serve(listener)
	}()
	scheme := map[bool]string{false: "http", true: "https"}[certificate != ""]
	if _, err := fmt.Fprintf(p.stdout, "%s://%s\n", scheme, listener.Addr()); err != nil {
		server.Close()
		return err
	}
	select {
	case err := <-ended:
		return failed("the server ended: %s", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceful)
	defer cancel()
	if server.Shutdown(last) != nil {
		server.Close()
	}
	return nil
}

// rangeHandler answers the range interface.
type rangeHandler struct {
	sources map[string]ranges // by mode
	failed  func(error)       // is told what is wrong with a source
}

func (h *rangeHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, ok := strings.CutPrefix(r.URL.Path, "/range/")
	source := h.sources[r.URL.Query().Get("mode")]
	switch {
	case !ok || source == nil:
		http.NotFound(w, r)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET", http.StatusMethodNotAllowed)
		return
	}
	prefix, err := strconv.ParseUint(text, 16, 20)
	if err != nil || len(text) != rangeDigits {
		http.Error(w, "the prefix must be five hexadecimal characters", http.StatusBadRequest)
		return
	}
	rows, err := source.rows(int(prefix))
	if err != nil {
		h.failed(fmt.Errorf("a range was answered with status 500: %w", err))
		http.Error(w, "the range cannot be read", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	sum := sha256.Sum256(rows)
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	header.Set("ETag", tag)
	header.Set("Last-Modified", source.modified().UTC().Format(http.TimeFormat))
	header.Set("Vary", "Add-Padding")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", "text/plain")
	if !fips140.Enforced() {
		sum := md5.Sum(rows)
		header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	}
	if strings.EqualFold(r.Header.Get("Add-Padding"), "true") {
		rows = padded(rows, r.URL.Query().Get("mode") == "ntlm")
	}
	header.Set("Content-Length", strconv.Itoa(len(rows)))
	_, _ = w.Write(rows) // whoever left has no use for it
}

const maxPadding = 209

// padded adds 10 to 209 rows with the count zero, as the service does.
func padded(rows []byte, ntlm bool) []byte {
	width := 2*corpus.SHA1.Size() - rangeDigits
	if ntlm {
		width = 2*corpus.NTLM.Size() - rangeDigits
	}
	random := make([]byte, 1+maxPadding*corpus.SHA1.Size())
	_, _ = rand.Read(random) // never fails
	for i := range maxPadding - int(random[0])%200 {
		if len(rows) > 0 {
			rows = append(rows, "\r\n"...)
		}
		sum := random[1+i*corpus.SHA1.Size():][:corpus.SHA1.Size()]
		rows = append(append(rows, fmt.Sprintf("%X", sum)[:width]...), ":0"...)
	}
	return rows
}
