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
		return nil, invalid("the secret file %s is not a regular file", "密钥文件 %s 不是普通文件", path)
	case info.Mode().Perm()&0o077 != 0:
		return nil, account.NewFault("FILE_PERMISSIONS", "file", path)
	}
	secret, err := io.ReadAll(io.LimitReader(file, secretMax+1))
	if err != nil {
		return nil, secretFault(path, err)
	}
	if len(secret) > secretMax {
		return nil, invalid("the secret file %s is longer than a secret", "密钥文件 %s 过长", path)
	}
	secret = bytes.TrimSuffix(bytes.TrimSuffix(secret, []byte("\n")), []byte("\r"))
	if len(secret) == 0 {
		return nil, invalid("the secret file %s is empty", "密钥文件 %s 为空", path)
	}
	return secret, nil
}

func secretFault(path string, err error) error {
	problem := account.Say("cannot be read", "无法读取")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem = account.Say("is not there", "不存在")
	case errors.Is(err, fs.ErrPermission):
		problem = account.Say("cannot be read by this user", "当前用户无权读取")
	}
	return account.NewFault("CONFIG_INVALID", "problem", account.Say("the secret file %s %s", "密钥文件 %s %s", path, problem)).WithCause(err)
}
