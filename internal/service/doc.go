// Package service has the use cases: one method each, which checks the form of what it is given, seals what is
// personal, and calls one function of the database, where state is decided. It connects when a use case first needs
// the database, so that input which is wrong by its form costs no connection. It prints nothing and knows no flags.
package service
