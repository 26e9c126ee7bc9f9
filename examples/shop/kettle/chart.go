package kettle

import "slices"

// bar is one number of a chart.
type bar struct {
	Label string
	Count int
	// Urgent bars are what somebody has to do something about.
	Urgent bool
}

// chart is what a drawing and the table beside it show: the same numbers.
type chart struct {
	Title string
	// Kind is what the bars are named by.
	Kind string
	Bars []bar
}

// Total is the sum of all bars.
func (c chart) Total() (n int) {
	for _, b := range c.Bars {
		n += b.Count
	}
	return n
}

// share is a part of a whole in percent; of nothing it is 0.
func share(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return (part*100 + whole/2) / whole
}

// row is a bar that lies in a table, 0 to 100 wide.
type row struct {
	bar
	Width, Share int
}

// Rows are the bars beside each other's length, the longest as wide as can be.
func (c chart) Rows() (rows []row) {
	for _, b := range c.Bars {
		rows = append(rows, row{b, share(b.Count, c.most()), share(b.Count, c.Total())})
	}
	return rows
}

func (c chart) most() int {
	return slices.MaxFunc(append([]bar{{}}, c.Bars...), func(a, b bar) int { return a.Count - b.Count }).Count
}

// Measures of a drawing with columns, in its own units.
const (
	drawingWidth = 360
	drawingTop   = 24  // above it: the number over the highest column
	drawingFloor = 160 // below it: the names
)

// column is a bar that stands in a drawing.
type column struct {
	bar
	X, Y, Width, Height, Middle int
}

// Columns are the bars side by side.
func (c chart) Columns() (columns []column) {
	step := drawingWidth / max(1, len(c.Bars))
	for i, b := range c.Bars {
		height := share(b.Count, c.most()) * (drawingFloor - drawingTop) / 100
		if b.Count > 0 {
			height = max(height, 2) // the least that can be seen
		}
		columns = append(columns, column{b, i*step + step/8, drawingFloor - height, step * 3 / 4, height, i*step + step/2})
	}
	return columns
}
