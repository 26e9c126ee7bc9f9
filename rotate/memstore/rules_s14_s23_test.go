package memstore_test

import (
	"testing"

	"github.com/tillkey/tillkey/rotate/storetest"
)

func TestAdoption(t *testing.T) { onMemory(t, storetest.TestAdoption) }

func TestS14_NeitherRowNorEventAlone(t *testing.T) {
	onMemory(t, storetest.TestS14_NeitherRowNorEventAlone)
}

func TestS14_NothingIsCalledUnderALock(t *testing.T) {
	onMemory(t, storetest.TestS14_NothingIsCalledUnderALock)
}

func TestS14_AnEventComesAtLeastOnce(t *testing.T) {
	onMemory(t, storetest.TestS14_AnEventComesAtLeastOnce)
}

func TestS14_WhatWasNotNotedComesAgain(t *testing.T) {
	onMemory(t, storetest.TestS14_WhatWasNotNotedComesAgain)
}

func TestS14_TwoDeliverersShare(t *testing.T) { onMemory(t, storetest.TestS14_TwoDeliverersShare) }

func TestS15_ImportIsInsertOnly(t *testing.T) { onMemory(t, storetest.TestS15_ImportIsInsertOnly) }

func TestS15_AFactorIsUse(t *testing.T) { onMemory(t, storetest.TestS15_AFactorIsUse) }

func TestS15_ASignInRacesAnImport(t *testing.T) {
	onMemory(t, storetest.TestS15_ASignInRacesAnImport)
}

func TestS15_TwiceIsOnce(t *testing.T) { onMemory(t, storetest.TestS15_TwiceIsOnce) }

func TestS15_AMalformedRowIsReported(t *testing.T) {
	onMemory(t, storetest.TestS15_AMalformedRowIsReported)
}

func TestS15_RawBytesFirst(t *testing.T) { onMemory(t, storetest.TestS15_RawBytesFirst) }

func TestS15_InvalidTextIsRefusedWhenSet(t *testing.T) {
	onMemory(t, storetest.TestS15_InvalidTextIsRefusedWhenSet)
}

func TestS16_AFactorChangeNeedsEveryProof(t *testing.T) {
	onMemory(t, storetest.TestS16_AFactorChangeNeedsEveryProof)
}

func TestS16_AnOfferReplacesNothing(t *testing.T) {
	onMemory(t, storetest.TestS16_AnOfferReplacesNothing)
}

func TestS16_AnOfferLivesTenMinutes(t *testing.T) {
	onMemory(t, storetest.TestS16_AnOfferLivesTenMinutes)
}

func TestS16_AChangeEndsSessionsAndIsTold(t *testing.T) {
	onMemory(t, storetest.TestS16_AChangeEndsSessionsAndIsTold)
}

func TestS16_AReasonBetweenOfferAndConfirm(t *testing.T) {
	onMemory(t, storetest.TestS16_AReasonBetweenOfferAndConfirm)
}

func TestS16_ConfirmIsLimited(t *testing.T) { onMemory(t, storetest.TestS16_ConfirmIsLimited) }

func TestS16_WithoutAPassword(t *testing.T) { onMemory(t, storetest.TestS16_WithoutAPassword) }

func TestS17_ABurnedPasswordStaysBurned(t *testing.T) {
	onMemory(t, storetest.TestS17_ABurnedPasswordStaysBurned)
}

func TestS17_LessThanAYearIsNoRule(t *testing.T) {
	onMemory(t, storetest.TestS17_LessThanAYearIsNoRule)
}

func TestS17_TheLastFourAndTwelveMonths(t *testing.T) {
	onMemory(t, storetest.TestS17_TheLastFourAndTwelveMonths)
}

func TestS17_ABurnedOneIsAmongTheLastFour(t *testing.T) {
	onMemory(t, storetest.TestS17_ABurnedOneIsAmongTheLastFour)
}

func TestS17_ABreachFoundMeanwhileBurns(t *testing.T) {
	onMemory(t, storetest.TestS17_ABreachFoundMeanwhileBurns)
}

func TestS17_NothingUnburns(t *testing.T) { onMemory(t, storetest.TestS17_NothingUnburns) }

func TestS18_WithoutTheFactorTheHashDoesNotOpen(t *testing.T) {
	onMemory(t, storetest.TestS18_WithoutTheFactorTheHashDoesNotOpen)
}

func TestS18_SealsAreBound(t *testing.T) { onMemory(t, storetest.TestS18_SealsAreBound) }

func TestS18_MoveSealsAnew(t *testing.T) { onMemory(t, storetest.TestS18_MoveSealsAnew) }

func TestS18_AMoveEscapesNoOrder(t *testing.T) {
	onMemory(t, storetest.TestS18_AMoveEscapesNoOrder)
}

func TestS18_AccountsAreBytes(t *testing.T) { onMemory(t, storetest.TestS18_AccountsAreBytes) }

func TestS20_FiveFailuresEndTheSession(t *testing.T) {
	onMemory(t, storetest.TestS20_FiveFailuresEndTheSession)
}

func TestS20_FiveAlsoInParallel(t *testing.T) { onMemory(t, storetest.TestS20_FiveAlsoInParallel) }

func TestS20_ARightProofFreesTheCounter(t *testing.T) {
	onMemory(t, storetest.TestS20_ARightProofFreesTheCounter)
}

func TestS20_WhatIsNoFailure(t *testing.T) { onMemory(t, storetest.TestS20_WhatIsNoFailure) }

func TestS20_ALockedSignInLocksNoStepUp(t *testing.T) {
	onMemory(t, storetest.TestS20_ALockedSignInLocksNoStepUp)
}

func TestS20_ACodeAtTheSignInIsAStepUp(t *testing.T) {
	onMemory(t, storetest.TestS20_ACodeAtTheSignInIsAStepUp)
}

func TestS21_AnOrderIsOnePercentOffAtMost(t *testing.T) {
	onMemory(t, storetest.TestS21_AnOrderIsOnePercentOffAtMost)
}

func TestS21_AnOrderSaysWhoAndWhy(t *testing.T) {
	onMemory(t, storetest.TestS21_AnOrderSaysWhoAndWhy)
}

func TestS21_OrdersAreAppendOnly(t *testing.T) {
	onMemory(t, storetest.TestS21_OrdersAreAppendOnly)
}

func TestS21_ProgressCounts(t *testing.T) { onMemory(t, storetest.TestS21_ProgressCounts) }

func TestS21_NoMethodSetsAPasswordForACustomer(t *testing.T) {
	onMemory(t, storetest.TestS21_NoMethodSetsAPasswordForACustomer)
}

func TestS22_RemindersThenTheChange(t *testing.T) {
	onMemory(t, storetest.TestS22_RemindersThenTheChange)
}

func TestS22_OneInstanceReminds(t *testing.T) { onMemory(t, storetest.TestS22_OneInstanceReminds) }

func TestS22_WhatEndsReminders(t *testing.T) { onMemory(t, storetest.TestS22_WhatEndsReminders) }

func TestS22_NoticesCarryNoLinkAndNoCode(t *testing.T) {
	onMemory(t, storetest.TestS22_NoticesCarryNoLinkAndNoCode)
}

func TestS22_ATicketIsMailedOnTheCustomersOwnAction(t *testing.T) {
	onMemory(t, storetest.TestS22_ATicketIsMailedOnTheCustomersOwnAction)
}

func TestS23_OnlyTheListsOfTheSignInAreAsked(t *testing.T) {
	onMemory(t, storetest.TestS23_OnlyTheListsOfTheSignInAreAsked)
}

func TestS23_AStoppedSourceNeverBlocksASignIn(t *testing.T) {
	onMemory(t, storetest.TestS23_AStoppedSourceNeverBlocksASignIn)
}

func TestS23_AHitIsDueOutOfBand(t *testing.T) { onMemory(t, storetest.TestS23_AHitIsDueOutOfBand) }

func TestS23_NothingOfAHitIsKept(t *testing.T) {
	onMemory(t, storetest.TestS23_NothingOfAHitIsKept)
}
