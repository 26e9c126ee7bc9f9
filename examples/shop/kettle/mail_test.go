package kettle

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate"
)

// A job waits for a database that is away, and for nothing else, and the end of
// the shop leaves none undone.
func TestMailer(t *testing.T) {
	m := newMailer(slog.New(slog.DiscardHandler), time.Now)
	m.pause = 0
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.run(ctx)
	}()
	tries := map[string]int{} // the mailer does one job at a time
	failing := func(name string, times int, err error) func(context.Context) error {
		return func(context.Context) error {
			if tries[name]++; tries[name] > times {
				return nil
			}
			return err
		}
	}
	m.later(failing("away for a while", 3, io.ErrUnexpectedEOF))
	m.later(failing("away for good", 1<<20, io.ErrUnexpectedEOF))
	m.later(failing("denied", 3, rotate.ErrDenied))
	m.busy.Wait()
	require.Equal(t, map[string]int{"away for a while": 4, "away for good": jobTries, "denied": 1}, tries)

	running, on := make(chan struct{}), make(chan struct{})
	m.later(func(ctx context.Context) error {
		close(running)
		<-on
		return ctx.Err() // the end of the shop is none for a job that has begun
	})
	<-running
	m.later(failing("left over", 0, nil))
	m.later(failing("left over and away", 1, errors.New("no database")))
	stop()
	close(on)
	<-ended
	m.busy.Wait()
	require.Equal(t, 1, tries["left over"])
	require.Equal(t, 1, tries["left over and away"], "nobody waits for it any more")
}
