// Package postgres is the store: it opens the database, keeps its schema, and calls its functions. Every rule about
// state lives in the functions (functions/*.sql, one round trip a change); this package turns their answers into domain
// types and their refusals into faults, and driver errors into faults in one place. It decides nothing, opens no
// sealed field, and prints nothing; a DSN or a server's error detail never leaves it.
package postgres
