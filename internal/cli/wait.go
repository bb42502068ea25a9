package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
)

// goalFlags is the flag --for of the commands that wait: words apart by commas, or the flag several times.
type goalFlags struct {
	words []string
	goals account.Goals
}

func (g *goalFlags) add(app *App, cmd *cobra.Command, goals account.Goals, usual string) {
	g.goals = goals
	cmd.Flags().StringSliceVar(&g.words, "for", []string{usual}, app.tr("what to wait for, one or more of: ", "等待的状态，可为一个或多个：")+list(goals.Words()))
	choices(cmd, "for", goals.Words()...)
	cmd.Annotations = map[string]string{unlimited: waits}
}

// read gives the statuses that are waited for.
func (g *goalFlags) read(app *App, cmd *cobra.Command) ([]string, error) {
	words := make([]string, len(g.words))
	for i, w := range g.words {
		words[i] = strings.TrimSpace(w)
	}
	goals, ok := g.goals.Resolve(words)
	if !ok {
		return nil, account.NewFault("USAGE", "problem", app.tr("--for: one or more of ", "--for：可为以下一个或多个：")+list(g.goals.Words()), "command", cmd.CommandPath())
	}
	return goals, nil
}
