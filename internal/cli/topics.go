package cli

import (
	"io"

	"github.com/spf13/cobra"
)

// topics are the pages of help that belong to no command; another one is its text in a file and a line here.
func topics(app *App) []*cobra.Command {
	return []*cobra.Command{
		newTopic("environment", app.tr("Environment variables", "环境变量"), app.environmentHelp),
		newTopic("exit-codes", app.tr("Exit statuses and codes", "退出状态与代码"), app.exitCodes),
	}
}

// newTopic is `farenctl help NAME`. The text is made when it is asked for, since every start passes here.
func newTopic(name, short string, text func() string) *cobra.Command {
	topic := &cobra.Command{Use: name, Short: short, Annotations: map[string]string{unconfigured: "yes"}}
	topic.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		io.WriteString(cmd.OutOrStdout(), text()) //nolint:errcheck // cobra's help has no error
	})
	return topic
}
