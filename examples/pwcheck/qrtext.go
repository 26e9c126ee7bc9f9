package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"strings"

	"golang.org/x/term"
)

const (
	finderModules = 7 // the side of a finder pattern (ISO/IEC 18004)
	quietModules  = 4 // white around the code (ISO/IEC 18004)

	blackOnWhite = "\x1b[30;107m"
	plainColours = "\x1b[0m"
)

// colours reports whether standard output is a terminal that can be told to
// write black on white; without, a code on a dark screen is hard to scan.
func (p *program) colours() bool {
	file, ok := p.stdout.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// qrText returns a picture of a QR code in block characters, two rows of
// modules a line.
func qrText(picture []byte, colours bool) (string, error) {
	source, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", failed("the QR picture cannot be read back")
	}
	m := measure(source)
	side := m.modules + 2*quietModules
	var b strings.Builder
	for y := 0; y < side; y += 2 {
		if colours {
			b.WriteString(blackOnWhite)
		}
		for x := range side {
			b.WriteString(block(m.dark(x, y), m.dark(x, y+1)))
		}
		if colours {
			b.WriteString(plainColours)
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func block(above, below bool) string {
	switch {
	case above && below:
		return "█"
	case above:
		return "▀"
	case below:
		return "▄"
	}
	return " "
}

// modules is a QR code in a picture, seen module by module.
type modules struct {
	source  image.Image
	margin  int // pixels before the code, at the left and above
	scale   int // pixels of one module
	modules int // modules of a side of the code
}

// measure finds the code by its finder patterns, whose outer sides are dark.
func measure(source image.Image) modules {
	m := modules{source: source}
	width := source.Bounds().Dx()
	for m.margin < width-1 && !isDark(source, m.margin, m.margin) {
		m.margin++
	}
	end := m.margin
	for end < width && isDark(source, end, m.margin) {
		end++
	}
	m.scale = max(1, (end-m.margin)/finderModules)
	last := width - 1
	for last > m.margin && !isDark(source, last, m.margin) {
		last--
	}
	m.modules = (last + 1 - m.margin) / m.scale
	return m
}

// dark reports whether a module is dark; x and y count from the outer corner of
// the quiet zone.
func (m modules) dark(x, y int) bool {
	x, y = x-quietModules, y-quietModules
	if x < 0 || y < 0 || x >= m.modules || y >= m.modules {
		return false
	}
	return isDark(m.source, m.margin+x*m.scale, m.margin+y*m.scale)
}

func isDark(source image.Image, x, y int) bool {
	r, _, _, _ := source.At(x, y).RGBA()
	return r < 0x8000
}
