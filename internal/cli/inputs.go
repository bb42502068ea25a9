package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// keyMax is the longest idempotency key, in bytes.
const keyMax = 200

// inputs is all that a command was given: words, flags, the contents of files, and what was typed. An idempotency key belongs to it.
type inputs struct {
	mu      sync.Mutex
	sum     hash.Hash // nil: without a key nobody asks
	command []byte    // what it was when words and flags had been taken
	secret  bool
}

// notArguments are the global flags that do not say what is done.
var notArguments = []string{"output", "jq", "fields", "quiet", "yes", "no-input", "lang", "profile", "config", "database-url", "session-file", "timeout",
	"no-color", "verbose", "log-format", "dry-run", "idempotency-key"}

// begin takes words and flags, when there is a key.
func (in *inputs) begin(app *App, cmd *cobra.Command) error {
	if !cmd.Flags().Changed("idempotency-key") {
		return nil
	}
	key := app.global.key
	if key == "" || len(key) > keyMax || !utf8.ValidString(key) || strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return account.NewFault("USAGE", "problem", fmt.Sprintf(app.tr("--idempotency-key: 1-%d printable characters", "--idempotency-key:1-%d 个可见字符"), keyMax), "command", cmd.CommandPath())
	}
	in.sum = sha256.New()
	in.add("command", cmd.CommandPath())
	for _, arg := range cmd.Flags().Args() {
		in.add("argument", arg)
	}
	// Sorted by name.
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(notArguments, f.Name) {
			in.add(f.Name, f.Value.String())
		}
	})
	in.command = in.sum.Sum(nil)
	return nil
}

func (in *inputs) add(name, value string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.sum != nil {
		fmt.Fprintf(in.sum, "%s %d %s\n", name, len(value), value) //nolint:errcheck // a hash takes everything
	}
}

// typed takes what was typed, or read as a secret.
func (in *inputs) typed(value string) {
	in.marked(true)
	in.add("secret", value)
}

func (in *inputs) marked(secret bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.secret = in.secret || secret
}

// given is all that was given so far.
func (in *inputs) given() service.Arguments {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.sum == nil {
		return service.Arguments{}
	}
	return service.Arguments{Command: in.command, All: in.sum.Sum(nil), Secret: in.secret}
}

// reads makes what is read from a stream count. secret: it may have a password in it.
func (in *inputs) reads(from io.Reader, secret bool) io.Reader {
	if in.sum == nil {
		return from
	}
	in.marked(secret)
	in.add("file", "")
	return &counted{in, from}
}

type counted struct {
	in   *inputs
	from io.Reader
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.sum.Write(p[:n]) //nolint:errcheck // a hash takes everything
	return n, err
}

// input is a file that the user named, or standard input.
type input struct {
	io.Reader
	file *os.File // nil: standard input
	info os.FileInfo
}

// Close closes a file; standard input stays open.
func (i *input) Close() error {
	if i.file == nil {
		return nil
	}
	return i.file.Close()
}

// size is that of a regular file; 0 where it is not known.
func (i *input) size() int64 {
	if i.info == nil || !i.info.Mode().IsRegular() {
		return 0
	}
	return i.info.Size()
}

// private refuses a file that others can read. A pipe or device has no readers but us.
func (i *input) private(path string) error {
	if i.info != nil && i.info.Mode().IsRegular() && i.info.Mode().Perm()&0o077 != 0 {
		return account.NewFault("FILE_PERMISSIONS", "file", path)
	}
	return nil
}

// open opens a file that the user named; - is standard input. secret: it may have a password in it.
func (app *App) open(path string, secret bool) (*input, error) {
	if path == "-" {
		return &input{Reader: app.inputs.reads(app.std.In, secret)}, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fileFault(path, err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = syscall.EISDIR
	}
	if err != nil {
		return nil, fileFault(path, errors.Join(err, file.Close()))
	}
	return &input{Reader: app.inputs.reads(file, secret), file: file, info: info}, nil
}

// openDocument opens a scan that the user named.
func (app *App) openDocument(path string) (io.ReadCloser, error) {
	if path == "-" {
		path = "./-"
	}
	return app.open(path, false)
}
