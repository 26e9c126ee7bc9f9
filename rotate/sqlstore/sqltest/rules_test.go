package sqltest

import (
	"testing"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

// law checks one rule on every server.
func law(t *testing.T, check func(*testing.T, storetest.Open)) {
	t.Helper()
	each(t, func(t *testing.T, s server) { check(t, s.rule) })
}

// The security rules on every database, each under the name it has in the design.

func TestAdoption(t *testing.T) { law(t, storetest.TestAdoption) }

func TestS01_ARaisedPolicyAsksForThePassword(t *testing.T) {
	law(t, storetest.TestS01_ARaisedPolicyAsksForThePassword)
}

func TestS01_AStolenPasswordCannotSatisfyACompromise(t *testing.T) {
	law(t, storetest.TestS01_AStolenPasswordCannotSatisfyACompromise)
}

func TestS01_AfterGraceTheOldPasswordOpensNothing(t *testing.T) {
	law(t, storetest.TestS01_AfterGraceTheOldPasswordOpensNothing)
}

func TestS01_OutOfBandProofs(t *testing.T) { law(t, storetest.TestS01_OutOfBandProofs) }

func TestS01_ProofFollowsTheReason(t *testing.T) { law(t, storetest.TestS01_ProofFollowsTheReason) }

func TestS01_TheAddressMustBeOlder(t *testing.T) { law(t, storetest.TestS01_TheAddressMustBeOlder) }

func TestS02_AKeyIsDroppedWhenNothingUsesIt(t *testing.T) {
	law(t, storetest.TestS02_AKeyIsDroppedWhenNothingUsesIt)
}

func TestS02_ASweepGoesPastARowItCannotJudge(t *testing.T) {
	law(t, storetest.TestS02_ASweepGoesPastARowItCannotJudge)
}

func TestS02_AUseBetweenTheCountsStartsAnew(t *testing.T) {
	law(t, storetest.TestS02_AUseBetweenTheCountsStartsAnew)
}

func TestS02_EveryWriteAsksForThePrimaryKey(t *testing.T) {
	law(t, storetest.TestS02_EveryWriteAsksForThePrimaryKey)
}

func TestS03_AMissingKeyIsNotAWrongPassword(t *testing.T) {
	law(t, storetest.TestS03_AMissingKeyIsNotAWrongPassword)
}

func TestS03_AnInstanceWithoutAKeyDoesNotStart(t *testing.T) {
	law(t, storetest.TestS03_AnInstanceWithoutAKeyDoesNotStart)
}

func TestS04_ACompromiseAlwaysEndsSessions(t *testing.T) {
	law(t, storetest.TestS04_ACompromiseAlwaysEndsSessions)
}

func TestS04_ASessionCarriesEpochAndSequence(t *testing.T) {
	law(t, storetest.TestS04_ASessionCarriesEpochAndSequence)
}

func TestS04_OrdersEndSessionsWithoutAPassword(t *testing.T) {
	law(t, storetest.TestS04_OrdersEndSessionsWithoutAPassword)
}

func TestS04_TheSequenceIsReadWhenTheLoginBegins(t *testing.T) {
	law(t, storetest.TestS04_TheSequenceIsReadWhenTheLoginBegins)
}

func TestS04_ValidWaitsForNobody(t *testing.T) { law(t, storetest.TestS04_ValidWaitsForNobody) }

func TestS05_ARestoredRealmTrustsNobody(t *testing.T) {
	law(t, storetest.TestS05_ARestoredRealmTrustsNobody)
}

func TestS05_ASignInOfBeforeGoesOn(t *testing.T) { law(t, storetest.TestS05_ASignInOfBeforeGoesOn) }

func TestS05_AnAdoptedRowKeepsTheLegacyEpoch(t *testing.T) {
	law(t, storetest.TestS05_AnAdoptedRowKeepsTheLegacyEpoch)
}

func TestS05_EpochsAreRandom(t *testing.T) { law(t, storetest.TestS05_EpochsAreRandom) }

func TestS05_EveryInstanceSeesTheRestore(t *testing.T) {
	law(t, storetest.TestS05_EveryInstanceSeesTheRestore)
}

func TestS06_AGraceIsAnnouncedAnew(t *testing.T) {
	law(t, storetest.TestS06_AGraceIsAnnouncedAnew)
}

func TestS06_ALooserPolicyMakesNobodyDue(t *testing.T) {
	law(t, storetest.TestS06_ALooserPolicyMakesNobodyDue)
}

func TestS06_AMoveEscapesNoOrder(t *testing.T) { law(t, storetest.TestS06_AMoveEscapesNoOrder) }

func TestS06_ARegroupRacingAnOrderIsDue(t *testing.T) {
	law(t, storetest.TestS06_ARegroupRacingAnOrderIsDue)
}

func TestS06_AnOrderNeverUndues(t *testing.T) { law(t, storetest.TestS06_AnOrderNeverUndues) }

func TestS06_JitterMakesAgesEarlierOnly(t *testing.T) {
	law(t, storetest.TestS06_JitterMakesAgesEarlierOnly)
}

func TestS06_OrdersAreMatchedBySequence(t *testing.T) {
	law(t, storetest.TestS06_OrdersAreMatchedBySequence)
}

func TestS06_Selection(t *testing.T) { law(t, storetest.TestS06_Selection) }

func TestS06_TheSequenceOfAFlowIsTheOneItBeganWith(t *testing.T) {
	law(t, storetest.TestS06_TheSequenceOfAFlowIsTheOneItBeganWith)
}

func TestS07_AReasonThatAroseMeanwhileStays(t *testing.T) {
	law(t, storetest.TestS07_AReasonThatAroseMeanwhileStays)
}

func TestS07_ARecheckIsDecidedByTheLastWrite(t *testing.T) {
	law(t, storetest.TestS07_ARecheckIsDecidedByTheLastWrite)
}

func TestS07_ARehashNeverUndoesAChange(t *testing.T) {
	law(t, storetest.TestS07_ARehashNeverUndoesAChange)
}

func TestS07_ChangesCompareToo(t *testing.T) { law(t, storetest.TestS07_ChangesCompareToo) }

func TestS07_TheLastWriteOfALoginChecksAgain(t *testing.T) {
	law(t, storetest.TestS07_TheLastWriteOfALoginChecksAgain)
}

func TestS08_AHundredGuessesInAll(t *testing.T) { law(t, storetest.TestS08_AHundredGuessesInAll) }

func TestS08_AResetClearsOnlyThePasswordCounter(t *testing.T) {
	law(t, storetest.TestS08_AResetClearsOnlyThePasswordCounter)
}

func TestS08_OneCodeGivesOneSuccess(t *testing.T) { law(t, storetest.TestS08_OneCodeGivesOneSuccess) }

func TestS08_ParallelCodesStayWithinTheLimit(t *testing.T) {
	law(t, storetest.TestS08_ParallelCodesStayWithinTheLimit)
}

func TestS08_ParallelGuessesStayWithinTheLimit(t *testing.T) {
	law(t, storetest.TestS08_ParallelGuessesStayWithinTheLimit)
}

func TestS08_PasswordAndCodeHaveSeparateCounters(t *testing.T) {
	law(t, storetest.TestS08_PasswordAndCodeHaveSeparateCounters)
}

func TestS08_RecoveryCodesWorkWhileTheCodesAreLocked(t *testing.T) {
	law(t, storetest.TestS08_RecoveryCodesWorkWhileTheCodesAreLocked)
}

func TestS09_AForgedTicketIsRefused(t *testing.T) { law(t, storetest.TestS09_AForgedTicketIsRefused) }

func TestS09_ATicketEnds(t *testing.T) { law(t, storetest.TestS09_ATicketEnds) }

func TestS09_ATicketIsBoundToTheBrowser(t *testing.T) {
	law(t, storetest.TestS09_ATicketIsBoundToTheBrowser)
}

func TestS09_ATicketIsForOneStep(t *testing.T) { law(t, storetest.TestS09_ATicketIsForOneStep) }

func TestS09_ATicketIsNoSession(t *testing.T) { law(t, storetest.TestS09_ATicketIsNoSession) }

func TestS09_ATicketIsUsedOnceWithSuccess(t *testing.T) {
	law(t, storetest.TestS09_ATicketIsUsedOnceWithSuccess)
}

func TestS09_ATicketIsVoidAfterAChange(t *testing.T) {
	law(t, storetest.TestS09_ATicketIsVoidAfterAChange)
}

func TestS09_ATicketTriesTwentyPasswords(t *testing.T) {
	law(t, storetest.TestS09_ATicketTriesTwentyPasswords)
}

func TestS09_NoPasswordIsKeptBetweenRequests(t *testing.T) {
	law(t, storetest.TestS09_NoPasswordIsKeptBetweenRequests)
}

func TestS09_TheCodeIsAskedBeforeTheNewPassword(t *testing.T) {
	law(t, storetest.TestS09_TheCodeIsAskedBeforeTheNewPassword)
}

func TestS10_NothingPrintsASecret(t *testing.T) { law(t, storetest.TestS10_NothingPrintsASecret) }

func TestS10_NothingStoredHoldsASecret(t *testing.T) {
	law(t, storetest.TestS10_NothingStoredHoldsASecret)
}

func TestS10_TheMailerAsksAtDelivery(t *testing.T) { law(t, storetest.TestS10_TheMailerAsksAtDelivery) }

func TestS11_AResetSetsThePasswordAndNothingElse(t *testing.T) {
	law(t, storetest.TestS11_AResetSetsThePasswordAndNothingElse)
}

func TestS11_ATicketIsBound(t *testing.T) { law(t, storetest.TestS11_ATicketIsBound) }

func TestS11_ATicketIsNoWayToSearchPasswords(t *testing.T) {
	law(t, storetest.TestS11_ATicketIsNoWayToSearchPasswords)
}

func TestS11_ATicketLivesAsLongAsTheRulesSay(t *testing.T) {
	law(t, storetest.TestS11_ATicketLivesAsLongAsTheRulesSay)
}

func TestS11_MailsAreLimitedAndSignInIsNot(t *testing.T) {
	law(t, storetest.TestS11_MailsAreLimitedAndSignInIsNot)
}

func TestS11_MailsAreLimitedByAccount(t *testing.T) {
	law(t, storetest.TestS11_MailsAreLimitedByAccount)
}

func TestS11_StaffMayVouch(t *testing.T) { law(t, storetest.TestS11_StaffMayVouch) }

func TestS11_TheSecondFactorStays(t *testing.T) { law(t, storetest.TestS11_TheSecondFactorStays) }

func TestS12_ARecheckTellsNothing(t *testing.T) {
	law(t, storetest.TestS12_ARecheckTellsNothing)
}

func TestS12_ARequestForMailTellsNothing(t *testing.T) {
	law(t, storetest.TestS12_ARequestForMailTellsNothing)
}

func TestS12_ASignUpWithATakenAddress(t *testing.T) {
	law(t, storetest.TestS12_ASignUpWithATakenAddress)
}

func TestS12_AnUnreadableRowWaitsLikeAnUnknownName(t *testing.T) {
	law(t, storetest.TestS12_AnUnreadableRowWaitsLikeAnUnknownName)
}

func TestS12_EveryRefusalTakesTheWork(t *testing.T) {
	law(t, storetest.TestS12_EveryRefusalTakesTheWork)
}

func TestS12_NamesAreKeyed(t *testing.T) { law(t, storetest.TestS12_NamesAreKeyed) }

func TestS12_UnknownAndLockedAreTheSame(t *testing.T) {
	law(t, storetest.TestS12_UnknownAndLockedAreTheSame)
}

func TestS12_WhateverIsTyped(t *testing.T) { law(t, storetest.TestS12_WhateverIsTyped) }

func TestS13_AGuessIsGivenBackIfNoHashStarted(t *testing.T) {
	law(t, storetest.TestS13_AGuessIsGivenBackIfNoHashStarted)
}

func TestS13_AGuessThatWasComparedCounts(t *testing.T) {
	law(t, storetest.TestS13_AGuessThatWasComparedCounts)
}

func TestS13_TheAddressIsAskedFirst(t *testing.T) { law(t, storetest.TestS13_TheAddressIsAskedFirst) }

func TestS13_TheBucketOfAnAddress(t *testing.T) { law(t, storetest.TestS13_TheBucketOfAnAddress) }

func TestS13_TriesDuringAWaitNeitherCountNorExtendIt(t *testing.T) {
	law(t, storetest.TestS13_TriesDuringAWaitNeitherCountNorExtendIt)
}

func TestS14_AnEventComesAtLeastOnce(t *testing.T) { law(t, storetest.TestS14_AnEventComesAtLeastOnce) }

func TestS14_NeitherRowNorEventAlone(t *testing.T) { law(t, storetest.TestS14_NeitherRowNorEventAlone) }

func TestS14_NothingIsCalledUnderALock(t *testing.T) {
	law(t, storetest.TestS14_NothingIsCalledUnderALock)
}

func TestS14_TheProfileIsNotAskedUnderALock(t *testing.T) {
	law(t, storetest.TestS14_TheProfileIsNotAskedUnderALock)
}

func TestS14_TwoDeliverersShare(t *testing.T) { law(t, storetest.TestS14_TwoDeliverersShare) }

func TestS14_WhatWasNotNotedComesAgain(t *testing.T) {
	law(t, storetest.TestS14_WhatWasNotNotedComesAgain)
}

func TestS15_AFactorIsUse(t *testing.T) { law(t, storetest.TestS15_AFactorIsUse) }

func TestS15_AMalformedRowIsReported(t *testing.T) { law(t, storetest.TestS15_AMalformedRowIsReported) }

func TestS15_ASignInRacesAnImport(t *testing.T) { law(t, storetest.TestS15_ASignInRacesAnImport) }

func TestS15_AnImportFillsARowThatAGuessMade(t *testing.T) {
	law(t, storetest.TestS15_AnImportFillsARowThatAGuessMade)
}

func TestS15_ImportIsInsertOnly(t *testing.T) { law(t, storetest.TestS15_ImportIsInsertOnly) }

func TestS15_InvalidTextIsRefusedWhenSet(t *testing.T) {
	law(t, storetest.TestS15_InvalidTextIsRefusedWhenSet)
}

func TestS15_RawBytesFirst(t *testing.T) { law(t, storetest.TestS15_RawBytesFirst) }

func TestS15_TheFirstSignInChecksWhatWasImported(t *testing.T) {
	law(t, storetest.TestS15_TheFirstSignInChecksWhatWasImported)
}

func TestS15_TwiceIsOnce(t *testing.T) { law(t, storetest.TestS15_TwiceIsOnce) }

func TestS16_AChangeEndsSessionsAndIsTold(t *testing.T) {
	law(t, storetest.TestS16_AChangeEndsSessionsAndIsTold)
}

func TestS16_AFactorChangeNeedsEveryProof(t *testing.T) {
	law(t, storetest.TestS16_AFactorChangeNeedsEveryProof)
}

func TestS16_AReasonBetweenOfferAndConfirm(t *testing.T) {
	law(t, storetest.TestS16_AReasonBetweenOfferAndConfirm)
}

func TestS16_AnOfferLivesTenMinutes(t *testing.T) { law(t, storetest.TestS16_AnOfferLivesTenMinutes) }

func TestS16_AnOfferReplacesNothing(t *testing.T) { law(t, storetest.TestS16_AnOfferReplacesNothing) }

func TestS16_ConfirmIsLimited(t *testing.T) { law(t, storetest.TestS16_ConfirmIsLimited) }

func TestS16_WithoutAPassword(t *testing.T) { law(t, storetest.TestS16_WithoutAPassword) }

func TestS17_ABreachFoundMeanwhileBurns(t *testing.T) {
	law(t, storetest.TestS17_ABreachFoundMeanwhileBurns)
}

func TestS17_ABurnedOneIsAmongTheLastFour(t *testing.T) {
	law(t, storetest.TestS17_ABurnedOneIsAmongTheLastFour)
}

func TestS17_ABurnedPasswordStaysBurned(t *testing.T) {
	law(t, storetest.TestS17_ABurnedPasswordStaysBurned)
}

func TestS17_AFirstPasswordNeverStays(t *testing.T) {
	law(t, storetest.TestS17_AFirstPasswordNeverStays)
}

func TestS17_AFirstPasswordOpensNothingElse(t *testing.T) {
	law(t, storetest.TestS17_AFirstPasswordOpensNothingElse)
}

func TestS17_LessThanAYearIsNoRule(t *testing.T) { law(t, storetest.TestS17_LessThanAYearIsNoRule) }

func TestS17_NothingUnburns(t *testing.T) { law(t, storetest.TestS17_NothingUnburns) }

func TestS17_TheLastFourAndTwelveMonths(t *testing.T) {
	law(t, storetest.TestS17_TheLastFourAndTwelveMonths)
}

func TestS18_AMoveEscapesNoOrder(t *testing.T) { law(t, storetest.TestS18_AMoveEscapesNoOrder) }

func TestS18_AccountsAreBytes(t *testing.T) { law(t, storetest.TestS18_AccountsAreBytes) }

func TestS18_MoveSealsAnew(t *testing.T) { law(t, storetest.TestS18_MoveSealsAnew) }

func TestS18_SealsAreBound(t *testing.T) { law(t, storetest.TestS18_SealsAreBound) }

func TestS18_WithoutTheFactorTheHashDoesNotOpen(t *testing.T) {
	law(t, storetest.TestS18_WithoutTheFactorTheHashDoesNotOpen)
}

func TestS20_ACodeAtTheSignInIsAStepUp(t *testing.T) {
	law(t, storetest.TestS20_ACodeAtTheSignInIsAStepUp)
}

func TestS20_ALockedSignInLocksNoStepUp(t *testing.T) {
	law(t, storetest.TestS20_ALockedSignInLocksNoStepUp)
}

func TestS20_APasswordAloneIsNotFresh(t *testing.T) {
	law(t, storetest.TestS20_APasswordAloneIsNotFresh)
}

func TestS20_ARightProofFreesTheCounter(t *testing.T) {
	law(t, storetest.TestS20_ARightProofFreesTheCounter)
}

func TestS20_FiveAlsoInParallel(t *testing.T) { law(t, storetest.TestS20_FiveAlsoInParallel) }

func TestS20_FiveFailuresEndTheSession(t *testing.T) {
	law(t, storetest.TestS20_FiveFailuresEndTheSession)
}

func TestS20_WhatIsNoFailure(t *testing.T) { law(t, storetest.TestS20_WhatIsNoFailure) }

func TestS21_AnOrderIsOnePercentOffAtMost(t *testing.T) {
	law(t, storetest.TestS21_AnOrderIsOnePercentOffAtMost)
}

func TestS21_AnOrderSaysWhoAndWhy(t *testing.T) { law(t, storetest.TestS21_AnOrderSaysWhoAndWhy) }

func TestS21_EveryPasswordPassesOneGate(t *testing.T) {
	law(t, storetest.TestS21_EveryPasswordPassesOneGate)
}

func TestS21_NoMethodSetsAPasswordForACustomer(t *testing.T) {
	law(t, storetest.TestS21_NoMethodSetsAPasswordForACustomer)
}

func TestS21_OrdersAreAppendOnly(t *testing.T) { law(t, storetest.TestS21_OrdersAreAppendOnly) }

func TestS21_PolicyProgressCounts(t *testing.T) {
	law(t, storetest.TestS21_PolicyProgressCounts)
}

func TestS21_ProgressCounts(t *testing.T) { law(t, storetest.TestS21_ProgressCounts) }

func TestS22_AClockAheadRemindsOnce(t *testing.T) { law(t, storetest.TestS22_AClockAheadRemindsOnce) }

func TestS22_ATicketIsMailedOnTheCustomersOwnAction(t *testing.T) {
	law(t, storetest.TestS22_ATicketIsMailedOnTheCustomersOwnAction)
}

func TestS22_NoticesCarryNoLinkAndNoCode(t *testing.T) {
	law(t, storetest.TestS22_NoticesCarryNoLinkAndNoCode)
}

func TestS22_OneInstanceReminds(t *testing.T) { law(t, storetest.TestS22_OneInstanceReminds) }

func TestS22_RemindersThenTheChange(t *testing.T) { law(t, storetest.TestS22_RemindersThenTheChange) }

func TestS22_WhatEndsReminders(t *testing.T) { law(t, storetest.TestS22_WhatEndsReminders) }

func TestS23_AHitIsDueOutOfBand(t *testing.T) { law(t, storetest.TestS23_AHitIsDueOutOfBand) }

// TestS23_AStoppedSourceNeverBlocksASignIn runs on a clock of its own, to which a
// pool of another test does not belong.

func TestS23_ARecheckWaitsForNobody(t *testing.T) {
	law(t, storetest.TestS23_ARecheckWaitsForNobody)
}

func TestS23_AStoppedSourceNeverBlocksASignIn(t *testing.T) {
	each(t, func(t *testing.T, s server) {
		storetest.TestS23_AStoppedSourceNeverBlocksASignIn(t, func(t *testing.T) rotate.Store {
			return s.store(t, s.empty(t).db, sqlstore.Config{})
		})
	})
}

func TestS23_NothingOfAHitIsKept(t *testing.T) { law(t, storetest.TestS23_NothingOfAHitIsKept) }

func TestS23_OnlyTheListsOfTheSignInAreAsked(t *testing.T) {
	law(t, storetest.TestS23_OnlyTheListsOfTheSignInAreAsked)
}
