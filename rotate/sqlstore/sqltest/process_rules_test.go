package sqltest

import (
	"testing"

	"github.com/tillkey/tillkey/rotate/storetest"
)

// The rules for instances whose clocks are apart, and for what is done already.

func TestS06_NoClockEscapesAnOrder(t *testing.T) { law(t, storetest.TestS06_NoClockEscapesAnOrder) }

func TestS08_ACodeIsConsumedForEveryClock(t *testing.T) {
	law(t, storetest.TestS08_ACodeIsConsumedForEveryClock)
}

func TestS08_LocksOfOtherClocks(t *testing.T) { law(t, storetest.TestS08_LocksOfOtherClocks) }

func TestS09_TicketsOfOtherClocks(t *testing.T) { law(t, storetest.TestS09_TicketsOfOtherClocks) }

func TestS14_LeasesOfOtherClocks(t *testing.T) { law(t, storetest.TestS14_LeasesOfOtherClocks) }

func TestS22_RemindersOfOtherClocks(t *testing.T) { law(t, storetest.TestS22_RemindersOfOtherClocks) }

func TestS07_WhatIsDoneIsNotDenied(t *testing.T) { law(t, storetest.TestS07_WhatIsDoneIsNotDenied) }
