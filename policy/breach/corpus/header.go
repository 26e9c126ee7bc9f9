package corpus

import (
	"encoding/binary"
	"hash/crc32"
)

const (
	magic        = "PWB1"
	majorVersion = 1
	minorVersion = 0

	headerSize  = 4096
	sectionSize = 32
	maxSections = 8
	pageSize    = 4096 // sections begin at multiples of it

	flagCounts = 1 << 0 // incompatible: blocks hold counts
	flagFull   = 1 << 0 // compatible: the source was a full Pwned Passwords corpus

	// maxFileSize is 2^46 bytes, some 5,000 times the full corpus of 2026.
	maxFileSize = 1 << 46
)

// The sections of version 1.
const (
	sectionDirectory = "DIR "
	sectionBlocks    = "MEM "
	sectionRanges    = "RNG " // reserved: what a sync by ranges remembers
)

// castagnoli is the polynomial of all checksums (RFC 3720 section 12.1).
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// section is one part of a file.
type section struct {
	id     string
	offset int64
	length int64
	crc    uint32 // 0 for the blocks, which carry their own
}

func (s section) end() int64 { return s.offset + s.length }

// header is the first page of a file.
type header struct {
	layout
	kind     Kind
	full     bool
	keys     int64
	stamp    int64 // seconds since 1970, 0 if unknown
	fileSize int64
	sections []section // by offset
}

// section returns the section of an id.
func (h *header) section(id string) (section, bool) {
	for _, s := range h.sections {
		if s.id == id {
			return s, true
		}
	}
	return section{}, false
}

// marshal returns the page.
func (h *header) marshal() []byte {
	b := make([]byte, headerSize)
	put := binary.LittleEndian
	copy(b, magic)
	put.PutUint16(b[4:], majorVersion)
	put.PutUint16(b[6:], minorVersion)
	if h.counts {
		put.PutUint32(b[8:], flagCounts)
	}
	if h.full {
		put.PutUint32(b[12:], flagFull)
	}
	b[16] = byte(h.kind)
	b[17] = byte(h.blockBits)
	b[18] = slotBits
	b[19] = groupBits
	b[20] = byte(h.remainderBits)
	b[21] = sampleBits
	put.PutUint64(b[24:], uint64(h.keys))
	put.PutUint32(b[32:], h.minCount)
	put.PutUint32(b[36:], uint32(len(h.sections)))
	put.PutUint64(b[40:], uint64(h.stamp))
	put.PutUint64(b[48:], uint64(h.fileSize))
	for i, s := range h.sections {
		entry := b[64+i*sectionSize:]
		copy(entry, s.id)
		put.PutUint64(entry[8:], uint64(s.offset))
		put.PutUint64(entry[16:], uint64(s.length))
		put.PutUint32(entry[24:], s.crc)
	}
	put.PutUint32(b[headerSize-4:], crc32.Checksum(b[:headerSize-4], castagnoli))
	return b
}

// parseHeader reads the page and checks every number in it. The problem is
// empty if there is none.
func parseHeader(b []byte) (h header, problem string) {
	get := binary.LittleEndian
	switch {
	case len(b) < headerSize || string(b[:4]) != magic:
		return h, "is no corpus of this format"
	case get.Uint16(b[4:]) != majorVersion:
		return h, "has a later version of the format"
	case get.Uint32(b[headerSize-4:]) != crc32.Checksum(b[:headerSize-4], castagnoli):
		return h, "has a damaged header"
	case get.Uint32(b[8:])&^flagCounts != 0, b[18] != slotBits, b[19] != groupBits, b[21] != sampleBits:
		return h, "uses parts of the format that this version does not know"
	}
	h = header{
		layout: layout{
			blockBits:     uint(b[17]),
			remainderBits: uint(b[20]),
			counts:        get.Uint32(b[8:])&flagCounts != 0,
			minCount:      get.Uint32(b[32:]),
		},
		kind:     Kind(b[16]),
		full:     get.Uint32(b[12:])&flagFull != 0,
		keys:     int64(get.Uint64(b[24:])),
		stamp:    int64(get.Uint64(b[40:])),
		fileSize: int64(get.Uint64(b[48:])),
	}
	count := int(get.Uint32(b[36:]))
	switch {
	case h.kind.Size() == 0, h.blockBits > maxBlockBits, !validRemainder(int(h.remainderBits)), h.minCount == 0,
		h.keys < 0 || h.keys > int64(h.blocks())*maxBlockKeys,
		h.fileSize < headerSize || h.fileSize > maxFileSize, count > maxSections:
		return h, "has a header with impossible numbers"
	}
	for i := range count {
		entry := b[64+i*sectionSize:]
		h.sections = append(h.sections, section{
			id:     string(entry[:4]),
			offset: int64(get.Uint64(entry[8:])),
			length: int64(get.Uint64(entry[16:])),
			crc:    get.Uint32(entry[24:]),
		})
	}
	return h, h.checkSections()
}

// checkSections looks at where the sections are.
func (h *header) checkSections() (problem string) {
	end := int64(headerSize)
	for i, s := range h.sections {
		if s.offset < end || s.offset%pageSize != 0 || s.length < 0 || s.offset > h.fileSize || s.length > h.fileSize-s.offset {
			return "has sections in impossible places"
		}
		for _, other := range h.sections[:i] {
			if other.id == s.id {
				return "has a section twice"
			}
		}
		end = s.end()
	}
	directory, ok := h.section(sectionDirectory)
	if !ok || directory.length != int64(h.blocks()+1)*8 {
		return "lacks its directory"
	}
	blocks, ok := h.section(sectionBlocks)
	if !ok || end != h.fileSize || blocks.length%8 != 0 {
		return "lacks its blocks"
	}
	return ""
}

// validRemainder tells whether remainders may have so many bits.
func validRemainder(bits int) bool { return bits >= 8 && bits <= 40 && bits%8 == 0 }

// alignPage returns the first multiple of a page that is not below n.
func alignPage(n int64) int64 { return (n + pageSize - 1) &^ (pageSize - 1) }
