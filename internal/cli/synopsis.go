package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// argument is one argument of a command as its usage line has it. Values are words that can stand there as they are.
type argument struct {
	Name     string   `json:"name"`
	Required bool     `json:"required"`
	Repeated bool     `json:"repeated"`
	Values   []string `json:"values"`
}

// synopsis reads a usage line: its arguments, and the flags that always stand there, which are the required ones.
func synopsis(cmd *cobra.Command) (arguments []argument, required []string) {
	arguments, required = []argument{}, []string{}
	words := parts(cmd.Use, ' ')[1:]
	for i := 0; i < len(words); i++ {
		word := words[i]
		if flag, inline := flagOf(cmd, word); flag != nil {
			required = append(required, flag.Name)
			if !inline && flag.NoOptDefVal == "" {
				i++ // its value
			}
			continue
		}
		optional := strings.HasPrefix(word, "[")
		if optional {
			word = strings.TrimSuffix(strings.TrimPrefix(word, "["), "]")
		}
		if a, ok := argumentOf(word); ok {
			a.Required = a.Required && !optional
			arguments = append(arguments, a)
		}
	}
	return arguments, required
}

// argumentOf reads <name>, <name>..., or a choice in braces; of a choice with flags only the argument counts, which is optional then.
func argumentOf(word string) (argument, bool) {
	a := argument{Name: word, Required: true, Values: []string{}}
	word, a.Repeated = strings.CutSuffix(word, "...")
	if strings.HasPrefix(word, "<") {
		a.Name = word
		return a, true
	}
	if !strings.HasPrefix(word, "{") {
		return a, false
	}
	var names []string
	for _, choice := range parts(strings.Trim(word, "{}"), '|') {
		switch choice = strings.TrimSpace(choice); {
		case strings.HasPrefix(choice, "-") && choice != "-":
			a.Required = false
		case strings.HasPrefix(choice, "<"), strings.ToLower(choice) != choice:
			names = append(names, choice)
		default:
			a.Values = append(a.Values, choice)
			names = append(names, choice)
		}
	}
	if !a.Required && len(names) == 1 {
		a.Name = names[0]
	}
	return a, len(names) > 0
}

// flagOf finds the flag that a word of a usage line names; inline: its value stands behind an equals sign.
func flagOf(cmd *cobra.Command, word string) (flag *pflag.Flag, inline bool) {
	name, _, inline := strings.Cut(word, "=")
	if long, ok := strings.CutPrefix(name, "--"); ok {
		return cmd.Flag(long), inline
	}
	if short, ok := strings.CutPrefix(name, "-"); ok && len(short) == 1 {
		if flag = cmd.Flags().ShorthandLookup(short); flag == nil {
			flag = cmd.InheritedFlags().ShorthandLookup(short)
		}
	}
	return flag, inline
}

// parts splits a usage line where no bracket is open.
func parts(line string, at rune) []string {
	var all []string
	depth, start := 0, 0
	for i, r := range line {
		switch {
		case strings.ContainsRune("<[{", r):
			depth++
		case strings.ContainsRune(">]}", r):
			depth--
		case r == at && depth == 0:
			all, start = append(all, line[start:i]), i+1
		}
	}
	return append(all, line[start:])
}
