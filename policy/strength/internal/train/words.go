package train

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// Words is a list of words, names or places.
type Words struct {
	Kind   tables.Kind
	Ranked bool // the most common first
	Texts  []string
}

// readWords reads KIND.NAME.rank.txt and KIND.NAME.flat.txt. Lines that begin
// with # are left out.
func readWords(directory string) ([]Words, error) {
	files, err := filepath.Glob(filepath.Join(directory, "*.*.*.txt"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("train: no list of words in %s", directory)
	}
	var all []Words
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		parts := strings.Split(filepath.Base(file), ".")
		w := Words{Ranked: parts[2] == "rank"}
		switch parts[0] {
		case "word":
			w.Kind = tables.Word
		case "name":
			w.Kind = tables.Name
		case "place":
			w.Kind = tables.Place
		default:
			return nil, fmt.Errorf("train: %s: want word, name or place", file)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				w.Texts = append(w.Texts, line)
			}
		}
		all = append(all, w)
	}
	return all, nil
}

// chance is the probability that someone takes the text at an index of the
// list as a password: it falls with the rank.
func (w Words) chance(i int) float64 {
	share := map[tables.Kind]float64{tables.Word: 1e-3, tables.Name: 1e-3, tables.Place: 5e-4}[w.Kind]
	if w.Ranked {
		return share / float64(i+20)
	}
	return share / 5 / float64(len(w.Texts)/4+20)
}
