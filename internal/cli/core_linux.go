package cli

import "golang.org/x/sys/unix"

// withoutCore keeps what this process has in memory, passwords and keys among it, from a core file, also where the kernel hands cores to a
// program, and from other processes of the same user who would look into it.
func withoutCore() {
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) // an old kernel's refusal changes nothing
}
