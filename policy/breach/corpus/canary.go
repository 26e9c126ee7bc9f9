package corpus

// canaries checks that a full corpus holds two passwords which every one holds,
// so that a file which answers "not leaked" to everything is not believed.
func (f *file) canaries() error {
	if !f.full {
		return nil
	}
	for _, k := range canaries(f.kind) {
		n, err := f.count(k)
		if err != nil || n == 0 {
			return &FileError{
				Name: f.name, Err: err,
				Problem: "says that it is a full corpus, but common passwords are not found in it", Remedy: remedyRebuild,
			}
		}
	}
	return nil
}

// canaries returns the hashes of "password" and "123456".
func canaries(kind Kind) []key {
	if kind == NTLM {
		return []key{{0x8846f7eaee8fb117, 0xad06bdd830b7586c}, {0x32ed87bdb5fdc5e9, 0xcba88547376818d4}}
	}
	return []key{{0x5baa61e4c9b93f3f, 0x0682250b6cf8331b}, {0x7c4a8d09ca3762af, 0x61e59520943dc264}}
}
