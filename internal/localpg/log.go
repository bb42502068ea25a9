package localpg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	maxLog       = 1 << 20 // bytes after which a log is set aside at the next start
	maxTailLines = 4
	maxTailBytes = 400
)

// openLog opens a log for appending. A long one is kept once, under the name .1.
func openLog(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("server log: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("server log: %w", err)
	}
	return f, nil
}

// tailSince gives the last lines that a log got after offset.
func tailSince(path string, offset int64) string {
	text, err := readSince(path, offset)
	if err != nil {
		return err.Error()
	}
	if tail := lastLines(text); tail != "" {
		return tail
	}
	return "it ended without a word in " + path
}

func readSince(path string, offset int64) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	content, err := io.ReadAll(io.NewSectionReader(f, offset, maxLog))
	return string(content), err
}

// lastLines makes one short line of the last lines of a program's output.
func lastLines(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) > maxTailLines {
		lines = lines[len(lines)-maxTailLines:]
	}
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	tail := strings.Join(lines, "; ")
	if len(tail) > maxTailBytes {
		tail = "…" + strings.ToValidUTF8(tail[len(tail)-maxTailBytes:], "")
	}
	return tail
}
