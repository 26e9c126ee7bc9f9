package corpus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Build writes a corpus to a path. It reads the source once from its beginning
// to its end, with memory that does not depend on its size. The same source
// and options give the same bytes, whatever the workers.
//
// The file appears whole or not at all: it is written beside the path under
// another name, brought to the disk, and then takes the place of what was
// there. A process that has the old file open keeps it until Reload. After an
// error, also if ctx ends, the old file is untouched and nothing is left behind;
// a process that is killed leaves at most one partial file, NAME.building, which
// the next build of the same path uses up. Two builds of one path at once are
// refused where the system has file locks.
//
// A source that is not what it should be gives a [*FileError] that names the
// line and the reason. If ctx ends first the error matches ctx.Err().
func Build(ctx context.Context, path string, source Source, options Options) (Report, error) {
	options, err := options.complete()
	if err != nil {
		return Report{}, err
	}
	draft, err := newDraft(path)
	if err != nil {
		return Report{}, err
	}
	defer draft.discard()
	report, err := build(ctx, draft, source, options)
	if err != nil {
		return Report{}, err
	}
	options.Progress(Progress{Stage: StageSync, Done: report.Bytes, Total: report.Bytes, Keys: report.Keys})
	if err := ctx.Err(); err != nil {
		return Report{}, stopped(ctx, err)
	}
	if err := draft.sync(); err != nil {
		return Report{}, err
	}
	if err := draft.commit(); err != nil {
		return Report{}, err
	}
	return report, nil
}

// build fills the draft.
func build(ctx context.Context, draft *draft, source Source, options Options) (Report, error) {
	in, err := source.open(ctx, workspace{
		kind: options.Kind, dir: filepath.Dir(draft.path),
		progress: func(stage Stage, done, total int64) {
			options.Progress(Progress{Stage: stage, Done: done, Total: total})
		},
	})
	if err != nil {
		return Report{}, stopped(ctx, err)
	}
	defer in.close()
	plan, err := newPlan(in, options)
	if err != nil {
		return Report{}, stopped(ctx, err)
	}
	report, err := plan.write(ctx, in, draft.file)
	if errors.Is(err, errCrowded) && plan.tooShallow() {
		err = plan.errShallow()
	}
	if err != nil {
		return Report{}, stopped(ctx, err)
	}
	// The number of blocks follows from the keys, which are known only now.
	for up := true; err == nil; {
		switch {
		case up && plan.wantsMore(report.Rows-report.Dropped):
			plan.blockBits++
			report, err = plan.write(ctx, in, draft.file)
		case plan.wantsLess(report.Keys):
			// What was written knows enough to be written again.
			up = false
			err = plan.shrink(ctx, draft, &report)
		case report.Keys > plan.most():
			return Report{}, plan.errShallow()
		default:
			// What was written must open, and what is full have its canaries.
			_, err := newFile(draft.path, draft.file, report.Bytes, nil)
			return report, err
		}
	}
	return Report{}, stopped(ctx, err)
}

// stopped returns the error of a build, which is that of ctx if it has ended.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("corpus: build stopped: %w", ctx.Err())
	}
	return err
}

// shrink writes the draft again with half the blocks.
func (p *plan) shrink(ctx context.Context, draft *draft, report *Report) error {
	f, err := newFile(draft.path, draft.file, report.Bytes, nil)
	if err != nil {
		return err
	}
	again, err := draft.second()
	if err != nil {
		return err
	}
	p.blockBits--
	next, err := p.write(ctx, &existing{f}, again)
	if err != nil {
		return err
	}
	report.Merged += report.Keys - next.Keys
	report.Info = next.Info
	draft.use(again)
	return nil
}

// create opens a file as it is, or makes one that only its owner may write.
func create(path string, flags int) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|flags, 0o644)
}
