package shopspec

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
)

//go:embed kettle.json
var kettle []byte

// Description is a shop as a file tells it: its table, and which driver takes
// it.
type Description struct {
	// Name names the shop in the report.
	Name string `json:"name,omitempty"`
	// Kind is "html" or "json"; "" means html.
	Kind string `json:"kind,omitempty"`
	Table
}

// maxDescription bounds a description in bytes.
const maxDescription = 1 << 20

// ReadDescription reads the JSON of a [Description]. A name that there is not
// is an error, as is all that [HTML] and [JSON] refuse; it is [ErrTable].
func ReadDescription(r io.Reader) (Description, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxDescription+1))
	if err != nil {
		return Description{}, err
	}
	if len(text) > maxDescription {
		return Description{}, fmt.Errorf("%w: it is longer than %d KiB", ErrTable, maxDescription>>10)
	}
	var d Description
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return Description{}, fmt.Errorf("%w: %w", ErrTable, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return Description{}, fmt.Errorf("%w: something follows its end", ErrTable)
	}
	_, err = d.Driver()
	return d, err
}

// Driver makes the driver of the shop.
func (d Description) Driver() (Driver, error) {
	switch d.Kind {
	case "", "html":
		return HTML(d.Table)
	case "json":
		return JSON(d.Table)
	}
	return nil, fmt.Errorf("%w: the kind %q is neither html nor json", ErrTable, d.Kind)
}

// Kettle describes the Copper Kettle, the reference shop of Tillkey, in
// examples/shop. Begin with it to describe another shop that answers with
// pages.
func Kettle() (Description, error) { return ReadDescription(bytes.NewReader(kettle)) }
