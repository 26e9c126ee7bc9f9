package main

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestTokenKeyFollowsTheEpoch: what ends the sessions of an account ends
// PocketBase's tokens of it too, and nothing else does.
func TestTokenKeyFollowsTheEpoch(t *testing.T) {
	i := start(t)
	id := i.old(t, "nils@example.com")
	hash, key := i.row(t, id)
	require.Contains(t, hash, "$2")
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("nils@example.com", password).status)
	hash, kept1 := i.row(t, id)
	require.Equal(t, kept, hash, "the hash of before is forgotten with its upgrade")
	require.Equal(t, key, kept1, "an upgrade ends no token")

	other := i.visitor(t)
	require.Equal(t, 200, other.signIn("nils@example.com", password).status)
	steps := []func(){
		func() {
			require.Equal(t, 200, v.post(credentials+"password", object{"password": password, "newPassword": "another fjord 31 lantern"}).status)
		},
		func() { require.NoError(t, i.keeper.EndSessions(t.Context(), id, "test")) },
		func() { require.NoError(t, i.keeper.Regroup(t.Context(), id, groupStaff, "test")) },
	}
	for _, step := range steps {
		before, err := i.store.Load(t.Context(), id)
		require.NoError(t, err)
		step()
		after, err := i.store.Load(t.Context(), id)
		require.NoError(t, err)
		require.NotEqual(t, before.Epoch, after.Epoch)
		_, now := i.row(t, id)
		require.NotEqual(t, key, now)
		require.Len(t, now, 50)
		key = now
		require.Equal(t, 401, other.get("/api/shop/account").status)
	}
}

// TestTokenKeyIsOfTheSameTransaction: where a change of the credential is undone,
// so is that of the tokens.
func TestTokenKeyIsOfTheSameTransaction(t *testing.T) {
	i := start(t)
	id := i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	_, key := i.row(t, id)
	undone := errors.New("undone")
	require.ErrorIs(t, i.app.RunInTransaction(func(tx core.App) error {
		require.NoError(t, i.within(tx).EndSessions(t.Context(), id, "test"))
		record, err := tx.FindRecordById(customers, id)
		require.NoError(t, err)
		require.NotEqual(t, key, record.TokenKey())
		return undone
	}), undone)
	_, now := i.row(t, id)
	require.Equal(t, key, now)
	require.Equal(t, 200, v.get("/api/shop/account").status)
}

// TestOldCopiesBringNothingBack: a row that PocketBase read before the sessions
// ended and saves afterwards changes what was changed in it, and no token.
func TestOldCopiesBringNothingBack(t *testing.T) {
	i := start(t)
	id := i.old(t, "nils@example.com")
	old, err := i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	require.Equal(t, 200, i.visitor(t).signIn("nils@example.com", password).status)
	require.NoError(t, i.keeper.EndSessions(t.Context(), id, "test"))
	hash, key := i.row(t, id)
	old.Set("name", "Nils")
	require.NoError(t, i.app.Save(old))
	nowHash, nowKey := i.row(t, id)
	require.Equal(t, hash, nowHash)
	require.Equal(t, key, nowKey)
	record, err := i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	require.Equal(t, "Nils", record.GetString("name"))
}

// TestTransactionsOfBothSides: transactions of PocketBase that read and then
// write go through while Tillkey writes beside them. Without BEGIN IMMEDIATE,
// SQLite refuses the write of each that was overtaken, however often it is tried.
func TestTransactionsOfBothSides(t *testing.T) {
	i := start(t)
	const writers, rounds = 4, 12
	ids := make([]string, writers)
	for n := range ids {
		ids[n] = i.customer(t, "mira"+strconv.Itoa(n)+"@example.com", false)
	}
	var work sync.WaitGroup
	failed := make(chan error, 2*writers*rounds)
	for n := range writers {
		work.Go(func() {
			for round := range rounds {
				ended := make(chan struct{})
				failed <- i.app.RunInTransaction(func(tx core.App) error {
					record, err := tx.FindRecordById(customers, ids[n])
					go func() {
						defer close(ended)
						failed <- i.keeper.EndSessions(t.Context(), ids[(n+1)%writers], "test")
					}()
					// Another one writes here, where it can.
					select {
					case <-ended:
					case <-time.After(20 * time.Millisecond):
					}
					if err != nil {
						return err
					}
					record.Set("name", "Mira "+strconv.Itoa(round))
					return tx.SaveWithContext(t.Context(), record)
				})
				<-ended
			}
		})
	}
	work.Wait()
	close(failed)
	for err := range failed {
		require.NoError(t, err)
	}
}

// TestSignUpIsOneTransaction: customer and credential come to be together, and a
// claim that nobody confirmed gives way with its credential.
func TestSignUpIsOneTransaction(t *testing.T) {
	i := start(t)
	v := i.visitor(t)
	form := object{"email": "Una@Example.com", "name": "Una", "password": "first plum kettle 92 fjord"}
	require.Equal(t, 204, v.post(credentials+"sign-up", form).status)
	first := i.mailed(t, "confirm", "una@example.com")
	record, err := i.app.FindAuthRecordByEmail(customers, "una@example.com")
	require.NoError(t, err)
	status, err := i.keeper.Lookup(t.Context(), record.Id)
	require.NoError(t, err)
	require.True(t, status.HasPassword)
	require.False(t, status.Adopted)

	form["password"] = "second plum kettle 92 fjord"
	require.Equal(t, 204, v.post(credentials+"sign-up", form).status)
	second := i.mailed(t, "confirm", "una@example.com")
	_, err = i.store.Load(t.Context(), record.Id)
	require.ErrorIs(t, err, rotate.ErrNotFound)
	confirm := func(token, password string) answered {
		return v.post("/api/collections/customers/confirm-verification", object{"token": token, "password": password})
	}
	require.Equal(t, 400, confirm(first, "first plum kettle 92 fjord").status)
	require.Equal(t, 401, confirm(second, "first plum kettle 92 fjord").status)
	require.Equal(t, 401, confirm(second, "").status)
	require.Equal(t, 204, v.post("/api/collections/customers/request-verification", object{"email": "una@example.com"}).status)
	require.Equal(t, 401, v.signIn("una@example.com", "second plum kettle 92 fjord").status, "the address is not proven")
	a := confirm(second, "second plum kettle 92 fjord")
	require.Equal(t, 200, a.status, a.text)
	require.Equal(t, 200, v.get("/api/shop/account").status)
	require.Equal(t, 200, i.visitor(t).signIn("una@example.com", "second plum kettle 92 fjord").status)
}
