package corpus

import "encoding/binary"

// place is an entry of the directory: 48 bits of where a block begins, in bytes
// after the first block, and 16 bits of how many keys it has.
type place uint64

func newPlace(offset int64, keys int) place { return place(offset)<<16 | place(keys) }

func (p place) offset() int64 { return int64(p >> 16) }
func (p place) keys() int     { return int(p & 0xffff) }

// parseDirectory reads the places of all blocks and of the end, and checks that
// they fit each other and the header. It returns nil if they do not.
func parseDirectory(b []byte, h *header) []place {
	places := make([]place, len(b)/8)
	keys, blocks := int64(0), len(places)-1
	for i := range places {
		places[i] = place(binary.LittleEndian.Uint64(b[8*i:]))
		keys += int64(places[i].keys())
		if i == 0 {
			continue
		}
		n, size := places[i-1].keys(), places[i].offset()-places[i-1].offset()
		if size%8 != 0 || size < int64(h.leastSize(n)) || size > int64(h.mostSize(n)) {
			return nil
		}
	}
	section, _ := h.section(sectionBlocks)
	if places[0].offset() != 0 || places[blocks] != newPlace(section.length, 0) || keys != h.keys {
		return nil
	}
	return places
}
