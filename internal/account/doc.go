// Package account is the domain: applications, accounts, sessions, checks and messages as scripts see them, the rules
// of form, and the one table of codes that maps every expected failure to an exit status and to texts in English and
// Chinese, with the manual that explains them. It holds no SQL, opens nothing, and imports nothing of this project but identifier.
package account
