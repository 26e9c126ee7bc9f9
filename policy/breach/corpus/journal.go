package corpus

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
)

// journalHead is what a file of entries is about. FORMAT.md describes it.
type journalHead struct {
	kind          Kind
	remainderBits int
	counts        bool
	digits        int // of a prefix
	minCount      uint32
	base          fingerprint // of the corpus before the answers, or zeros
	address       fingerprint // of the URL that was asked
	begun         int64       // when its first answer was asked for; 0 in a state
}

const (
	journalMagic   = "PWBJ"
	journalVersion = 1
	journalSize    = 92 // of the head
	// maxAge bounds how old answers are that an update goes on with. A download
	// takes hours.
	maxAge = 7 * 24 * 60 * 60 // seconds
)

func (h journalHead) marshal() []byte {
	b := append(make([]byte, 0, journalSize), journalMagic...)
	put := binary.LittleEndian
	b = put.AppendUint16(b, journalVersion)
	counts := byte(0)
	if h.counts {
		counts = 1
	}
	b = append(b, byte(h.kind), byte(h.remainderBits), counts, byte(h.digits), 0, 0)
	b = put.AppendUint32(b, h.minCount)
	b = append(b, h.base[:]...)
	b = append(b, h.address[:]...)
	b = put.AppendUint64(b, uint64(h.begun))
	return put.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// ranges returns how many ranges there are.
func (h journalHead) ranges() int { return 1 << (4 * h.digits) }

// journal is the answers of an update, in a file that outlives it. All ranges
// come in their order; then, if the corpus keeps too few bits of those that did
// not change, these come again in their order.
type journal struct {
	journalHead
	now     int64 // when the update began
	minRows int   // of a range that is believed
	file    *os.File
	size    int64
	places  []int64      // of each range's latest entry, or 0
	fresh   []bool       // of each range: it was answered anew
	next    int          // in the first round
	again   int          // where the second round goes on
	own     bool         // the answers are about the corpus that is there
	ended   int64        // where the result is
	result  *fingerprint // of the new corpus, once it is written
	rows    int64        // in the latest entries
	kept    int64
	changed int
	stamp   int64 // the newest Last-Modified
	buffer  []byte
}

// openJournal opens or makes a journal, and locks it. One about the same corpus
// goes on behind its last whole entry with enough rows; of one about another
// only the result is kept. It returns false if a stopped update asked for
// something else and has answers.
func openJournal(path string, head journalHead, minRows int) (*journal, bool, error) {
	f, err := lock(path)
	if err != nil {
		return nil, false, err
	}
	j := &journal{journalHead: head, now: head.begun, minRows: minRows, file: f}
	j.restart()
	if same, err := j.resume(); err != nil || !same {
		f.Close()
		return nil, same, err
	}
	return j, true, nil
}

func (j *journal) close() { _ = j.file.Close() }

// remove removes the file. Where it has a lock, nobody else gets one before.
func (j *journal) remove() error {
	if closeFirst {
		j.close()
	}
	err := os.Remove(j.file.Name())
	j.close()
	return err
}

// restart forgets all entries.
func (j *journal) restart() {
	n := j.ranges()
	j.places, j.fresh = make([]int64, n), make([]bool, n)
	j.size, j.next, j.again, j.rows, j.kept, j.changed, j.stamp = journalSize, 0, 0, 0, 0, 0, 0
	j.own, j.result, j.begun = true, nil, j.now
}

// expired tells whether the answers are too old, or of a time that cannot be.
func (j *journal) expired() bool { return j.now-j.begun > maxAge || j.begun-j.now > maxAge }

// resume reads what is in the file, and cuts off what is not whole. It returns
// false if the file is about something else.
func (j *journal) resume() (same bool, err error) {
	head := make([]byte, journalSize)
	n, err := io.ReadFull(j.file, head)
	if err != nil && n < journalSize && (err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)) {
		return true, j.begin()
	}
	if err != nil {
		return false, err
	}
	want := j.marshal()
	if crc32.Checksum(head[:journalSize-4], castagnoli) != binary.LittleEndian.Uint32(head[journalSize-4:]) {
		return true, j.begin()
	}
	const base, address, begun = 16, 16 + len(fingerprint{}), 16 + 2*len(fingerprint{})
	in := bufio.NewReaderSize(io.NewSectionReader(j.file, journalSize, maxFileSize), textBuffer)
	if !bytes.Equal(head[:base], want[:base]) || !bytes.Equal(head[address:begun], want[address:begun]) {
		if _, _, err := readEntry(in, &j.buffer); !errors.Is(err, errEntry) {
			return false, err
		}
		return true, j.begin() // nothing was answered
	}
	j.own = bytes.Equal(head[base:address], want[base:address])
	j.begun = int64(binary.LittleEndian.Uint64(head[begun:]))
	for {
		e, flags, err := readEntry(in, &j.buffer)
		if err != nil && !errors.Is(err, errEntry) {
			return false, err
		}
		if err != nil || !j.note(&e, flags, int64(binary.LittleEndian.Uint32(j.buffer))) {
			break
		}
	}
	if !j.own && j.result == nil {
		return true, j.begin() // about a corpus that is gone
	}
	return true, j.file.Truncate(j.size)
}

// reopen forgets the result, which never came to its place.
func (j *journal) reopen() error {
	j.size, j.result = j.ended, nil
	return j.file.Truncate(j.size)
}

// begin makes the file one without entries.
func (j *journal) begin() error {
	j.restart()
	if err := j.file.Truncate(0); err != nil {
		return err
	}
	_, err := j.file.WriteAt(j.marshal(), 0)
	return err
}

// note takes an entry that is in the file behind all others. It returns false
// if none may be there.
func (j *journal) note(e *entry, flags byte, size int64) bool {
	switch {
	case j.result != nil:
		return false
	case flags&entryLast != 0:
		if !j.complete() || len(e.payload) != len(fingerprint{}) {
			return false
		}
		j.result, j.ended = (*fingerprint)(bytes.Clone(e.payload)), j.size
		j.size += size
		return true
	case int(e.rows) < j.minRows:
		return false
	case j.next < j.ranges():
		if e.prefix != j.next {
			return false
		}
		j.next++
	default:
		if e.prefix < j.again || e.prefix >= j.ranges() || !e.fresh || j.fresh[e.prefix] {
			return false
		}
		var buffer []byte
		old, err := j.load(e.prefix, &buffer)
		if err != nil {
			return false
		}
		j.rows, j.kept = j.rows-int64(old.rows), j.kept-int64(old.kept)
		j.again = e.prefix + 1
	}
	j.places[e.prefix], j.fresh[e.prefix] = j.size, e.fresh
	if e.fresh {
		j.changed++
	}
	j.stamp = max(j.stamp, e.modified)
	j.rows, j.kept = j.rows+int64(e.rows), j.kept+int64(e.kept)
	j.size += size
	return true
}

// complete tells whether every range was answered.
func (j *journal) complete() bool { return j.next == j.ranges() }

// add writes an entry behind all others.
func (j *journal) add(e *entry, flags byte) error {
	b := e.append(j.buffer[:0], flags)
	j.buffer = b
	if _, err := j.file.WriteAt(b, j.size); err != nil {
		return err
	}
	if !j.note(e, flags, int64(len(b))) {
		return errEntry
	}
	return nil
}

// end notes the new corpus, and brings all answers to the disk.
func (j *journal) end(result fingerprint) error {
	if err := j.add(&entry{fresh: true, payload: result[:]}, entryLast); err != nil {
		return err
	}
	return j.file.Sync()
}

// load reads the latest entry of a range into a buffer, which it becomes a
// part of.
func (j *journal) load(prefix int, buffer *[]byte) (entry, error) {
	in := io.NewSectionReader(j.file, j.places[prefix], maxEntry)
	e, _, err := readEntry(in, buffer)
	if err == nil && e.prefix != prefix {
		err = errEntry
	}
	return e, err
}

// readEntry reads the next entry into a buffer. The end of the file is errEntry,
// as every entry that is not whole.
func readEntry(in io.Reader, buffer *[]byte) (entry, byte, error) {
	if cap(*buffer) < 4 {
		*buffer = make([]byte, 4096)
	}
	b := (*buffer)[:4]
	if _, err := io.ReadFull(in, b); err != nil {
		return entry{}, 0, cutEntry(err)
	}
	n, err := entryLength(b)
	if err != nil {
		return entry{}, 0, err
	}
	if cap(b) < n {
		b = append(make([]byte, 0, n), b...)
	}
	b = b[:n]
	*buffer = b
	if _, err := io.ReadFull(in, b[4:]); err != nil {
		return entry{}, 0, cutEntry(err)
	}
	return parseEntry(b)
}

func cutEntry(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errEntry
	}
	return err
}
