// Package identifier knows the written form of everything that identifies a
// unit or a person here: unit codes, personal documents, names, phones, e-mail
// addresses, ethnic groups and usernames.
//
// It owns, for each [Kind], how a value is normalized, which rule it must
// follow, what can be read out of it (facts), how it is shown with most of it
// hidden (masks), and the keys by which names are compared. The rules are those
// of the public standards named beside each function (GB 32100-2015, GB 11714,
// GB 11643, GS 15-2006, GB/T 3304, ISO 7064); a choice of this project is
// marked "ours".
//
// It never does input or output, keeps no state, reads no clock (the day is an
// argument), and decides nothing about who may do what. A [Problem] never holds
// the value it is about. [Report] does hold it: whoever prints or logs a report
// of a personal kind masks it first.
//
// A new kind is one row of the table in rules.go.
package identifier
