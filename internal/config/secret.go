package config

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/farenctl/farenctl/internal/account"
)

// secretMax is far above what any secret needs, in bytes.
const secretMax = 4 << 10

// ReadSecret reads the file of a secret, without its line end. It returns FILE_PERMISSIONS when others can read the file, and
// CONFIG_INVALID when it is none, is empty or longer than 4 kB. No error tells what it holds.
func ReadSecret(path string) ([]byte, error) {
	// O_NONBLOCK: a named pipe in the place of the file must not hang us.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, secretFault(path, err)
	}
	defer file.Close() //nolint:errcheck // only read
	// Of the opened file, so that it can't change before the read.
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, secretFault(path, err)
	case !info.Mode().IsRegular():
		return nil, invalid("the secret file " + path + " is not a regular file")
	case info.Mode().Perm()&0o077 != 0:
		return nil, account.NewFault("FILE_PERMISSIONS", "file", path)
	}
	secret, err := io.ReadAll(io.LimitReader(file, secretMax+1))
	if err != nil {
		return nil, secretFault(path, err)
	}
	if len(secret) > secretMax {
		return nil, invalid("the secret file " + path + " is longer than a secret")
	}
	secret = bytes.TrimSuffix(bytes.TrimSuffix(secret, []byte("\n")), []byte("\r"))
	if len(secret) == 0 {
		return nil, invalid("the secret file " + path + " is empty")
	}
	return secret, nil
}

func secretFault(path string, err error) error {
	problem := "cannot be read"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem = "is not there"
	case errors.Is(err, fs.ErrPermission):
		problem = "cannot be read by this user"
	}
	return account.NewFault("CONFIG_INVALID", "problem", "the secret file "+path+" "+problem).WithCause(err)
}
