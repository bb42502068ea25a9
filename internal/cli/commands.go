package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// commandItem is one command in JSON. Kind is command, group (it has others below it) or topic (it is help alone). Flags are the command's
// own, and the global ones that it requires; those of every command stand with the first item, the program itself.
type commandItem struct {
	Path      string     `json:"path"`
	Kind      string     `json:"kind"`
	Use       string     `json:"use"`
	Aliases   []string   `json:"aliases"`
	Short     string     `json:"short"`
	Arguments []argument `json:"arguments"`
	Flags     []flagItem `json:"flags"`
	Examples  string     `json:"examples"`
}

// flagItem is one flag in JSON. Values is its closed list, if it has one.
type flagItem struct {
	Name      string   `json:"name"`
	Shorthand string   `json:"shorthand"`
	Type      string   `json:"type"`
	Default   string   `json:"default"`
	Usage     string   `json:"usage"`
	Required  bool     `json:"required"`
	Values    []string `json:"values"`
}

func newCommandsCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "commands",
		Short: app.tr("List all commands, as data with -o json", "列出全部命令，加 -o json 输出结构化数据"),
		Long: app.tr(`List all commands. -o json tells the whole of each: usage line, arguments,
flags with their types, defaults and values, examples. The flags of every
command stand with the first item, farenctl itself. Commands that are farenctl's
own business are left out.`,
			`列出全部命令。加 -o json 输出每个命令的用法、参数、选项（类型、默认值、
可选值）和示例；全局选项列在第一项 farenctl 下。内部命令不列出。`),
		Example:     "  farenctl commands --jq '.items[] | select(.kind == \"command\") | .path'",
		Annotations: map[string]string{unconfigured: "yes"},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			type col = render.Column[commandItem]
			view := render.List[commandItem]{ID: func(c commandItem) string { return c.Path }, Columns: []col{
				{Key: "path", Title: app.tr("COMMAND", "命令"), Kind: render.ID},
				{Key: "short", Title: app.tr("WHAT", "说明")},
				{Key: "kind", Title: app.tr("KIND", "类型"), Kind: render.ID, Wide: true},
				{Key: "use", Title: app.tr("USAGE", "用法"), Kind: render.ID, Wide: true},
			}}
			return printList(cmd.Context(), app, view, func(context.Context, *service.Service) (account.Page[commandItem], error) {
				items := []commandItem{}
				eachCommand(cmd.Root(), func(c *cobra.Command) { items = append(items, itemOf(c)) })
				return account.Page[commandItem]{Items: items}, nil
			})
		},
	}
}

// eachCommand visits what help shows: a command, then those below it.
func eachCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	if cmd.Hidden {
		return
	}
	visit(cmd)
	for _, below := range cmd.Commands() {
		eachCommand(below, visit)
	}
}

// kindOf is command, group or topic.
func kindOf(cmd *cobra.Command) string {
	switch {
	case cmd.HasSubCommands():
		return "group"
	case !cmd.Runnable():
		return "topic"
	}
	return "command"
}

func itemOf(cmd *cobra.Command) commandItem {
	cmd.InitDefaultHelpFlag()
	item := commandItem{Path: cmd.CommandPath(), Kind: kindOf(cmd), Use: cmd.Use, Aliases: append([]string{}, cmd.Aliases...), Short: cmd.Short, Flags: []flagItem{}, Examples: cmd.Example}
	var required []string
	item.Arguments, required = synopsis(cmd)
	needed := map[string]bool{}
	for _, name := range required {
		needed[name] = true
	}
	add := func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		item.Flags = append(item.Flags, flagItem{Name: f.Name, Shorthand: f.Shorthand, Type: f.Value.Type(), Default: f.DefValue, Usage: f.Usage,
			Required: needed[f.Name], Values: append([]string{}, f.Annotations[flagValues]...)})
	}
	cmd.NonInheritedFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) {
		if needed[f.Name] {
			add(f)
		}
	})
	return item
}
