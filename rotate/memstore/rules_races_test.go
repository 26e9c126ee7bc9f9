package memstore_test

import (
	"testing"

	"github.com/tillkey/tillkey/rotate/storetest"
)

func TestS06_AMoveEscapesNoOrder(t *testing.T) { onMemory(t, storetest.TestS06_AMoveEscapesNoOrder) }

func TestS06_ARegroupRacingAnOrderIsDue(t *testing.T) {
	onMemory(t, storetest.TestS06_ARegroupRacingAnOrderIsDue)
}

func TestS05_EveryInstanceSeesTheRestore(t *testing.T) {
	onMemory(t, storetest.TestS05_EveryInstanceSeesTheRestore)
}

func TestS05_ASignInOfBeforeGoesOn(t *testing.T) {
	onMemory(t, storetest.TestS05_ASignInOfBeforeGoesOn)
}

func TestS15_AnImportFillsARowThatAGuessMade(t *testing.T) {
	onMemory(t, storetest.TestS15_AnImportFillsARowThatAGuessMade)
}

func TestS12_AnUnreadableRowWaitsLikeAnUnknownName(t *testing.T) {
	onMemory(t, storetest.TestS12_AnUnreadableRowWaitsLikeAnUnknownName)
}

func TestS11_MailsAreLimitedByAccount(t *testing.T) {
	onMemory(t, storetest.TestS11_MailsAreLimitedByAccount)
}

func TestS20_APasswordAloneIsNotFresh(t *testing.T) {
	onMemory(t, storetest.TestS20_APasswordAloneIsNotFresh)
}

func TestS09_ATicketTriesTwentyPasswords(t *testing.T) {
	onMemory(t, storetest.TestS09_ATicketTriesTwentyPasswords)
}

func TestS02_ASweepGoesPastARowItCannotJudge(t *testing.T) {
	onMemory(t, storetest.TestS02_ASweepGoesPastARowItCannotJudge)
}

func TestS14_TheProfileIsNotAskedUnderALock(t *testing.T) {
	onMemory(t, storetest.TestS14_TheProfileIsNotAskedUnderALock)
}

func TestS04_ValidWaitsForNobody(t *testing.T) { onMemory(t, storetest.TestS04_ValidWaitsForNobody) }
