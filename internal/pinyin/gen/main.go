// Command gen writes the readings that package pinyin embeds. `go generate` runs it in the folder of that package.
package main

import (
	"fmt"
	"os"
)

// fileName is where the readings are embedded from.
const fileName = "readings.bin.gz"

func main() {
	data, err := build()
	if err == nil {
		err = os.WriteFile(fileName, data, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
