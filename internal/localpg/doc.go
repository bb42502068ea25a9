// Package localpg owns the private PostgreSQL server of one operating system
// user: it makes the cluster, starts it when a command needs it, repairs what a
// killed process left behind, and stops it after disuse.
//
// The data directory holds everything, and nothing outside it is written except
// a short socket directory when the path does not do for a socket address:
//
//	cluster/            the PostgreSQL cluster, made elsewhere and renamed into place
//	cluster.init-*/     a cluster in the making; a leftover is removed by the next run
//	run/                the socket directory
//	socket-dir          path of the short socket directory, when run/ does not do
//	hba.conf ident.conf who may connect, rewritten before every start
//	log/                output of the server and of the watcher
//	use.lock            shared by commands, exclusive for whoever stops the server
//	setup.lock          exclusive for whoever makes, repairs or starts the server
//	watch.lock          exclusive for the watcher
//
// Every command holds use.lock in shared mode while it works, so a stop can never
// cut one: the stopper needs the lock in exclusive mode, and a command that comes
// meanwhile waits for it and starts the server again. Locks are flock(2) locks; the
// kernel drops them when their process dies, however it dies.
//
// The server listens on a socket only. Peer authentication with an ident map lets
// in the user who owns the data directory (for root: root and postgres) as the
// database roles [RoleSuper] and [RoleLocal], and nobody else. PostgreSQL refuses
// to run as root, so root's server runs as the system user postgres; the data
// directory itself then belongs to root, and postgres may only pass through it.
//
// After a lease is given, the server may still refuse a connection for a moment with
// SQLSTATE 57P03: when one of its backends is killed it recovers without saying so in
// its files. Callers retry that as they retry a broken connection.
//
// PostgreSQL 14 or newer and a /proc file system are needed.
//
// The package never applies migrations, never reads or keeps keys or passwords,
// never stops a server that a command uses, and never touches a server that does
// not run on its own cluster.
package localpg
