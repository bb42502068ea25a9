package postgres

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
)

// codeUndefined marks a missing schema, table or function, which only the schema check explains.
const codeUndefined account.Code = "SCHEMA_MISSING"

const maxTries = 5

// ErrRequestReused says that a request's id was an earlier one's that asked for something else.
var ErrRequestReused = errors.New("the id of another request")

// retry runs a call again, under the same request id, when the failure says that it did not or may not have
// happened: a repeat of a request that did happen gets the first answer, so a retry never doubles.
func (s *Store) retry(ctx context.Context, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		if err == nil || errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if !transient(err) || try == maxTries || ctx.Err() != nil {
			return fault(ctx, err)
		}
		wait := time.Duration(10<<try)*time.Millisecond + rand.N(20*time.Millisecond<<try) //nolint:gosec // jitter is no secret
		select {
		case <-ctx.Done():
			return fault(ctx, err)
		case <-time.After(wait):
		}
	}
}

// once is retry of a call that cannot be run again.
func once(ctx context.Context, call func() error) error {
	err := call()
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return fault(ctx, err)
}

func sqlState(err error) string {
	var pqErr *pq.Error
	if errors.As(err, &pqErr) {
		return string(pqErr.Code)
	}
	return ""
}

// transient tells whether trying again may help: serialization failure, deadlock, connection cut, server stopping or
// starting. A server that is not there at all is not transient.
func transient(err error) bool {
	switch state := sqlState(err); {
	case state == "40001", state == "40P01", state == "57P01", state == "57P02", state == "57P03":
		return true
	case len(state) == 5 && state[:2] == "08":
		return true
	case state != "":
		return false
	}
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	// A dial that failed would take its whole time-out again.
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return false
	}
	return network(err)
}

// network tells whether an error is of the connection, not of what was asked.
func network(err error) bool {
	var netErr net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT) ||
		errors.Is(err, syscall.EACCES) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &netErr) || tlsTrouble(err)
}

// tlsTrouble: the server's certificate was refused, or it does not speak TLS.
func tlsTrouble(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.Is(err, pq.ErrSSLNotSupported)
}

// tlsAdvice tells how a secure connection comes about.
func tlsAdvice(err error) account.Text {
	var verify *tls.CertificateVerificationError
	if errors.As(err, &verify) {
		return account.Say("name the file of the certificate's authority with sslrootcert in the address, which must have the host name that the certificate has",
			"请在数据库地址中用 sslrootcert 指定其发证机构文件，主机名须与证书一致")
	}
	return account.Say("switch TLS on at the server, with a certificate; farenctl asks for sslmode=verify-full over a network, and takes sslmode=disable on this machine only",
		"请在服务器上启用 TLS 并配置证书；经网络连接须用 sslmode=verify-full，sslmode=disable 仅可用于本机")
}

// pastDeadline sees a time limit that the context is about to tell: a dial with that limit may fail a moment earlier.
func pastDeadline(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= 0
}

// fault maps driver errors to codes, in this one place. What it does not know stays an error without a code.
func fault(ctx context.Context, err error) error {
	var known *account.Fault
	if errors.As(err, &known) {
		return err
	}
	var pqErr *pq.Error
	errors.As(err, &pqErr)
	state := sqlState(err)
	safe := scrub(err)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded), pastDeadline(ctx):
		return account.NewFault("TIMED_OUT").WithCause(safe)
	case errors.Is(ctx.Err(), context.Canceled):
		return account.NewFault("INTERRUPTED").WithCause(safe)
	case state == "FN001":
		// Raised by our own functions: the message is the code.
		if pqErr.Message == "REQUEST_ID_REUSED" {
			return account.NewFault("TRY_AGAIN").WithCause(errors.Join(ErrRequestReused, safe))
		}
		raised := account.NewFault(account.Code(pqErr.Message)).WithCause(safe)
		if raised.Code == "KEYRING_OUTDATED" {
			raised = raised.With("key", pqErr.Detail) // the id of a key, which is no secret
		}
		return raised
	case state == "42501":
		return account.NewFault("FORBIDDEN").WithCause(safe)
	case state == "3F000", state == "42P01", state == "42883":
		return account.NewFault(codeUndefined).WithCause(safe)
	case state == "57014", state == "55P03", state == "53300", state == "53400", transient(err) && state != "" && state[:2] != "08":
		return account.NewFault("TRY_AGAIN").WithCause(safe)
	case state == "22021", state == "22P05":
		// The server cannot hold this text (a NUL, say): form checks come first, so this is the last defence.
		return account.NewFault("TEXT_INVALID").WithCause(safe)
	case state == "53100", state == "25006", state == "" && network(err), state != "" && (state[:2] == "08" || state[:2] == "28" || state == "3D000" || state[:2] == "57"):
		f := account.NewFault("DATABASE_UNAVAILABLE", "problem", whyUnreachable(state, err)).WithCause(safe)
		if state == "" && tlsTrouble(err) {
			f = f.WithAdvice(tlsAdvice(err))
		}
		return f
	}
	return safe
}

// whyUnreachable tells the kind of trouble, never the address.
func whyUnreachable(state string, err error) account.Text {
	switch {
	case state == "3D000":
		return account.Say("there is no such database", "数据库不存在")
	case strings.HasPrefix(state, "28"):
		return account.Say("the login was refused", "登录被拒绝")
	case state == "25006":
		return account.Say("it is read-only", "数据库为只读")
	case state == "53100":
		return account.Say("its disk is full", "数据库磁盘已满")
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT):
		return account.Say("nothing listens there", "该地址无服务")
	case errors.Is(err, syscall.EACCES):
		return account.Say("its socket may not be opened", "无权打开套接字")
	case tlsTrouble(err):
		return account.Say("no secure connection", "无法建立安全连接")
	}
	return account.Say("the connection failed", "连接失败")
}

// scrub keeps of a driver's error only what is never personal: its SQLSTATE and its place in schema and server. Message,
// detail, hint and context may quote a row, an argument or an address.
func scrub(err error) error {
	var pqErr *pq.Error
	if errors.As(err, &pqErr) {
		return fmt.Errorf("postgresql: SQLSTATE %s %s constraint=%q routine=%q", pqErr.Code, pqErr.Code.Name(), pqErr.Constraint, pqErr.Routine)
	}
	for _, plain := range []error{io.EOF, io.ErrUnexpectedEOF, driver.ErrBadConn, syscall.ECONNREFUSED, syscall.ENOENT, syscall.ECONNRESET, syscall.EPIPE, context.Canceled, context.DeadlineExceeded, syscall.EACCES} {
		if errors.Is(err, plain) {
			return plain
		}
	}
	return fmt.Errorf("database: %T", err)
}
