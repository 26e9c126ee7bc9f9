package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func storms(last time.Duration, rss int64) storm {
	s := storm{PeakRSS: rss * mib}
	for i := range stormVerifies {
		s.Took = append(s.Took, last*time.Duration(i+1)/stormVerifies)
	}
	return s
}

func TestChart(t *testing.T) {
	for _, slowest := range []time.Duration{time.Nanosecond, 40 * time.Millisecond, time.Second, 97 * time.Second} {
		medians := map[way]storm{
			budgeted: storms(slowest/10, 132), doubled: storms(slowest/5, 133), limited: storms(slowest/3, 261), naive: storms(slowest, 4106),
		}
		text := drawStorms([]picture{{params{65536, 1, 1}, medians}, {params{65536, 3, 4}, medians}})
		decoder := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{"m=65536 t=1 p=1", "m=65536 t=3 p=4", "engine with a budget<", "all at once<", ">132<", ">261<", ">4106<", "prefers-color-scheme"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing", want)
			}
		}
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Error("a place is no number")
		}
	}
}

func TestTick(t *testing.T) {
	for _, most := range []float64{1e-9, 0.03, 0.4, 1, 1.9, 2, 9.99, 10, 25, 53, 99, 100, 1234} {
		if n := most / tick(most); n < 3.99 || n > 10.01 {
			t.Errorf("%v ticks up to %v", n, most)
		}
	}
}

func TestShares(t *testing.T) {
	s := storms(64*time.Second, 1)
	if s.p50() != 32*time.Second || s.p99() != 64*time.Second || s.max() != 64*time.Second {
		t.Error(s.p50(), s.p99(), s.max())
	}
	m := middle([]storm{storms(3*time.Second, 3), storms(time.Second, 9), storms(2*time.Second, 1)})
	if m.max() != 2*time.Second || m.PeakRSS != 3*mib {
		t.Error(m.max(), m.PeakRSS)
	}
}

func TestPromises(t *testing.T) {
	good := func() map[way]storm {
		return map[way]storm{budgeted: storms(time.Second, 1), doubled: storms(2*time.Second, 1), naive: storms(5*time.Second, 4000)}
	}
	if err := promises(good()); err != nil {
		t.Error(err)
	}
	slow, fat, dirty := good(), good(), good()
	slow[budgeted] = storms(time.Second+time.Millisecond, 1)
	fat[doubled] = storms(2*time.Second, 1<<20)
	garbage := storms(2*time.Second, 1)
	garbage.GC = 1
	dirty[doubled] = garbage
	for _, broken := range []map[way]storm{slow, fat, dirty} {
		if promises(broken) == nil {
			t.Error("a broken promise was not told")
		}
	}
}
