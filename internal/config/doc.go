// Package config decides where every setting comes from: flag, then environment (FARENCTL_…, then PG… for the
// database), then a profile of the configuration file, then the default. It gives one plain struct and reads nothing
// afterwards. It opens no database, and no secret stands in what it returns as text.
package config
