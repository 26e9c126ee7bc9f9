package corpus

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"sync/atomic"
)

// UpdateReport is what an update did. Its Rows, Dropped and Merged are those
// of all ranges, asked for anew or not.
type UpdateReport struct {
	Report
	Ranges    int   // of the corpus, all answered
	Changed   int   // of them, those that were answered anew
	Resumed   int   // of them, those that a stopped update had got before
	Received  int64 // bytes of rows that came from the server
	Unchanged bool  // the file was left as it was
}

// Update makes a corpus that is as the range interface of Pwned Passwords, or
// a mirror of it, answers now: it asks for each of the 1,048,576 ranges, for
// those of the last update only if they changed, writes the blocks of those that
// did and copies the others bit for bit. The file is then the same, byte for
// byte, as one that Build makes of all ranges with the same options. Where there
// is no file yet, everything is downloaded.
//
// The file appears whole or not at all, as with Build, and only after every
// range was answered without doubt: with status 200, as text, complete rows in
// order, at least UpdateConfig.MinRows of them and not less than half of those
// before, where NAME.sync says how many these were, and with the right
// Content-MD5 if there is one, which GODEBUG=fips140=only cannot check; or with
// status 304 to the ETag that was kept, if MinRows rows are. Other answers are
// asked for again, more slowly each time and not while the server asks for
// patience, and end the update with a [*RangeError] at last.
//
// Beside the file lie two others. NAME.sync keeps the ETags; without it, or if
// the corpus was built in another way, all ranges are downloaded whole.
// NAME.updating holds the answers so far, some 5 bytes per password. An update
// that ends early, by an error, ctx or a kill, leaves it, and the next goes on
// there, at the first range with fewer than its MinRows rows if there is one.
// Answers are forgotten if together they make no corpus, or if the update that
// got the first of them began more than 7 days ago: then all is asked for again.
// If the next is for something else, and there are answers, it gives a
// [*FileError] and leaves all as it is.
//
// Where the corpus has grown so much that it needs twice the blocks, once for
// each doubling, the ranges that did not change are downloaded too: the file
// keeps one bit too few of their hashes.
//
// If ctx ends first the error matches ctx.Err(). Two updates or builds of one
// path at once are refused where the system has file locks. The memory does not
// depend on the size of the corpus: about 12 MB, and 4 MB for each of
// Options.Workers and an answer for each request.
func Update(ctx context.Context, path string, config UpdateConfig) (UpdateReport, error) {
	config, err := config.complete()
	if err != nil {
		return UpdateReport{}, err
	}
	address, err := config.address()
	if err != nil {
		return UpdateReport{}, err
	}
	draft, err := newDraft(path)
	if err != nil {
		return UpdateReport{}, err
	}
	defer draft.discard()
	u := &updating{UpdateConfig: config, path: path, address: address, draft: draft}
	defer u.close()
	if err := u.begin(ctx); err != nil {
		return UpdateReport{}, stopped(ctx, err)
	}
	if err := u.download(ctx); err != nil {
		return UpdateReport{}, stopped(ctx, err)
	}
	return u.finish(ctx)
}

// updating is an update that is under way.
type updating struct {
	UpdateConfig
	path    string
	address string
	draft   *draft

	old      *file // the corpus that was there, or nil
	state    *state
	journal  *journal
	resumed  int
	received atomic.Int64
}

func (u *updating) closeOld() {
	if u.old != nil {
		u.old.close()
	}
}

func (u *updating) close() {
	u.closeOld()
	if u.state != nil {
		u.state.close()
	}
	if u.journal != nil {
		u.journal.close()
	}
}

func (u *updating) statePath() string   { return u.path + ".sync" }
func (u *updating) journalPath() string { return u.path + ".updating" }

// begin opens the corpus and what lies beside it.
func (u *updating) begin(ctx context.Context) (err error) {
	base, err := u.openOld(ctx)
	if err != nil {
		return err
	}
	if u.Options, err = u.Options.complete(); err != nil {
		return err
	}
	head := journalHead{
		kind: u.Options.Kind, remainderBits: u.Options.RemainderBits, counts: u.Options.Counts,
		digits: u.digits, minCount: u.Options.MinCount, base: base, address: sha256.Sum256([]byte(u.address)),
	}
	u.state, err = u.openJournal(head)
	return err
}

// openJournal opens the journal and then the state.
func (u *updating) openJournal(head journalHead) (*state, error) {
	about := head
	about.begun = u.now().Unix()
	journal, same, err := openJournal(u.journalPath(), about, u.minRows(u.Options.Full))
	switch {
	case err != nil:
		return nil, &FileError{
			Name: u.journalPath(), Problem: "cannot be written or read",
			Remedy: "check the folder, the disk and whether another update is under way", Err: err,
		}
	case !same:
		return nil, &FileError{
			Name: u.journalPath(), Problem: "is of an update with other options or another server, which did not end",
			Remedy: "update as then, or remove the file",
		}
	}
	u.journal = journal
	switch {
	case journal.result != nil && *journal.result == head.base:
		// Only the end was missing.
		if err := writeState(u.statePath(), journal, head.base); err != nil {
			return nil, unwritten(u.statePath(), err)
		}
		err = journal.begin()
	case !journal.own || journal.expired():
		err = journal.begin()
	case journal.result != nil:
		err = journal.reopen()
	}
	if err != nil {
		return nil, unwritten(u.journalPath(), err)
	}
	u.resumed = journal.next
	return openState(u.statePath(), head)
}

// openOld opens the corpus and checks all of it: what does not change is
// copied.
func (u *updating) openOld(ctx context.Context) (sum fingerprint, err error) {
	if _, err := os.Stat(u.path); errors.Is(err, os.ErrNotExist) {
		return sum, nil
	}
	if u.old, err = openFile(u.path, OpenOptions{Access: Read}); err != nil {
		return sum, err
	}
	if u.Options, err = u.Options.adopt(u.old); err != nil {
		return sum, err
	}
	return u.old.fingerprint(ctx, u.stage(StageVerify, u.old.fileSize))
}

// stage returns what tells the progress of a stage in bytes.
func (u *updating) stage(stage Stage, total int64) func(int64) {
	return func(done int64) {
		if u.Options.Progress != nil {
			u.Options.Progress(Progress{Stage: stage, Done: done, Total: total})
		}
	}
}

// finish writes the corpus and what is beside it.
func (u *updating) finish(ctx context.Context) (UpdateReport, error) {
	report := UpdateReport{
		Ranges: u.journal.ranges(), Changed: u.journal.changed, Resumed: u.resumed, Received: u.received.Load(),
	}
	if err := u.write(ctx, &report); err != nil {
		return UpdateReport{}, stopped(ctx, err)
	}
	report.Rows, report.Dropped = u.journal.rows, u.journal.rows-u.journal.kept
	report.Merged = u.journal.kept - report.Keys
	if err := u.journal.remove(); err != nil {
		return UpdateReport{}, unwritten(u.journalPath(), err)
	}
	return report, nil
}

// write writes the corpus, if it changes, and then the ETags.
func (u *updating) write(ctx context.Context, report *UpdateReport) error {
	options := u.Options
	if options.Stamp.IsZero() {
		options.Stamp = u.stamp()
	}
	sum := u.journal.base
	if u.old != nil && u.journal.changed == 0 && u.old.stamp == options.stamp() && u.old.full == options.Full {
		report.Info, report.Unchanged = u.old.header.info(), true
	} else {
		r, err := build(ctx, u.draft, synced{u.old, u.journal}, options)
		if err != nil {
			return u.disbelieve(ctx, err)
		}
		report.Report = r
		f, err := newFile(u.draft.path, u.draft.file, r.Bytes, nil)
		if err != nil {
			return err
		}
		if sum, err = f.fingerprint(ctx, u.stage(StageVerify, r.Bytes)); err != nil {
			return err
		}
		options.Progress(Progress{Stage: StageSync, Done: r.Bytes, Total: r.Bytes, Keys: r.Keys})
		if err := ctx.Err(); err != nil {
			return err
		}
		// The end of the journal says that the corpus is on the disk.
		if err := u.draft.sync(); err != nil {
			return err
		}
		if err := u.journal.end(sum); err != nil {
			return unwritten(u.journalPath(), err)
		}
		u.closeOld()
		if err := u.draft.commit(); err != nil {
			return err
		}
	}
	u.state.close()
	if err := writeState(u.statePath(), u.journal, sum); err != nil {
		return unwritten(u.statePath(), err)
	}
	return nil
}

// disbelieve forgets answers that make no corpus, so that the next update asks
// for them again. Those that the disk did not take make one later.
func (u *updating) disbelieve(ctx context.Context, err error) error {
	var disk *fs.PathError
	if ctx.Err() != nil || errors.As(err, &disk) {
		return err
	}
	if failure := u.journal.begin(); failure != nil {
		return errors.Join(err, unwritten(u.journalPath(), failure))
	}
	return err
}

func unwritten(path string, err error) error {
	return &FileError{Name: path, Problem: "cannot be written or read", Remedy: "check the folder and the disk", Err: err}
}

// fetcher returns what one worker asks with.
func (u *updating) fetcher() *fetcher {
	f := &fetcher{
		address: u.address, userAgent: u.UserAgent, kind: u.Options.Kind, digits: u.digits,
		minRows: u.minRows(u.Options.Full), packing: newPacking(u.Options, u.digits),
		client: &http.Client{
			Transport:     u.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	if u.Options.Kind == NTLM {
		f.query = "?mode=ntlm"
	}
	return f
}
