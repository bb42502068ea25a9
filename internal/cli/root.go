package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func newRootCmd(app *App) *cobra.Command {
	root := group(app, "farenctl", app.tr("Administer corporate accounts of the government service portal", "政务服务网法人账号管理工具"),
		newRegisterCmd(app), newVerifyCmd(app), newReviewCmd(app),
		newRecoverCmd(app), newLoginCmd(app), newLogoutCmd(app), newWhoamiCmd(app), newSessionCmd(app), newAgentCmd(app),
		newSMSCmd(app), newTimelineCmd(app), newAuditCmd(app), newRegistryCmd(app), newCalendarCmd(app), newPolicyCmd(app), newOperatorCmd(app), newKeyCmd(app), newFixtureCmd(app), newClockCmd(app),
		newDBCmd(app), newServerCmd(app), newConfigCmd(app), newDoctorCmd(app), newDiagnoseCmd(app), newExplainCmd(app),
		newCommandsCmd(app), newCompletionCmd(app), newManCmd(app), newVersionCmd(app))
	root.AddCommand(topics(app)...)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return app.begin(cmd) }
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return app.asUsage(err, cmd) })
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(newHelpCmd(app))
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { app.showHelp(cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		app.showUsage(cmd.OutOrStderr(), cmd)
		return nil
	})
	app.addGlobalFlags(root.PersistentFlags())
	choices(root, "lang", "zh", "en")
	choices(root, "log-format", "text", "json")
	choices(root, "output", render.FormatNames()...)
	takesFile(root, "config", "yaml", "yml")
	takesFile(root, "session-file")
	return root
}

// group is a command that only has others below it. Alone it shows its help; an unknown word is an error, which cobra
// tells for the root only.
func group(app *App, use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		problem := fmt.Sprintf(app.tr("unknown command %q for %q", "未知命令 %q（%q）"), args[0], cmd.CommandPath())
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			problem += app.tr("; did you mean ", "；您是否想运行 ") + strings.Join(near, app.tr(" or ", " 或 ")) + app.tr("?", "？")
		}
		return account.NewFault("USAGE", "problem", problem, "command", cmd.CommandPath())
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(commands...)
	return cmd
}

// needsTerminal is how a group that leads through its steps on a terminal ends without one, or with --no-input: it names what does the steps.
func (app *App) needsTerminal(cmd *cobra.Command) error {
	var steps []string
	for _, below := range cmd.Commands() {
		if !below.Hidden {
			steps = append(steps, below.Name())
		}
	}
	return account.NewFault("USAGE", "problem", fmt.Sprintf(app.tr("without prompts `%s` needs a command: %s", "不交互输入时 `%s` 须指定命令：%s"), cmd.CommandPath(), strings.Join(steps, " | ")))
}

// newHelpCmd is cobra's help, but for its answer to a topic that is not there: an error.
func newHelpCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "help [<command>...]",
		Annotations:       map[string]string{unconfigured: "yes"},
		ValidArgsFunction: completeHelp,
		Short:             app.tr("Help about any command", "查看命令帮助"),
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil || found == nil || len(rest) > 0 {
				return account.NewFault("USAGE", "problem", app.tr("no help topic ", "没有帮助主题 ")+strings.Join(args, " "))
			}
			return found.Help()
		},
	}
}

// completeHelp offers the commands and topics below those that stand there.
func completeHelp(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var words []cobra.Completion
	if above, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
		for _, c := range above.Commands() {
			if !c.Hidden && c != cmd {
				words = append(words, described(c.Name(), c.Short))
			}
		}
	}
	return offer(words, word)
}

// arguments takes exactly the named arguments, and names the one that is missing.
func arguments(app *App, names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return account.NewFault("USAGE", "problem", app.tr("missing argument ", "缺少参数 ")+names[len(args)], "command", cmd.CommandPath())
		case len(args) > len(names):
			return account.NewFault("USAGE", "problem", app.tr("too many arguments", "参数过多"), "command", cmd.CommandPath())
		}
		return nil
	}
}

// idArgument reads an argument that only an id can name.
func idArgument[T any](app *App, name, form, text string, parse func(string) (T, error)) (T, error) {
	id, err := parse(text)
	if err != nil {
		err = account.NewFault("USAGE", "problem", name+app.tr(" is an id ", " 须为编号 ")+form).WithCause(err)
	}
	return id, err
}

// required names every flag that is missing, at once.
func required(app *App, cmd *cobra.Command, names ...string) error {
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return cmd.Flags().Changed(name) })
	// A secret that nobody can be asked for is missing, too.
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if len(f.Annotations[neededSecret]) == 0 {
			return
		}
		name := f.Annotations[neededSecret][0]
		if len(names) > 0 && !app.interactive() && !cmd.Flags().Changed(name+"-file") && !f.Changed && !cmd.Flags().Changed(name) {
			missing = append(missing, name+"-file")
		}
	})
	if len(missing) == 0 {
		return nil
	}
	return account.NewFault("USAGE", "problem", app.tr("missing flags: --", "缺少选项：--")+strings.Join(missing, ", --"), "command", cmd.CommandPath())
}

// oneOf checks a flag whose values are a closed list; empty passes where it is not required.
func oneOf(flag, value string, allowed []string) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return account.NewFault("USAGE", "problem", account.Say("--%s: one of %s", "--%s 须为以下之一：%s", flag, strings.Join(allowed, " | ")))
}
