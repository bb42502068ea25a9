//go:build darwin || dragonfly || freebsd || linux

package service

import "golang.org/x/sys/unix"

// readRoom asks a directory's file system what it has left for whoever is not root; false: it does not tell.
func readRoom(dir string) (room, bool) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return room{}, false
	}
	block := count(fs.Bsize)
	return room{free: count(fs.Bavail) * block, size: count(fs.Blocks) * block, freeFiles: count(fs.Ffree), files: count(fs.Files)}, true
}

// count makes one type of what each system has another for. Below nothing is left where the reserve for root is being used.
func count[T int64 | uint64 | uint32](n T) uint64 { return uint64(max(n, 0)) }
