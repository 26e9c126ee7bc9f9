package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// figures are what a build needed.
type figures struct {
	Keys  int64
	Bytes int64
	Wall  time.Duration // without the wait for the disk
	CPU   time.Duration
	RSS   int64 // KiB at most
}

// forms are the corpora that are built.
var forms = []struct {
	name    string
	options corpus.Options
}{
	{"pwb16", corpus.Options{RemainderBits: 16}},
	{"pwb16+count", corpus.Options{RemainderBits: 16, Counts: true}},
	{"pwb32+count", corpus.Options{RemainderBits: 32, Counts: true}},
}

// buildOne builds what the flag names.
func (c config) buildOne() (figures, error) {
	if c.cpuProfile != "" {
		f, err := os.Create(c.cpuProfile)
		if err != nil {
			return figures{}, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return figures{}, err
		}
		defer pprof.StopCPUProfile()
	}
	begin := time.Now()
	var f figures
	var err error
	switch c.build {
	case "fuse16":
		var filter fuse
		filter, f.Keys, err = c.buildFuse()
		f.Bytes = int64(len(filter.filter.Fingerprints)) * 2
	case "draw": // what the drawing alone needs
		files := drawn{synth{c.n}}
		for p := range prefixes {
			file, err := files.Open(fmt.Sprintf("%05X", p))
			if err != nil {
				return f, err
			}
			_ = file.Close() // it has no error
		}
	case "fuse16/256":
		f.Keys, f.Bytes, err = c.buildShardedFuse()
	default:
		f, err = c.buildCorpus(begin)
	}
	if f.Wall == 0 {
		f.Wall = time.Since(begin)
	}
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return f, err
	}
	f.CPU = time.Duration(use.Utime.Nano() + use.Stime.Nano())
	f.RSS = use.Maxrss
	return f, err
}

func (c config) buildCorpus(begin time.Time) (f figures, err error) {
	for _, form := range forms {
		if form.name != c.build {
			continue
		}
		form.options.Progress = func(p corpus.Progress) {
			if p.Stage == corpus.StageSync {
				f.Wall = time.Since(begin)
			}
		}
		source := corpus.TextFile(c.text())
		if c.stream {
			source = corpus.RangeFS(drawn{synth{c.n}})
		}
		report, err := corpus.Build(context.Background(), c.corpus(form.name), source, form.options)
		f.Keys, f.Bytes = report.Rows, report.Bytes
		return f, err
	}
	return f, fmt.Errorf("no form %q", c.build)
}

// buildShardedFuse builds the shards one after the other, as a streaming build
// would, and keeps none.
func (c config) buildShardedFuse() (keys, bytes int64, err error) {
	load, err := c.shards()
	if err != nil {
		return 0, 0, err
	}
	_, keys, bytes, err = buildShards(load, false)
	return keys, bytes, err
}

// shards returns what gives the hashes of a shard.
func (c config) shards() (func(int, []uint64) []uint64, error) {
	if c.stream {
		return synth{c.n}.synthShard, nil
	}
	text, err := openText(c.text())
	if err != nil {
		return nil, err
	}
	return text.shard, nil
}

// measureBuilds builds everything in processes of their own, in rounds.
func (c config) measureBuilds() error {
	names := []string{"fuse16/256"}
	for _, form := range forms {
		names = append(names, form.name)
	}
	best := make(map[string]figures)
	var least time.Duration
	for round := range c.builds {
		for _, name := range names {
			f, err := c.child(name)
			if err != nil {
				return err
			}
			b, ok := best[name]
			if !ok {
				b = f
			}
			b.Wall, b.CPU, b.RSS = min(b.Wall, f.Wall), min(b.CPU, f.CPU), max(b.RSS, f.RSS)
			best[name] = b
		}
		if round == 0 && !c.stream && !c.quick {
			f, err := c.child("fuse16")
			if err != nil {
				return err
			}
			best["fuse16"] = f
		}
		if round == 0 && c.hibp != "" {
			all, err := c.compiled.build(c.text())
			if err != nil {
				return err
			}
			maps.Copy(best, all)
		}
		if c.stream {
			f, err := c.child("draw")
			if err != nil {
				return err
			}
			least = f.CPU
		}
	}
	fmt.Printf("%-14s %12s %10s %12s %10s %8s\n", "build", "keys", "bits/key", "Mkeys/s", "CPU ns/key", "RSS MB")
	for _, name := range append(names, "fuse16", "hibp records", "hibp fuse16") {
		if b, ok := best[name]; ok {
			keys := float64(b.Keys)
			if strings.HasPrefix(name, "pwb") {
				b.CPU -= least // a filter's keys are drawn without the text
			}
			fmt.Printf("%-14s %12d %10.2f %12.1f %10.1f %8d\n", name, b.Keys, float64(b.Bytes)*8/keys,
				keys/b.Wall.Seconds()/1e6, float64(b.CPU)/keys, b.RSS>>10)
		}
	}
	return nil
}

// child calls the program itself for one build.
func (c config) child(name string) (f figures, err error) {
	program, err := os.Executable()
	if err != nil {
		return f, err
	}
	command := exec.Command(program, "-n", fmt.Sprint(c.n), "-dir", c.dir, fmt.Sprintf("-stream=%v", c.stream), "-build", name)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(out, &f)
}
