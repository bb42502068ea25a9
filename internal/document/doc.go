// Package document decides which scanned documents the manual registration channels take (guide 一.3, 一.4): a whole
// JPEG picture, at most [MaxBytes] and [MaxPixels], and nothing beside it.
//
// It owns the rules of form and the reasons of a refusal. It keeps, seals and sends nothing, and never changes a byte:
// EXIF and other metadata are neither looked at nor removed. What a picture shows is for the people who review it.
//
// It also keeps the memory promise: whatever is uploaded, reading and checking it takes at most 64 MiB over an idle
// process, while one document is checked at a time.
package document
