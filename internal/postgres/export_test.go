package postgres

import "github.com/lib/pq"

// What the tests of package postgres_test look at; they cannot stand in this package, because the test databases are
// made by a package that imports it.

// Files are the embedded SQL files.
var Files = files

// Configure gives the driver's settings for o.
func Configure(o Options) (pq.Config, error) { return configure(o) }

// ProgramVersion is the schema version of the embedded migrations.
func ProgramVersion() int64 { return currentSchema().version }

// RolesOf are the roles that a function or view is granted to.
func RolesOf(what string) []string { return grants()[what] }

// ListenAddress gives the address of [Store.Watch].
func ListenAddress(dsn string, config pq.Config) string { return listenAddress(dsn, config) }
