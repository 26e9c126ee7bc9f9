package corpus

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Options says what a corpus shall hold. The zero value makes a SHA-1 corpus
// with 16 remainder bits and without counts.
type Options struct {
	// Kind is the hash of the source and of the corpus. Zero is SHA1.
	Kind Kind
	// RemainderBits is how many last bits of a hash are kept: 8, 16, 24, 32 or 40.
	// With 8 about one other password in 250 is found by chance, with 16 one in
	// some 65,000, with 32 one in some 4,000 million; each costs its bits per
	// password. Zero is 16.
	RemainderBits int
	// Counts keeps how often each password leaked, at some 3 bits per password.
	Counts bool
	// MinCount leaves out passwords that leaked less often. In Pwned Passwords
	// about 57 % leaked twice or more, 9 % ten times, 0.05 % a thousand times.
	// Zero is 1, which keeps all.
	MinCount uint32
	// Full says that the source is the whole Pwned Passwords corpus. Then Build
	// refuses a source that lacks one of the 1,048,576 ranges or the passwords
	// "password" and "123456", and Open refuses a file that does not find these.
	Full bool
	// Stamp is when the data were current, to the second. It is kept in the file.
	// Zero is unknown.
	Stamp time.Time
	// Workers is how many goroutines work at once. Each needs about 4 MB. Zero is
	// one per processor, at most 64. The file does not depend on it.
	Workers int
	// Progress is told how far the build is, from one goroutine at a time. It must
	// not block. Nil is nobody.
	Progress func(Progress)
}

// Stage is what a build does.
type Stage string

// The stages of a build or update, in their order. Some come more than once,
// and not all sources need all.
const (
	StageVerify   Stage = "verify"   // read a corpus, before and after an update
	StageDownload Stage = "download" // ask for ranges

	StageSort   Stage = "sort"   // hash and sort a list of passwords
	StageEncode Stage = "encode" // read the source and write blocks
	StageSync   Stage = "sync"   // wait until the disk has the file
)

// Progress is how far a stage of a build is.
type Progress struct {
	Stage Stage
	Done  int64 // bytes of the source; of a download ranges
	Total int64 // likewise
	Keys  int64 // written, or downloaded, so far
	// Received is the bytes of rows that a download got from the server.
	Received int64
}

// Report is what a build did.
type Report struct {
	Info
	Rows    int64 // hashes read
	Dropped int64 // of them, those below MinCount
	Merged  int64 // of them, those whose kept bits were those of another
}

const maxWorkers = 64

// complete fills in defaults, or names the field that is out of its range.
func (o Options) complete() (Options, error) {
	if o.Kind == 0 {
		o.Kind = SHA1
	}
	if o.RemainderBits == 0 {
		o.RemainderBits = 16
	}
	if o.Workers == 0 {
		o.Workers = min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	o.MinCount = max(o.MinCount, 1)
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	switch {
	case o.Kind.Size() == 0:
		return o, errors.New("corpus: Kind must be SHA1 or NTLM")
	case !validRemainder(o.RemainderBits):
		return o, fmt.Errorf("corpus: RemainderBits is %d, must be 8, 16, 24, 32 or 40", o.RemainderBits)
	case o.Workers < 1 || o.Workers > maxWorkers:
		return o, fmt.Errorf("corpus: Workers is %d, must be 1 to %d", o.Workers, maxWorkers)
	}
	return o, nil
}

// stamp returns the seconds of the stamp, 0 for none.
func (o Options) stamp() int64 {
	if o.Stamp.IsZero() {
		return 0
	}
	return o.Stamp.Unix()
}
