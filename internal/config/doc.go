// Package config decides where every setting comes from: flag, then environment (FARENCTL_…, then PG… for the
// database), then a profile of the configuration file, then the default. One table has all settings; it gives one plain
// struct and reads nothing afterwards but the secrets that [ReadSecret] is asked for. It opens no database, and no secret
// stands in what it returns as text.
package config
