package kettle

import (
	mathrand "math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The first start makes the accounts of the demonstration, all or none of them,
// and is killed while it does.
func TestKillAtFirstStart(t *testing.T) {
	p := newProgram(t)
	for range 4 {
		p = program{t, p.bin, t.TempDir() + "/shop.db", t.TempDir() + "/shop.keys"}
		first := p.command()
		require.NoError(t, first.Start())
		<-time.NewTimer(time.Duration(20+mathrand.IntN(600)) * time.Millisecond).C
		require.NoError(t, first.Process.Kill())
		require.Error(t, first.Wait())

		run := p.start()
		checkRows(t, p.db, nil, &client{})
		run.kill(t)
	}
}
