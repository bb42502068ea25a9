// Package audit proves that the audit's events are those that were sealed. It owns how an event becomes a leaf of a Merkle tree (RFC 6962, as
// golang.org/x/mod/sumdb/tlog has it), the signed text of a checkpoint (golang.org/x/mod/sumdb/note), and the directory that keeps both outside
// the database. It never reads the database: events are handed to it in their order.
//
// A leaf is the number of its event and the SHA-256 of the event's encoding: for each column that is not NULL, in the order of [Columns], its
// name and its value as text, each behind its length. Columns that a later schema adds are NULL in older events, whose leaves stay as they are.
// Texts are those that every version of PostgreSQL writes alike: whole numbers, UUIDs, times in UTC with the date style ISO, names, and jsonb,
// whose keys have one order and whose numbers keep their digits.
package audit
