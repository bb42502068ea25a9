//go:build !(darwin || dragonfly || freebsd || linux)

package service

// readRoom is not known for this system.
func readRoom(string) (room, bool) { return room{}, false }
