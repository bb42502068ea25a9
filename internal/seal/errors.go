package seal

import "errors"

// The failures a caller can tell apart with errors.Is. Texts that wrap them
// hold paths and positions, never key material, passwords or personal data.
var (
	// ErrMissing means that there is no keyring file at the path.
	ErrMissing = errors.New("keyring file does not exist")
	// ErrPermissions means that the keyring file is a symbolic link, or that
	// its group or others can read, write or execute it.
	ErrPermissions = errors.New("keyring file is not private to its owner")
	// ErrMalformed means that the keyring file is not one, in form or content.
	ErrMalformed = errors.New("keyring file is malformed")
	// ErrNewer means that a later version of the program wrote the keyring file.
	ErrNewer = errors.New("keyring file has a newer format")
	// ErrWrapped means that the keyring file is wrapped and no passphrase was given.
	ErrWrapped = errors.New("keyring file needs its passphrase")
	// ErrPassphrase means that the passphrase does not open the keyring file: it
	// is another one, or the file was changed. The cipher does not tell which.
	ErrPassphrase = errors.New("passphrase does not open the keyring file")
	// ErrInUse means that another process is changing the keyring file.
	ErrInUse = errors.New("keyring file is being changed by another process")
	// ErrFull means that a keyring has as many sealing keys as it can have.
	ErrFull = errors.New("keyring has no room for another sealing key")
	// ErrNoKey means that the keyring has no sealing key of an id.
	ErrNoKey = errors.New("keyring has no such sealing key")
	// ErrActive means that the key is the one that seals, which can't be removed.
	ErrActive = errors.New("sealing key is the active one")
	// ErrExists means that Create found something at the path; it is untouched.
	ErrExists = errors.New("keyring file exists already")
	// ErrSuite means that a suite is neither "aes" nor "sm".
	ErrSuite = errors.New("unknown cryptographic suite")
	// ErrNoSealingKey means that the keyring is index-only.
	ErrNoSealingKey = errors.New("keyring has no sealing key")
	// ErrWrongKey means that a field was sealed by a key that is not in the
	// keyring: a retired one, or one of another keyring or suite.
	ErrWrongKey = errors.New("field was sealed by a key that is not in the keyring")
	// ErrTampered means that sealed bytes were changed or cut, were moved to
	// another table, row or column, or never were a sealed field.
	ErrTampered = errors.New("sealed field was changed or moved")
	// ErrAAD means that a field's table, row or column is not given.
	ErrAAD = errors.New("sealed field needs its table, row and column")
	// ErrPasswordParams means that password parameters, or a salt, are outside
	// the bounds of PasswordParams.Validate.
	ErrPasswordParams = errors.New("password parameters out of bounds")
	// ErrPHC means that a text is not an Argon2id PHC string.
	ErrPHC = errors.New("not an Argon2id PHC string")
)
