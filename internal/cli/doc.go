// Package cli is the command tree: a file for each leaf command, which parses flags, calls one method of the service,
// and says how the result looks. It decides nothing about registrations and knows no SQL. app.go has what the commands
// share, main.go how a process begins and ends, views.go how records look in tables.
package cli
