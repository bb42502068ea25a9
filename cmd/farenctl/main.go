// Command farenctl administers corporate accounts of the government service portal.
package main

import (
	"os"

	"github.com/farenctl/farenctl/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.OSStreams()))
}
