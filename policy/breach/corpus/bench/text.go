package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
)

// appendLine appends the line of an entry, less the first characters of the
// hash.
func appendLine(b []byte, e entry, skip int) []byte {
	const digits = "0123456789ABCDEF"
	sum := e.sum()
	for i := skip; i < 2*len(sum); i++ {
		b = append(b, digits[sum[i/2]>>(4*(1-i%2))&15])
	}
	b = append(b, ':')
	b = strconv.AppendUint(b, uint64(e.count), 10)
	return append(b, "\r\n"...)
}

// writeText writes the corpus as a sorted text, unless it is there.
func (s synth) writeText(path string) (keys int64, err error) {
	if note, err := os.ReadFile(path + ".keys"); err == nil {
		return strconv.ParseInt(string(note), 10, 64)
	}
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	const chunk = 1 << 8
	workers := runtime.GOMAXPROCS(0)
	type part struct {
		text []byte
		keys int64
	}
	for first := 0; first < prefixes; first += chunk * workers {
		parts := make([]part, workers)
		var group sync.WaitGroup
		for i := range parts {
			group.Go(func() {
				var room []entry
				for p := first + i*chunk; p < min(first+(i+1)*chunk, prefixes); p++ {
					room = s.entries(p, room)
					for _, e := range room {
						parts[i].text = appendLine(parts[i].text, e, 0)
					}
					parts[i].keys += int64(len(room))
				}
			})
		}
		group.Wait()
		for _, p := range parts {
			keys += p.keys
			if _, err := w.Write(p.text); err != nil {
				return 0, err
			}
		}
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	return keys, os.WriteFile(path+".keys", fmt.Append(nil, keys), 0o644)
}
