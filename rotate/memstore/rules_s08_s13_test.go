package memstore_test

import (
	"testing"

	"github.com/tillkey/tillkey/rotate/storetest"
)

func TestS08_PasswordAndCodeHaveSeparateCounters(t *testing.T) {
	onMemory(t, storetest.TestS08_PasswordAndCodeHaveSeparateCounters)
}

func TestS08_ParallelGuessesStayWithinTheLimit(t *testing.T) {
	onMemory(t, storetest.TestS08_ParallelGuessesStayWithinTheLimit)
}

func TestS08_AHundredGuessesInAll(t *testing.T) {
	onMemory(t, storetest.TestS08_AHundredGuessesInAll)
}

func TestS08_ParallelCodesStayWithinTheLimit(t *testing.T) {
	onMemory(t, storetest.TestS08_ParallelCodesStayWithinTheLimit)
}

func TestS08_AResetClearsOnlyThePasswordCounter(t *testing.T) {
	onMemory(t, storetest.TestS08_AResetClearsOnlyThePasswordCounter)
}

func TestS08_RecoveryCodesWorkWhileTheCodesAreLocked(t *testing.T) {
	onMemory(t, storetest.TestS08_RecoveryCodesWorkWhileTheCodesAreLocked)
}

func TestS08_OneCodeGivesOneSuccess(t *testing.T) {
	onMemory(t, storetest.TestS08_OneCodeGivesOneSuccess)
}

func TestS09_ATicketIsNoSession(t *testing.T) {
	onMemory(t, storetest.TestS09_ATicketIsNoSession)
}

func TestS09_ATicketIsForOneStep(t *testing.T) {
	onMemory(t, storetest.TestS09_ATicketIsForOneStep)
}

func TestS09_ATicketIsBoundToTheBrowser(t *testing.T) {
	onMemory(t, storetest.TestS09_ATicketIsBoundToTheBrowser)
}

func TestS09_ATicketEnds(t *testing.T) {
	onMemory(t, storetest.TestS09_ATicketEnds)
}

func TestS09_ATicketIsUsedOnceWithSuccess(t *testing.T) {
	onMemory(t, storetest.TestS09_ATicketIsUsedOnceWithSuccess)
}

func TestS09_ATicketIsVoidAfterAChange(t *testing.T) {
	onMemory(t, storetest.TestS09_ATicketIsVoidAfterAChange)
}

func TestS09_TheCodeIsAskedBeforeTheNewPassword(t *testing.T) {
	onMemory(t, storetest.TestS09_TheCodeIsAskedBeforeTheNewPassword)
}

func TestS09_AForgedTicketIsRefused(t *testing.T) {
	onMemory(t, storetest.TestS09_AForgedTicketIsRefused)
}

func TestS09_NoPasswordIsKeptBetweenRequests(t *testing.T) {
	onMemory(t, storetest.TestS09_NoPasswordIsKeptBetweenRequests)
}

func TestS10_NothingStoredHoldsASecret(t *testing.T) {
	onMemory(t, storetest.TestS10_NothingStoredHoldsASecret)
}

func TestS10_TheMailerAsksAtDelivery(t *testing.T) {
	onMemory(t, storetest.TestS10_TheMailerAsksAtDelivery)
}

func TestS10_NothingPrintsASecret(t *testing.T) {
	onMemory(t, storetest.TestS10_NothingPrintsASecret)
}

func TestS11_AResetSetsThePasswordAndNothingElse(t *testing.T) {
	onMemory(t, storetest.TestS11_AResetSetsThePasswordAndNothingElse)
}

func TestS11_ATicketIsBound(t *testing.T) {
	onMemory(t, storetest.TestS11_ATicketIsBound)
}

func TestS11_ATicketLivesAsLongAsTheRulesSay(t *testing.T) {
	onMemory(t, storetest.TestS11_ATicketLivesAsLongAsTheRulesSay)
}

func TestS11_TheSecondFactorStays(t *testing.T) {
	onMemory(t, storetest.TestS11_TheSecondFactorStays)
}

func TestS11_MailsAreLimitedAndSignInIsNot(t *testing.T) {
	onMemory(t, storetest.TestS11_MailsAreLimitedAndSignInIsNot)
}

func TestS11_StaffMayVouch(t *testing.T) {
	onMemory(t, storetest.TestS11_StaffMayVouch)
}

func TestS11_ATicketIsNoWayToSearchPasswords(t *testing.T) {
	onMemory(t, storetest.TestS11_ATicketIsNoWayToSearchPasswords)
}

func TestS12_UnknownAndLockedAreTheSame(t *testing.T) {
	onMemory(t, storetest.TestS12_UnknownAndLockedAreTheSame)
}

func TestS12_WhateverIsTyped(t *testing.T) {
	onMemory(t, storetest.TestS12_WhateverIsTyped)
}

func TestS12_NamesAreKeyed(t *testing.T) {
	onMemory(t, storetest.TestS12_NamesAreKeyed)
}

func TestS12_EveryRefusalTakesTheWork(t *testing.T) {
	onMemory(t, storetest.TestS12_EveryRefusalTakesTheWork)
}

func TestS12_ARequestForMailTellsNothing(t *testing.T) {
	onMemory(t, storetest.TestS12_ARequestForMailTellsNothing)
}

func TestS12_ASignUpWithATakenAddress(t *testing.T) {
	onMemory(t, storetest.TestS12_ASignUpWithATakenAddress)
}

func TestS13_TheAddressIsAskedFirst(t *testing.T) {
	onMemory(t, storetest.TestS13_TheAddressIsAskedFirst)
}

func TestS13_TheBucketOfAnAddress(t *testing.T) {
	onMemory(t, storetest.TestS13_TheBucketOfAnAddress)
}

func TestS13_AGuessIsGivenBackIfNoHashStarted(t *testing.T) {
	onMemory(t, storetest.TestS13_AGuessIsGivenBackIfNoHashStarted)
}

func TestS13_AGuessThatWasComparedCounts(t *testing.T) {
	onMemory(t, storetest.TestS13_AGuessThatWasComparedCounts)
}

func TestS13_TriesDuringAWaitNeitherCountNorExtendIt(t *testing.T) {
	onMemory(t, storetest.TestS13_TriesDuringAWaitNeitherCountNorExtendIt)
}
