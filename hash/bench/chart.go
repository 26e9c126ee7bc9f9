package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"
)

// picture is the medians of the storms with one set of parameters.
type picture struct {
	params  params
	medians map[way]storm
}

const (
	chartWidth  = 860
	panelHeight = 260
	plotLeft    = 56
	plotWidth   = 500
	plotHeight  = 170
	plotTop     = 66 // below the top of the panel
	barLeft     = 640
	barWidth    = 150
)

// chartStyle suits a light and a dark page. Lines differ by more than colour.
const chartStyle = `
text{font:13px system-ui,sans-serif;fill:#1f2328}
.title{font-size:15px;font-weight:600}.small{font-size:12px;fill:#59636e}
.grid{stroke:#d1d9e0;stroke-width:1}.line{fill:none;stroke-width:2.5;stroke-linejoin:round}
.budget{stroke:#0969da}.limited{stroke:#9a6700;stroke-dasharray:6 4}.naive{stroke:#cf222e;stroke-dasharray:2 3}
.bar{stroke:none}.bar.budget{fill:#0969da}.bar.limited{fill:#9a6700}.bar.naive{fill:#cf222e}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}.small{fill:#9198a1}.grid{stroke:#3d444d}
.budget{stroke:#4493f8}.limited{stroke:#d29922}.naive{stroke:#f85149}
.bar{stroke:none}.bar.budget{fill:#4493f8}.bar.limited{fill:#d29922}.bar.naive{fill:#f85149}
}`

// drawStorms returns an SVG: for each set of parameters, how many of the verifies
// were answered by when, and the peak of memory.
func drawStorms(pictures []picture) string {
	var b strings.Builder
	height := panelHeight*len(pictures) + 10
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title">`+"\n", chartWidth, height)
	fmt.Fprintf(&b, "<title id=\"title\">%d passwords verified at the same moment: time of the answers, and peak memory</title>\n<style>%s\n</style>\n",
		stormVerifies, chartStyle)
	for i, p := range pictures {
		fmt.Fprintf(&b, "<g transform=\"translate(0 %d)\">\n", i*panelHeight)
		p.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (p picture) draw(b *strings.Builder) {
	ways := []way{budgeted, limited, naive}
	longest, most := time.Duration(1), int64(1)
	for _, w := range ways {
		longest, most = max(longest, p.medians[w].max()), max(most, p.medians[w].PeakRSS)
	}
	step := tick(longest.Seconds())
	seconds := math.Ceil(longest.Seconds()/step) * step
	x := func(d time.Duration) float64 { return plotLeft + plotWidth*d.Seconds()/seconds }
	y := func(answered int) float64 {
		return plotTop + plotHeight*(1-float64(answered)/stormVerifies)
	}

	fmt.Fprintf(b, `<text class="title" x="16" y="24">%d logins at once, argon2id %v, %d processors</text>`+"\n", stormVerifies, p.params, runtime.GOMAXPROCS(0))
	fmt.Fprintf(b, `<text class="small" x="16" y="46">answered</text><text class="small" x="%d" y="46">peak memory, MiB</text>`+"\n", barLeft)
	for _, n := range []int{0, stormVerifies / 2, stormVerifies} {
		fmt.Fprintf(b, `<path class="grid" d="M%d %.1fh%d"/><text class="small" x="%d" y="%.1f" text-anchor="end">%d</text>`+"\n",
			plotLeft, y(n), plotWidth, plotLeft-8, y(n)+4, n)
	}
	for s := 0.0; s <= seconds+step/2; s += step {
		at := x(time.Duration(s * float64(time.Second)))
		fmt.Fprintf(b, `<path class="grid" d="M%.1f %dv5"/><text class="small" x="%.1f" y="%d" text-anchor="middle">%g s</text>`+"\n",
			at, plotTop+plotHeight, at, plotTop+plotHeight+20, math.Round(s*100)/100)
	}
	for i, w := range ways {
		m := p.medians[w]
		fmt.Fprintf(b, `<path class="line %s" d="M%.1f %.1f`, w.kind, x(0), y(0))
		for n, took := range m.Took {
			fmt.Fprintf(b, "H%.1fV%.1f", x(took), y(n+1))
		}
		b.WriteString("\"/>\n")
		top := plotTop + i*58
		name, _, _ := strings.Cut(w.String(), ", 64")
		fmt.Fprintf(b, `<path class="line %s" d="M%d %dh22"/><text x="%d" y="%d">%s</text>`+"\n", w.kind, barLeft, top, barLeft+28, top+4, name)
		fmt.Fprintf(b, `<rect class="bar %s" x="%d" y="%d" width="%.1f" height="12"/><text class="small" x="%.1f" y="%d">%d</text>`+"\n",
			w.kind, barLeft, top+12, barWidth*float64(m.PeakRSS)/float64(most), barLeft+barWidth*float64(m.PeakRSS)/float64(most)+6, top+22, m.PeakRSS/mib)
		fmt.Fprintf(b, `<text class="small" x="%d" y="%d">p99 %.2f s</text>`+"\n", barLeft, top+40, m.p99().Seconds())
	}
}

// tick returns a round step of which there are four to ten up to a number.
func tick(most float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(most)))
	for _, part := range []float64{1, 0.5, 0.25, 0.2, 0.1} {
		if most/(step*part) >= 4 {
			return step * part
		}
	}
	return step * 0.1
}
