// Package sms owns the Chinese texts of the messages that the portal sends (guide 一, 二: 短信) and counts how many short
// messages a text takes.
//
// Its senders hand a text to a gateway, once for every call, and sort what became of it: only what certainly did not arrive may be sent
// again. It never stores or seals anything, and keeps no number. What a parameter holds is
// the caller's affair (a name is masked before it comes here); how it stands in a text is this package's: nothing that
// is not seen, no forged signature, and never more than [MaxUnits] in all.
package sms
