package memstore_test

import (
	"testing"

	"github.com/tillkey/tillkey/rotate/storetest"
)

func TestS01_ProofFollowsTheReason(t *testing.T) {
	onMemory(t, storetest.TestS01_ProofFollowsTheReason)
}

func TestS01_AStolenPasswordCannotSatisfyACompromise(t *testing.T) {
	onMemory(t, storetest.TestS01_AStolenPasswordCannotSatisfyACompromise)
}

func TestS01_OutOfBandProofs(t *testing.T) { onMemory(t, storetest.TestS01_OutOfBandProofs) }

func TestS01_TheAddressMustBeOlder(t *testing.T) {
	onMemory(t, storetest.TestS01_TheAddressMustBeOlder)
}

func TestS01_AfterGraceTheOldPasswordOpensNothing(t *testing.T) {
	onMemory(t, storetest.TestS01_AfterGraceTheOldPasswordOpensNothing)
}

func TestS02_AKeyIsDroppedWhenNothingUsesIt(t *testing.T) {
	onMemory(t, storetest.TestS02_AKeyIsDroppedWhenNothingUsesIt)
}

func TestS02_AUseBetweenTheCountsStartsAnew(t *testing.T) {
	onMemory(t, storetest.TestS02_AUseBetweenTheCountsStartsAnew)
}

func TestS02_EveryWriteAsksForThePrimaryKey(t *testing.T) {
	onMemory(t, storetest.TestS02_EveryWriteAsksForThePrimaryKey)
}

func TestS03_AnInstanceWithoutAKeyDoesNotStart(t *testing.T) {
	onMemory(t, storetest.TestS03_AnInstanceWithoutAKeyDoesNotStart)
}

func TestS03_AMissingKeyIsNotAWrongPassword(t *testing.T) {
	onMemory(t, storetest.TestS03_AMissingKeyIsNotAWrongPassword)
}

func TestS04_ASessionCarriesEpochAndSequence(t *testing.T) {
	onMemory(t, storetest.TestS04_ASessionCarriesEpochAndSequence)
}

func TestS04_ACompromiseAlwaysEndsSessions(t *testing.T) {
	onMemory(t, storetest.TestS04_ACompromiseAlwaysEndsSessions)
}

func TestS04_TheSequenceIsReadWhenTheLoginBegins(t *testing.T) {
	onMemory(t, storetest.TestS04_TheSequenceIsReadWhenTheLoginBegins)
}

func TestS04_OrdersEndSessionsWithoutAPassword(t *testing.T) {
	onMemory(t, storetest.TestS04_OrdersEndSessionsWithoutAPassword)
}

func TestS05_EpochsAreRandom(t *testing.T) { onMemory(t, storetest.TestS05_EpochsAreRandom) }

func TestS05_AnAdoptedRowKeepsTheLegacyEpoch(t *testing.T) {
	onMemory(t, storetest.TestS05_AnAdoptedRowKeepsTheLegacyEpoch)
}

func TestS05_ARestoredRealmTrustsNobody(t *testing.T) {
	onMemory(t, storetest.TestS05_ARestoredRealmTrustsNobody)
}

func TestS06_OrdersAreMatchedBySequence(t *testing.T) {
	onMemory(t, storetest.TestS06_OrdersAreMatchedBySequence)
}

func TestS06_TheSequenceOfAFlowIsTheOneItBeganWith(t *testing.T) {
	onMemory(t, storetest.TestS06_TheSequenceOfAFlowIsTheOneItBeganWith)
}

func TestS06_Selection(t *testing.T) { onMemory(t, storetest.TestS06_Selection) }

func TestS06_AnOrderNeverUndues(t *testing.T) { onMemory(t, storetest.TestS06_AnOrderNeverUndues) }

func TestS06_JitterMakesAgesEarlierOnly(t *testing.T) {
	onMemory(t, storetest.TestS06_JitterMakesAgesEarlierOnly)
}

func TestS07_TheLastWriteOfALoginChecksAgain(t *testing.T) {
	onMemory(t, storetest.TestS07_TheLastWriteOfALoginChecksAgain)
}

func TestS07_ARehashNeverUndoesAChange(t *testing.T) {
	onMemory(t, storetest.TestS07_ARehashNeverUndoesAChange)
}

func TestS07_ChangesCompareToo(t *testing.T) { onMemory(t, storetest.TestS07_ChangesCompareToo) }

func TestS07_AReasonThatAroseMeanwhileStays(t *testing.T) {
	onMemory(t, storetest.TestS07_AReasonThatAroseMeanwhileStays)
}
