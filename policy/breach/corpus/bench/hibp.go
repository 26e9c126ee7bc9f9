package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// hibp is the program that stands for oschonrock/hibp, compiled from its sources.
type hibp struct {
	program string
	records string
	filter  string // "" without the sources of oschonrock/binfuse
}

// compileHIBP compiles hibp/hibp.cpp with the sources in the folders: that of
// oschonrock/hibp, and, for its filters, those of oschonrock/binfuse,
// FastFilter/xor_singleheader and mio, with commas between them.
func (c config) compileHIBP() (hibp, error) {
	folders := strings.Split(c.hibp, ",")
	h := hibp{program: filepath.Join(c.dir, "hibp"), records: filepath.Join(c.dir, fmt.Sprintf("%d.hibp", c.n))}
	args := []string{"-std=c++20", "-O3", "-march=native", "-DNDEBUG", "-DFMT_HEADER_ONLY", "-w", "-o", h.program}
	for _, folder := range folders {
		args = append(args, "-I"+filepath.Join(folder, "include"), "-I"+filepath.Join(folder, "single_include"))
	}
	if len(folders) > 1 {
		h.filter = h.records + ".filter"
		args = append(args, "-DWITH_FILTER")
	}
	args = append(args, filepath.Join("hibp", "hibp.cpp"), filepath.Join(folders[0], "src", "toc.cpp"))
	compile := exec.Command("c++", args...)
	compile.Stderr = os.Stderr
	return h, compile.Run()
}

// build makes the files, and returns what that needed by the name of each.
func (h hibp) build(text string) (map[string]figures, error) {
	all := make(map[string]figures)
	err := h.measure(all, "hibp records", h.records, "convert", text, h.records)
	if err == nil && h.filter != "" {
		err = h.measure(all, "hibp fuse16", h.filter, "filter", h.records, h.filter)
	}
	return all, err
}

func (h hibp) measure(all map[string]figures, name, file string, args ...string) error {
	command := exec.Command(h.program, args...)
	command.Stderr = os.Stderr
	begin := time.Now()
	if err := command.Run(); err != nil {
		return err
	}
	f := figures{Wall: time.Since(begin)}
	f.CPU = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	f.RSS = command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	records, err := os.Stat(h.records)
	if err != nil {
		return err
	}
	made, err := os.Stat(file)
	if err != nil {
		return err
	}
	f.Keys, f.Bytes = records.Size()/24, made.Size()
	all[name] = f
	return nil
}

// slow is how many look-ups of a search on the disk are made in a round: it
// needs some hundred times as long as the others.
const slow = 4000

// hibpContenders starts the program with the queries in a file and returns the
// contenders that it answers for, and what ends it.
func (c config) hibpContenders() (all []*contender, end func() error, err error) {
	h := c.compiled
	file := filepath.Join(c.dir, "queries")
	var b []byte
	queries := c.drawQueries()
	for i := range queries {
		q := &queries[i]
		b = append(b, q.bytes[:]...)
		b = binary.LittleEndian.AppendUint32(b, q.entry.count)
		hit := byte(0)
		if q.hit {
			hit = 1
		}
		b = append(b, hit)
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		return nil, nil, err
	}
	command := exec.Command(h.program, "ask", h.records, h.filter, file)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := command.Start(); err != nil {
		return nil, nil, err
	}
	answers := bufio.NewScanner(out)
	asked := func(name string, number int) func(*contender, float64) error {
		return func(x *contender, frequency float64) error {
			if _, err := fmt.Fprintln(in, name, number); err != nil {
				return err
			}
			if !answers.Scan() {
				return errors.Join(answers.Err(), io.ErrUnexpectedEOF)
			}
			var loop float64
			var hits, misses percentiles
			if _, err := fmt.Sscan(answers.Text(), &loop, &hits.p50, &hits.p99, &misses.p50, &misses.p99, &x.other, &x.chance); err != nil {
				return err
			}
			keepLeast(&x.loop, loop)
			x.hits.keepLeast(percentiles{hits.p50 / frequency, hits.p99 / frequency})
			x.misses.keepLeast(percentiles{misses.p50 / frequency, misses.p99 / frequency})
			return nil
		}
	}
	all = []*contender{
		{name: "hibp toc", counts: true, round: asked("toc", len(queries)/10)},
		{name: "hibp plain", counts: true, round: asked("plain", slow)},
	}
	if h.filter != "" {
		all = append(all, &contender{name: "hibp fuse16", round: asked("fuse", len(queries))})
	}
	return all, func() error { return errors.Join(in.Close(), command.Wait()) }, nil
}
