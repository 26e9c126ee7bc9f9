package sqltest

import (
	"testing"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/storetest"
)

// onFile is a Store on a new file.
func onFile(t *testing.T) rotate.Store {
	s, _ := fresh(t)
	return s
}

// The security rules on SQLite, each under the name it has in the design.

func TestAdoption(t *testing.T) { storetest.TestAdoption(t, onFile) }

func TestS01_AStolenPasswordCannotSatisfyACompromise(t *testing.T) {
	storetest.TestS01_AStolenPasswordCannotSatisfyACompromise(t, onFile)
}

func TestS01_AfterGraceTheOldPasswordOpensNothing(t *testing.T) {
	storetest.TestS01_AfterGraceTheOldPasswordOpensNothing(t, onFile)
}

func TestS01_OutOfBandProofs(t *testing.T) { storetest.TestS01_OutOfBandProofs(t, onFile) }

func TestS01_ProofFollowsTheReason(t *testing.T) { storetest.TestS01_ProofFollowsTheReason(t, onFile) }

func TestS01_TheAddressMustBeOlder(t *testing.T) { storetest.TestS01_TheAddressMustBeOlder(t, onFile) }

func TestS02_AKeyIsDroppedWhenNothingUsesIt(t *testing.T) {
	storetest.TestS02_AKeyIsDroppedWhenNothingUsesIt(t, onFile)
}

func TestS02_ASweepGoesPastARowItCannotJudge(t *testing.T) {
	storetest.TestS02_ASweepGoesPastARowItCannotJudge(t, onFile)
}

func TestS02_AUseBetweenTheCountsStartsAnew(t *testing.T) {
	storetest.TestS02_AUseBetweenTheCountsStartsAnew(t, onFile)
}

func TestS02_EveryWriteAsksForThePrimaryKey(t *testing.T) {
	storetest.TestS02_EveryWriteAsksForThePrimaryKey(t, onFile)
}

func TestS03_AMissingKeyIsNotAWrongPassword(t *testing.T) {
	storetest.TestS03_AMissingKeyIsNotAWrongPassword(t, onFile)
}

func TestS03_AnInstanceWithoutAKeyDoesNotStart(t *testing.T) {
	storetest.TestS03_AnInstanceWithoutAKeyDoesNotStart(t, onFile)
}

func TestS04_ACompromiseAlwaysEndsSessions(t *testing.T) {
	storetest.TestS04_ACompromiseAlwaysEndsSessions(t, onFile)
}

func TestS04_ASessionCarriesEpochAndSequence(t *testing.T) {
	storetest.TestS04_ASessionCarriesEpochAndSequence(t, onFile)
}

func TestS04_OrdersEndSessionsWithoutAPassword(t *testing.T) {
	storetest.TestS04_OrdersEndSessionsWithoutAPassword(t, onFile)
}

func TestS04_TheSequenceIsReadWhenTheLoginBegins(t *testing.T) {
	storetest.TestS04_TheSequenceIsReadWhenTheLoginBegins(t, onFile)
}

func TestS04_ValidWaitsForNobody(t *testing.T) { storetest.TestS04_ValidWaitsForNobody(t, onFile) }

func TestS05_ARestoredRealmTrustsNobody(t *testing.T) {
	storetest.TestS05_ARestoredRealmTrustsNobody(t, onFile)
}

func TestS05_ASignInOfBeforeGoesOn(t *testing.T) { storetest.TestS05_ASignInOfBeforeGoesOn(t, onFile) }

func TestS05_AnAdoptedRowKeepsTheLegacyEpoch(t *testing.T) {
	storetest.TestS05_AnAdoptedRowKeepsTheLegacyEpoch(t, onFile)
}

func TestS05_EpochsAreRandom(t *testing.T) { storetest.TestS05_EpochsAreRandom(t, onFile) }

func TestS05_EveryInstanceSeesTheRestore(t *testing.T) {
	storetest.TestS05_EveryInstanceSeesTheRestore(t, onFile)
}

func TestS06_AMoveEscapesNoOrder(t *testing.T) { storetest.TestS06_AMoveEscapesNoOrder(t, onFile) }

func TestS06_ARegroupRacingAnOrderIsDue(t *testing.T) {
	storetest.TestS06_ARegroupRacingAnOrderIsDue(t, onFile)
}

func TestS06_AnOrderNeverUndues(t *testing.T) { storetest.TestS06_AnOrderNeverUndues(t, onFile) }

func TestS06_JitterMakesAgesEarlierOnly(t *testing.T) {
	storetest.TestS06_JitterMakesAgesEarlierOnly(t, onFile)
}

func TestS06_OrdersAreMatchedBySequence(t *testing.T) {
	storetest.TestS06_OrdersAreMatchedBySequence(t, onFile)
}

func TestS06_Selection(t *testing.T) { storetest.TestS06_Selection(t, onFile) }

func TestS06_TheSequenceOfAFlowIsTheOneItBeganWith(t *testing.T) {
	storetest.TestS06_TheSequenceOfAFlowIsTheOneItBeganWith(t, onFile)
}

func TestS07_AReasonThatAroseMeanwhileStays(t *testing.T) {
	storetest.TestS07_AReasonThatAroseMeanwhileStays(t, onFile)
}

func TestS07_ARehashNeverUndoesAChange(t *testing.T) {
	storetest.TestS07_ARehashNeverUndoesAChange(t, onFile)
}

func TestS07_ChangesCompareToo(t *testing.T) { storetest.TestS07_ChangesCompareToo(t, onFile) }

func TestS07_TheLastWriteOfALoginChecksAgain(t *testing.T) {
	storetest.TestS07_TheLastWriteOfALoginChecksAgain(t, onFile)
}

func TestS08_AHundredGuessesInAll(t *testing.T) { storetest.TestS08_AHundredGuessesInAll(t, onFile) }

func TestS08_AResetClearsOnlyThePasswordCounter(t *testing.T) {
	storetest.TestS08_AResetClearsOnlyThePasswordCounter(t, onFile)
}

func TestS08_OneCodeGivesOneSuccess(t *testing.T) {
	storetest.TestS08_OneCodeGivesOneSuccess(t, onFile)
}

func TestS08_ParallelCodesStayWithinTheLimit(t *testing.T) {
	storetest.TestS08_ParallelCodesStayWithinTheLimit(t, onFile)
}

func TestS08_ParallelGuessesStayWithinTheLimit(t *testing.T) {
	storetest.TestS08_ParallelGuessesStayWithinTheLimit(t, onFile)
}

func TestS08_PasswordAndCodeHaveSeparateCounters(t *testing.T) {
	storetest.TestS08_PasswordAndCodeHaveSeparateCounters(t, onFile)
}

func TestS08_RecoveryCodesWorkWhileTheCodesAreLocked(t *testing.T) {
	storetest.TestS08_RecoveryCodesWorkWhileTheCodesAreLocked(t, onFile)
}

func TestS09_AForgedTicketIsRefused(t *testing.T) {
	storetest.TestS09_AForgedTicketIsRefused(t, onFile)
}

func TestS09_ATicketEnds(t *testing.T) { storetest.TestS09_ATicketEnds(t, onFile) }

func TestS09_ATicketIsBoundToTheBrowser(t *testing.T) {
	storetest.TestS09_ATicketIsBoundToTheBrowser(t, onFile)
}

func TestS09_ATicketIsForOneStep(t *testing.T) { storetest.TestS09_ATicketIsForOneStep(t, onFile) }

func TestS09_ATicketIsNoSession(t *testing.T) { storetest.TestS09_ATicketIsNoSession(t, onFile) }

func TestS09_ATicketIsUsedOnceWithSuccess(t *testing.T) {
	storetest.TestS09_ATicketIsUsedOnceWithSuccess(t, onFile)
}

func TestS09_ATicketIsVoidAfterAChange(t *testing.T) {
	storetest.TestS09_ATicketIsVoidAfterAChange(t, onFile)
}

func TestS09_ATicketTriesTwentyPasswords(t *testing.T) {
	storetest.TestS09_ATicketTriesTwentyPasswords(t, onFile)
}

func TestS09_NoPasswordIsKeptBetweenRequests(t *testing.T) {
	storetest.TestS09_NoPasswordIsKeptBetweenRequests(t, onFile)
}

func TestS09_TheCodeIsAskedBeforeTheNewPassword(t *testing.T) {
	storetest.TestS09_TheCodeIsAskedBeforeTheNewPassword(t, onFile)
}

func TestS10_NothingPrintsASecret(t *testing.T) { storetest.TestS10_NothingPrintsASecret(t, onFile) }

func TestS10_NothingStoredHoldsASecret(t *testing.T) {
	storetest.TestS10_NothingStoredHoldsASecret(t, onFile)
}

func TestS10_TheMailerAsksAtDelivery(t *testing.T) {
	storetest.TestS10_TheMailerAsksAtDelivery(t, onFile)
}

func TestS11_AResetSetsThePasswordAndNothingElse(t *testing.T) {
	storetest.TestS11_AResetSetsThePasswordAndNothingElse(t, onFile)
}

func TestS11_ATicketIsBound(t *testing.T) { storetest.TestS11_ATicketIsBound(t, onFile) }

func TestS11_ATicketIsNoWayToSearchPasswords(t *testing.T) {
	storetest.TestS11_ATicketIsNoWayToSearchPasswords(t, onFile)
}

func TestS11_ATicketLivesAsLongAsTheRulesSay(t *testing.T) {
	storetest.TestS11_ATicketLivesAsLongAsTheRulesSay(t, onFile)
}

func TestS11_MailsAreLimitedAndSignInIsNot(t *testing.T) {
	storetest.TestS11_MailsAreLimitedAndSignInIsNot(t, onFile)
}

func TestS11_MailsAreLimitedByAccount(t *testing.T) {
	storetest.TestS11_MailsAreLimitedByAccount(t, onFile)
}

func TestS11_StaffMayVouch(t *testing.T) { storetest.TestS11_StaffMayVouch(t, onFile) }

func TestS11_TheSecondFactorStays(t *testing.T) { storetest.TestS11_TheSecondFactorStays(t, onFile) }

func TestS12_ARequestForMailTellsNothing(t *testing.T) {
	storetest.TestS12_ARequestForMailTellsNothing(t, onFile)
}

func TestS12_ASignUpWithATakenAddress(t *testing.T) {
	storetest.TestS12_ASignUpWithATakenAddress(t, onFile)
}

func TestS12_AnUnreadableRowWaitsLikeAnUnknownName(t *testing.T) {
	storetest.TestS12_AnUnreadableRowWaitsLikeAnUnknownName(t, onFile)
}

func TestS12_EveryRefusalTakesTheWork(t *testing.T) {
	storetest.TestS12_EveryRefusalTakesTheWork(t, onFile)
}

func TestS12_NamesAreKeyed(t *testing.T) { storetest.TestS12_NamesAreKeyed(t, onFile) }

func TestS12_UnknownAndLockedAreTheSame(t *testing.T) {
	storetest.TestS12_UnknownAndLockedAreTheSame(t, onFile)
}

func TestS12_WhateverIsTyped(t *testing.T) { storetest.TestS12_WhateverIsTyped(t, onFile) }

func TestS13_AGuessIsGivenBackIfNoHashStarted(t *testing.T) {
	storetest.TestS13_AGuessIsGivenBackIfNoHashStarted(t, onFile)
}

func TestS13_AGuessThatWasComparedCounts(t *testing.T) {
	storetest.TestS13_AGuessThatWasComparedCounts(t, onFile)
}

func TestS13_TheAddressIsAskedFirst(t *testing.T) {
	storetest.TestS13_TheAddressIsAskedFirst(t, onFile)
}

func TestS13_TheBucketOfAnAddress(t *testing.T) { storetest.TestS13_TheBucketOfAnAddress(t, onFile) }

func TestS13_TriesDuringAWaitNeitherCountNorExtendIt(t *testing.T) {
	storetest.TestS13_TriesDuringAWaitNeitherCountNorExtendIt(t, onFile)
}

func TestS14_AnEventComesAtLeastOnce(t *testing.T) {
	storetest.TestS14_AnEventComesAtLeastOnce(t, onFile)
}

func TestS14_NeitherRowNorEventAlone(t *testing.T) {
	storetest.TestS14_NeitherRowNorEventAlone(t, onFile)
}

func TestS14_NothingIsCalledUnderALock(t *testing.T) {
	storetest.TestS14_NothingIsCalledUnderALock(t, onFile)
}

func TestS14_TheProfileIsNotAskedUnderALock(t *testing.T) {
	storetest.TestS14_TheProfileIsNotAskedUnderALock(t, onFile)
}

func TestS14_TwoDeliverersShare(t *testing.T) { storetest.TestS14_TwoDeliverersShare(t, onFile) }

func TestS14_WhatWasNotNotedComesAgain(t *testing.T) {
	storetest.TestS14_WhatWasNotNotedComesAgain(t, onFile)
}

func TestS15_AFactorIsUse(t *testing.T) { storetest.TestS15_AFactorIsUse(t, onFile) }

func TestS15_AMalformedRowIsReported(t *testing.T) {
	storetest.TestS15_AMalformedRowIsReported(t, onFile)
}

func TestS15_ASignInRacesAnImport(t *testing.T) { storetest.TestS15_ASignInRacesAnImport(t, onFile) }

func TestS15_AnImportFillsARowThatAGuessMade(t *testing.T) {
	storetest.TestS15_AnImportFillsARowThatAGuessMade(t, onFile)
}

func TestS15_ImportIsInsertOnly(t *testing.T) { storetest.TestS15_ImportIsInsertOnly(t, onFile) }

func TestS15_InvalidTextIsRefusedWhenSet(t *testing.T) {
	storetest.TestS15_InvalidTextIsRefusedWhenSet(t, onFile)
}

func TestS15_RawBytesFirst(t *testing.T) { storetest.TestS15_RawBytesFirst(t, onFile) }

func TestS15_TwiceIsOnce(t *testing.T) { storetest.TestS15_TwiceIsOnce(t, onFile) }

func TestS16_AChangeEndsSessionsAndIsTold(t *testing.T) {
	storetest.TestS16_AChangeEndsSessionsAndIsTold(t, onFile)
}

func TestS16_AFactorChangeNeedsEveryProof(t *testing.T) {
	storetest.TestS16_AFactorChangeNeedsEveryProof(t, onFile)
}

func TestS16_AReasonBetweenOfferAndConfirm(t *testing.T) {
	storetest.TestS16_AReasonBetweenOfferAndConfirm(t, onFile)
}

func TestS16_AnOfferLivesTenMinutes(t *testing.T) {
	storetest.TestS16_AnOfferLivesTenMinutes(t, onFile)
}

func TestS16_AnOfferReplacesNothing(t *testing.T) {
	storetest.TestS16_AnOfferReplacesNothing(t, onFile)
}

func TestS16_ConfirmIsLimited(t *testing.T) { storetest.TestS16_ConfirmIsLimited(t, onFile) }

func TestS16_WithoutAPassword(t *testing.T) { storetest.TestS16_WithoutAPassword(t, onFile) }

func TestS17_ABreachFoundMeanwhileBurns(t *testing.T) {
	storetest.TestS17_ABreachFoundMeanwhileBurns(t, onFile)
}

func TestS17_ABurnedOneIsAmongTheLastFour(t *testing.T) {
	storetest.TestS17_ABurnedOneIsAmongTheLastFour(t, onFile)
}

func TestS17_ABurnedPasswordStaysBurned(t *testing.T) {
	storetest.TestS17_ABurnedPasswordStaysBurned(t, onFile)
}

func TestS17_LessThanAYearIsNoRule(t *testing.T) { storetest.TestS17_LessThanAYearIsNoRule(t, onFile) }

func TestS17_NothingUnburns(t *testing.T) { storetest.TestS17_NothingUnburns(t, onFile) }

func TestS17_TheLastFourAndTwelveMonths(t *testing.T) {
	storetest.TestS17_TheLastFourAndTwelveMonths(t, onFile)
}

func TestS18_AMoveEscapesNoOrder(t *testing.T) { storetest.TestS18_AMoveEscapesNoOrder(t, onFile) }

func TestS18_AccountsAreBytes(t *testing.T) { storetest.TestS18_AccountsAreBytes(t, onFile) }

func TestS18_MoveSealsAnew(t *testing.T) { storetest.TestS18_MoveSealsAnew(t, onFile) }

func TestS18_SealsAreBound(t *testing.T) { storetest.TestS18_SealsAreBound(t, onFile) }

func TestS18_WithoutTheFactorTheHashDoesNotOpen(t *testing.T) {
	storetest.TestS18_WithoutTheFactorTheHashDoesNotOpen(t, onFile)
}

func TestS20_ACodeAtTheSignInIsAStepUp(t *testing.T) {
	storetest.TestS20_ACodeAtTheSignInIsAStepUp(t, onFile)
}

func TestS20_ALockedSignInLocksNoStepUp(t *testing.T) {
	storetest.TestS20_ALockedSignInLocksNoStepUp(t, onFile)
}

func TestS20_APasswordAloneIsNotFresh(t *testing.T) {
	storetest.TestS20_APasswordAloneIsNotFresh(t, onFile)
}

func TestS20_ARightProofFreesTheCounter(t *testing.T) {
	storetest.TestS20_ARightProofFreesTheCounter(t, onFile)
}

func TestS20_FiveAlsoInParallel(t *testing.T) { storetest.TestS20_FiveAlsoInParallel(t, onFile) }

func TestS20_FiveFailuresEndTheSession(t *testing.T) {
	storetest.TestS20_FiveFailuresEndTheSession(t, onFile)
}

func TestS20_WhatIsNoFailure(t *testing.T) { storetest.TestS20_WhatIsNoFailure(t, onFile) }

func TestS21_AnOrderIsOnePercentOffAtMost(t *testing.T) {
	storetest.TestS21_AnOrderIsOnePercentOffAtMost(t, onFile)
}

func TestS21_AnOrderSaysWhoAndWhy(t *testing.T) { storetest.TestS21_AnOrderSaysWhoAndWhy(t, onFile) }

func TestS21_NoMethodSetsAPasswordForACustomer(t *testing.T) {
	storetest.TestS21_NoMethodSetsAPasswordForACustomer(t, onFile)
}

func TestS21_OrdersAreAppendOnly(t *testing.T) { storetest.TestS21_OrdersAreAppendOnly(t, onFile) }

func TestS21_ProgressCounts(t *testing.T) { storetest.TestS21_ProgressCounts(t, onFile) }

func TestS22_AClockAheadRemindsOnce(t *testing.T) {
	storetest.TestS22_AClockAheadRemindsOnce(t, onFile)
}

func TestS22_ATicketIsMailedOnTheCustomersOwnAction(t *testing.T) {
	storetest.TestS22_ATicketIsMailedOnTheCustomersOwnAction(t, onFile)
}

func TestS22_NoticesCarryNoLinkAndNoCode(t *testing.T) {
	storetest.TestS22_NoticesCarryNoLinkAndNoCode(t, onFile)
}

func TestS22_OneInstanceReminds(t *testing.T) { storetest.TestS22_OneInstanceReminds(t, onFile) }

func TestS22_RemindersThenTheChange(t *testing.T) {
	storetest.TestS22_RemindersThenTheChange(t, onFile)
}

func TestS22_WhatEndsReminders(t *testing.T) { storetest.TestS22_WhatEndsReminders(t, onFile) }

func TestS23_AHitIsDueOutOfBand(t *testing.T) { storetest.TestS23_AHitIsDueOutOfBand(t, onFile) }

func TestS23_AStoppedSourceNeverBlocksASignIn(t *testing.T) {
	storetest.TestS23_AStoppedSourceNeverBlocksASignIn(t, onFile)
}

func TestS23_NothingOfAHitIsKept(t *testing.T) { storetest.TestS23_NothingOfAHitIsKept(t, onFile) }

func TestS23_OnlyTheListsOfTheSignInAreAsked(t *testing.T) {
	storetest.TestS23_OnlyTheListsOfTheSignInAreAsked(t, onFile)
}
