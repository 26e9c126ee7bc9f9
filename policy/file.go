package policy

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	fileVersion  = 1
	maxFileBytes = 1 << 20

	commonName  = "common"  // a policy file's name for Common()
	entropyName = "entropy" // and for Entropy()

	maxSourceName   = 64
	sourceNameSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
)

// Sources are the lists, breach sources and estimators of this program, by the
// names that a policy file gives them: 1 to 64 ASCII letters, digits, dots,
// dashes and underscores. "common" is always [Common] and "entropy" always [Entropy].
//
// A file that server, command line and storefront share needs the same names
// in all of them; call policy/strength.Estimator "strength".
type Sources struct {
	Lists      map[string]List
	Breach     map[string]List
	Estimators map[string]Estimator

	// Absent lets a file name lists and breach sources that are not here, for
	// a program that shows or compares rules and has no use for them. They
	// answer ErrUnchecked. An estimator has to be here in any case.
	Absent bool
}

// ReadFile reads the policy file at path. See Read. The error of a file that
// cannot be opened or read wraps that of the operating system.
func ReadFile(path string, sources Sources) (Groups, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	defer file.Close()
	groups, err := Read(file, sources)
	if e, ok := errors.AsType[*FileError](err); ok {
		e.Name = path
	}
	return groups, err
}

// Read reads a policy file of at most 1 MiB: JSON in UTF-8 as [FileSchema]
// describes it.
//
//	{
//	  "version": 1,
//	  "base": {"words": ["Tillkey"], "breach": ["leaked"]},
//	  "groups": {
//	    "customers": {"preset": "ShopCustomer", "estimator": "strength"},
//	    "staff": {"preset": "ShopStaff", "estimator": "strength", "need_digit": true}
//	  }
//	}
//
// Each field of a group is one of [Policy]; "preset" takes the others from a
// preset, whose values the ones in the file replace. "base" is what every
// group inherits, [Groups] of "". Lists and estimators are looked up in sources
// and wrapped by [Named] and [NamedEstimator].
//
// A file with anything wrong in it gives a [*FileError] that wraps ErrInvalid
// and says where: a field that is unknown, there twice, null, of another type
// or out of range; a name that sources does not know; a group that contradicts
// its parents. Nothing is guessed, and nothing of such a file is used. An error
// of r is returned wrapped.
func Read(r io.Reader, sources Sources) (Groups, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if len(data) > maxFileBytes {
		return nil, &FileError{Problem: fmt.Sprintf("larger than %d bytes", maxFileBytes)}
	}
	return newFileReader(data, sources).read()
}

// isSourceName reports whether a list or an estimator may be called name in a
// policy file.
func isSourceName(name string) bool {
	return name != "" && len(name) <= maxSourceName && strings.Trim(name, sourceNameSigns) == ""
}
