package corpus

import "os"

// newScratch makes a file that only this process knows. Where the system allows
// it, it has no name, so that nothing is left of it if the process is killed.
func newScratch(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, ".corpus-*")
	if err == nil {
		_ = os.Remove(f.Name()) // or later
	}
	return f, err
}

func discardScratch(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name()) // if it still has a name
}
