package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/postgres"
)

func TestEncryptionOfAnAddress(t *testing.T) {
	t.Parallel()
	const full, off = pq.SSLModeVerifyFull, pq.SSLModeDisable
	for name, c := range map[string]struct {
		dsn  string
		want pq.SSLMode
	}{
		"a server is verified by default":             {"postgres://u@db.example.com/d", full},
		"a server of a keyword list, too":             {"host=db.example.com user=u", full},
		"a server by its address, too":                {"host=db.example.com hostaddr=192.0.2.7", full},
		"an IPv6 server, too":                         {"postgres://u@[2001:db8::1]/d", full},
		"an explicit verify-full stays":               {"postgres://u@db.example.com/d?sslmode=verify-full", full},
		"an explicit verify-ca stays":                 {"postgres://u@db.example.com/d?sslmode=verify-ca", pq.SSLModeVerifyCA},
		"an explicit require stays":                   {"host=db.example.com sslmode=require", pq.SSLModeRequire},
		"loopback by name is plain by default":        {"postgres://u@localhost/d", off},
		"loopback by IPv4 address is plain":           {"host=127.0.0.1", off},
		"loopback of another number is plain":         {"host=127.8.9.10", off},
		"loopback by IPv6 address is plain":           {"host=::1 user=u", off},
		"loopback with an explicit disable is plain":  {"host=localhost sslmode=disable", off},
		"loopback with an explicit verify-full stays": {"host=localhost sslmode=verify-full", full},
		"a quoted disable on loopback is taken":       {"host=localhost sslmode='disable'", off},
		"a name like loopback is not loopback":        {"host=localhost.example.com", full},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := postgres.Configure(postgres.Options{DSN: c.dsn})
			if err != nil {
				t.Fatal(err)
			}
			if config.SSLMode != c.want {
				t.Errorf("sslmode %q, want %q", config.SSLMode, c.want)
			}
		})
	}
}

func TestAddressIsRefused(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]string{
		"disable to a server":            "postgres://u:hunter22@db.example.com/topsecretdb?sslmode=disable",
		"disable in a keyword list":      "host=db.example.com password=hunter22 dbname=topsecretdb sslmode=disable",
		"disable in quotes":              "host=db.example.com password=hunter22 dbname=topsecretdb sslmode='disable'",
		"disable with spaces":            "host=db.example.com password=hunter22 dbname=topsecretdb sslmode = disable",
		"disable to a private address":   "host=10.0.0.1 password=hunter22 dbname=topsecretdb sslmode=disable",
		"prefer-standby":                 "host=localhost password=hunter22 dbname=topsecretdb target_session_attrs=prefer-standby",
		"prefer-standby in a URL":        "postgres://u:hunter22@localhost/topsecretdb?target_session_attrs=prefer-standby",
		"an sslmode that does not exist": "postgres://u:hunter22@db.example.com/topsecretdb?sslmode=hunter22",
		"a port that is none":            "postgres://u:hunter22@db.example.com:topsecretdb/d",
		"a list that is none":            "host=localhost password='hunter22",
		"a scheme that is none":          "mysql://u:hunter22@db.example.com/topsecretdb",
	} {
		t.Run(name+" is CONFIG_INVALID", func(t *testing.T) {
			t.Parallel()
			_, err := postgres.Open(postgres.Options{DSN: dsn})
			wantCode(t, err, "CONFIG_INVALID")
			quiet(t, err, "hunter22", "topsecretdb", "db.example.com")
		})
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	config, err := postgres.Configure(postgres.Options{DSN: "host=localhost application_name=mine", Timeout: 7 * time.Second, Role: "faren_owner", ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"statement_timeout": "7000", "lock_timeout": "3500", "idle_in_transaction_session_timeout": "7000",
		"default_transaction_read_only": "on"} {
		if got := config.Runtime[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if config.ApplicationName != "farenctl" || config.ConnectTimeout <= 0 || !strings.Contains(config.Options, "-c role=faren_owner") {
		t.Errorf("application name %q, connect time-out %s, options %q", config.ApplicationName, config.ConnectTimeout, config.Options)
	}
	w := newWorld(t)
	w.certify(w.register(1, someone(1)))
	if got := w.list(`SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local'`); len(got) != 1 || got[0] != "farenctl" {
		t.Errorf("the server knows it as %v", got)
	}
}
