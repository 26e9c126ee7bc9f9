// Package common holds fingerprints of passwords that many people have
// chosen, and asks whether a text is among them. NOTICE.md says where the
// passwords come from; gen makes the file.
//
// # File, version 1
//
// All numbers are big-endian.
//
//	 0  8 bytes  "tkcommon"
//	 8  1 byte   version, 1
//	 9  3 bytes  zero
//	12  4 bytes  n, number of fingerprints
//	16  4 bytes  for each of 16385 offsets: bucket b is entries[offset[b]:offset[b+1]]
//	 …  4 bytes  for each of n entries, rising within a bucket
//
// A fingerprint is the first 46 bits of the SHA-256 of a fold.Skeleton: 14
// bits choose the bucket, 32 are the entry. A text that is not in the set is
// taken for one that is with probability n/2^46: 3.3e-9 for n = 230 000.
package common

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"slices"
	"sort"
)

const (
	magic      = "tkcommon\x01\x00\x00\x00"
	bucketBits = 14
	entryBits  = 32
	buckets    = 1 << bucketBits
	indexAt    = len(magic) + 4
	entriesAt  = indexAt + 4*(buckets+1)
)

//go:generate go run ./gen -words words.txt -out common.bin $PASSWORD_LISTS

//go:embed common.bin
var embedded string

// Set is the content of a file as described above. It is read in place: no
// heap, no start-up work. Its methods may be called from many goroutines.
type Set string

// Embedded returns the set that ships with the package.
func Embedded() Set { return Set(embedded) }

// Fingerprint returns the 46 bits that stand for a skeleton.
func Fingerprint(skeleton string) uint64 {
	sum := sha256.Sum256([]byte(skeleton))
	return binary.BigEndian.Uint64(sum[:]) >> (64 - bucketBits - entryBits)
}

// Has reports whether the skeleton is in the set. A damaged set has nothing,
// and never makes Has panic.
func (s Set) Has(skeleton string) bool {
	fp := Fingerprint(skeleton)
	bucket, entry := int(fp>>entryBits), uint32(fp)
	if len(s) < entriesAt {
		return false
	}
	from, to := s.offset(bucket), s.offset(bucket+1)
	if from > to || to > (len(s)-entriesAt)/4 {
		return false
	}
	n := to - from
	i := sort.Search(n, func(i int) bool { return s.entry(from+i) >= entry })
	return i < n && s.entry(from+i) == entry
}

// Len returns the number of fingerprints.
func (s Set) Len() int {
	if len(s) < entriesAt {
		return 0
	}
	return int(s.number(len(magic)))
}

// Valid returns an error unless the set is a whole file of this version.
func (s Set) Valid() error {
	if len(s) < entriesAt || s[:len(magic)] != magic {
		return errors.New("common: not a file of fingerprints, version 1")
	}
	if len(s) != entriesAt+4*s.Len() || s.offset(0) != 0 || s.offset(buckets) != s.Len() {
		return errors.New("common: length does not fit the number of fingerprints")
	}
	for b := range buckets {
		from, to := s.offset(b), s.offset(b+1)
		if from > to || to > s.Len() {
			return errors.New("common: offsets fall")
		}
		for i := from + 1; i < to; i++ {
			if s.entry(i-1) >= s.entry(i) {
				return errors.New("common: entries do not rise")
			}
		}
	}
	return nil
}

// Encode returns the file for the given skeletons, the same for the same set
// whatever the order.
func Encode(skeletons []string) []byte {
	fps := make([]uint64, len(skeletons))
	for i, s := range skeletons {
		fps[i] = Fingerprint(s)
	}
	slices.Sort(fps)
	fps = slices.Compact(fps)

	out := make([]byte, 0, entriesAt+4*len(fps))
	out = append(out, magic...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(fps)))
	next := 0
	for b := range uint64(buckets + 1) {
		for next < len(fps) && fps[next]>>entryBits < b {
			next++
		}
		out = binary.BigEndian.AppendUint32(out, uint32(next))
	}
	for _, fp := range fps {
		out = binary.BigEndian.AppendUint32(out, uint32(fp))
	}
	return out
}

func (s Set) offset(bucket int) int { return int(s.number(indexAt + 4*bucket)) }
func (s Set) entry(i int) uint32    { return s.number(entriesAt + 4*i) }
func (s Set) number(at int) uint32 {
	return uint32(s[at])<<24 | uint32(s[at+1])<<16 | uint32(s[at+2])<<8 | uint32(s[at+3])
}
