package pgtest

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"regexp"
	"sync"
)

const socketName = ".s.PGSQL.5432"

// Cut says where a [Proxy] cuts a connection: at one message of the protocol, whichever side sends it.
type Cut int

// The places of a cut.
const (
	CutBefore Cut = iota // the message does not arrive
	CutIn                // half of it arrives
	CutAfter             // it arrives, and nothing behind it
)

// Proxy stands between a client and a database and speaks enough of the PostgreSQL protocol to know where messages begin. It numbers the
// messages of both sides, from 1, in the order in which they pass, and cuts the connection of one of them, once; everything else passes.
type Proxy struct {
	address  string // of the database
	dir      string
	listener net.Listener

	mu     sync.Mutex
	passed int
	at     int // the number of the message; 0: none
	where  Cut
	then   func() // what happens instead of a cut; nil: a cut
}

// Listen stands before the database of a connection string, as a lease writes it, with a socket in a directory, until the process ends.
func Listen(dir, dsn string) (*Proxy, error) {
	listener, err := net.Listen("unix", filepath.Join(dir, socketName))
	if err != nil {
		return nil, err
	}
	p := &Proxy{address: dsn, dir: dir, listener: listener}
	go p.serve()
	return p, nil
}

// CutAt cuts at a message of those that pass from now on. With then, that is called instead, while the message waits, and the message passes
// as where says before or after it.
func (p *Proxy) CutAt(message int, where Cut, then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passed, p.at, p.where, p.then = 0, message, where, then
}

// DSN is a connection string of the database through the proxy.
func (p *Proxy) DSN() string { return hostWord.ReplaceAllString(p.address, "host="+p.dir) }

// hostWord is where a connection string, as a lease writes it, names the directory of the socket.
var hostWord = regexp.MustCompile(`host='?([^' ]*)'?`)

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.connect(client)
	}
}

func (p *Proxy) connect(client net.Conn) {
	host := hostWord.FindStringSubmatch(p.address)
	server, err := net.Dial("unix", filepath.Join(host[1], socketName))
	if err != nil {
		_ = client.Close()
		return
	}
	end := func() {
		_ = client.Close()
		_ = server.Close()
	}
	var sides sync.WaitGroup
	sides.Go(func() { p.pass(client, server, true, end) })
	sides.Go(func() { p.pass(server, client, false, end) })
	sides.Wait()
}

// pass hands messages on, one at a time. The client's first has no type.
func (p *Proxy) pass(from io.Reader, to io.Writer, client bool, end func()) {
	defer end()
	for typed := !client; ; typed = true {
		message, err := read(from, typed)
		if err != nil {
			return
		}
		where, cut, then := p.turn()
		switch {
		case cut && then != nil:
			if where == CutBefore {
				then()
				return
			}
			_, _ = to.Write(message)
			then()
			return
		case cut && where == CutBefore:
			return
		case cut && where == CutIn:
			_, _ = to.Write(message[:len(message)/2])
			return
		}
		if _, err := to.Write(message); err != nil || cut {
			return
		}
	}
}

// turn counts a message and tells whether it is the one.
func (p *Proxy) turn() (where Cut, cut bool, then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passed++
	return p.where, p.passed == p.at, p.then
}

func read(from io.Reader, typed bool) ([]byte, error) {
	head := make([]byte, 4, 5)
	if typed {
		head = head[:5]
	}
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	size := int64(binary.BigEndian.Uint32(head[len(head)-4:])) - 4
	if size < 0 || size > 1<<30 {
		return nil, errors.New("not a message of the protocol")
	}
	message := make([]byte, len(head)+int(size))
	copy(message, head)
	_, err := io.ReadFull(from, message[len(head):])
	return message, err
}
