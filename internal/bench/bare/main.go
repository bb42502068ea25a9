// Command bare is the least that a Cobra program can be: what make bench compares farenctl's start with.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "bare"}
	root.AddCommand(&cobra.Command{Use: "version", Run: func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), "bare") }})
	if root.Execute() != nil {
		os.Exit(1)
	}
}
