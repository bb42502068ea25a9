package localpg

import "errors"

// The kinds of failure a caller may want to tell apart with errors.Is. The error
// text adds which path, program or log line is concerned, and never a secret.
var (
	// ErrNoPostgres: no PostgreSQL server binaries were found, or root has no
	// system user to run them as.
	ErrNoPostgres = errors.New("PostgreSQL is not installed")
	// ErrInUse: the server was not stopped because commands were still using it.
	ErrInUse = errors.New("the private server is in use")
	// ErrNotOwner: the data directory belongs to, or may be written by, another user.
	ErrNotOwner = errors.New("the data directory is not this user's own")
	// ErrUnreachable: the system user postgres can't reach root's data directory.
	ErrUnreachable = errors.New("the system user postgres can't reach the data directory")
	// ErrSetup: making the cluster failed.
	ErrSetup = errors.New("the private server can't be made")
	// ErrStart: the server did not start.
	ErrStart = errors.New("the private server does not start")
)

// errSocketLost reports a server that runs but whose socket file was removed, so
// that nobody can reach it any more.
var errSocketLost = errors.New("the socket of the private server was removed")
