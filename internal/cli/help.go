package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/render"
)

const (
	// pipeWidth is how wide help is where no terminal tells, and at most, since longer lines are hard to read.
	pipeWidth = 100
	// nameWidth is how wide names of flags may be for their texts to stand beside them.
	nameWidth = 32
)

// helpWidth is the number of columns of help.
func (app *App) helpWidth() int {
	if app.std.OutTTY && app.std.Width > 0 {
		return min(app.std.Width, pipeWidth)
	}
	return pipeWidth
}

// showHelp is `--help`: what cobra shows, in the language, and no wider than the terminal.
func (app *App) showHelp(cmd *cobra.Command) {
	out := cmd.OutOrStdout()
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(out, "%s\n\n", reflow(text, app.helpWidth())) //nolint:errcheck // cobra's help has no error
	app.showUsage(out, cmd)
}

// showUsage tells how a command is run.
func (app *App) showUsage(out io.Writer, cmd *cobra.Command) {
	width := app.helpWidth()
	var b strings.Builder
	section := func(title string) {
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(title + "\n")
	}
	section(app.tr("Usage:", "用法："))
	if cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		b.WriteString(app.useLine(cmd, width))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s %s\n", cmd.CommandPath(), app.tr("[command]", "[命令]"))
	}
	if cmd.Example != "" {
		section(app.tr("Examples:", "示例："))
		b.WriteString(cmd.Example + "\n")
	}
	app.commandRows(section, &b, cmd, app.tr("Available Commands:", "可用命令："), func(c *cobra.Command) bool { return c.IsAvailableCommand() || c.Name() == "help" })
	if flags := cmd.LocalFlags(); flags.HasAvailableFlags() {
		section(app.tr("Flags:", "选项："))
		b.WriteString(app.flagRows(flags, width))
	}
	if flags := cmd.InheritedFlags(); flags.HasAvailableFlags() {
		section(app.tr("Global Flags:", "全局选项："))
		b.WriteString(app.flagRows(flags, width))
	}
	app.commandRows(section, &b, cmd, app.tr("Additional help topics:", "其他帮助主题："), (*cobra.Command).IsAdditionalHelpTopicCommand)
	if cmd.HasAvailableSubCommands() {
		more := fmt.Sprintf(app.tr("Use \"%s [command] --help\" for more information about a command.", "运行“%s [命令] --help”查看命令的详细说明。"), cmd.CommandPath())
		b.WriteString("\n" + hanging("", 0, more, width))
	}
	io.WriteString(out, b.String()) //nolint:errcheck // cobra's help has no error
}

// useLine is the line of a command with its arguments, on more than one line where it is too long.
func (app *App) useLine(cmd *cobra.Command, width int) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.Fields(cmd.UseLine()) {
		if word == "[flags]" {
			word = app.tr("[flags]", "[选项]")
		}
		size := render.TextWidth(word)
		switch {
		case i == 0:
			b.WriteString("  ")
			used = 2
		case used+1+size > width:
			b.WriteString("\n      ")
			used = 6
		default:
			b.WriteString(" ")
			used++
		}
		b.WriteString(word)
		used += size
	}
	return b.String() + "\n"
}

// commandRows lists the commands below one.
func (app *App) commandRows(section func(string), b *strings.Builder, cmd *cobra.Command, title string, wanted func(*cobra.Command) bool) {
	below := slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return !wanted(c) })
	if len(below) == 0 {
		return
	}
	section(title)
	name := (*cobra.Command).Name
	if below[0].IsAdditionalHelpTopicCommand() {
		name = (*cobra.Command).CommandPath
	}
	names := 0
	for _, c := range below {
		names = max(names, len(name(c)))
	}
	for _, c := range below {
		b.WriteString(hanging(fmt.Sprintf("  %-*s  ", names, name(c)), names+4, c.Short, app.helpWidth()))
	}
}

// flagRows lists flags, each with its text beside its name, or below a long one.
func (app *App) flagRows(flags *pflag.FlagSet, width int) string {
	type row struct{ name, text string }
	var rows []row
	names := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		r := row{"      --" + f.Name, app.flagText(f)}
		if f.Shorthand != "" {
			r.name = "  -" + f.Shorthand + ", --" + f.Name
		}
		if word := app.typeWord(f.Value.Type()); word != "" {
			r.name += " " + word
		}
		rows = append(rows, r)
		if size := render.TextWidth(r.name); size <= nameWidth {
			names = max(names, size)
		}
	})
	var b strings.Builder
	for _, r := range rows {
		size := render.TextWidth(r.name)
		if size > names {
			b.WriteString(r.name + "\n")
			r.name, size = "", 0
		}
		b.WriteString(hanging(r.name+strings.Repeat(" ", names-size+3), names+3, r.text, width))
	}
	return b.String()
}

// flagText is what a flag is for, with its default.
func (app *App) flagText(f *pflag.Flag) string {
	text := f.Usage
	if f.Name == "help" {
		text = app.tr("show this help", "显示帮助")
	}
	if slices.Contains([]string{"", "false", "0", "0s", "[]", "<nil>"}, f.DefValue) {
		return text
	}
	return text + fmt.Sprintf(app.tr(" (default %s)", "（默认 %s）"), f.DefValue)
}

// typeWord is what a flag takes; "" for one that takes nothing.
func (app *App) typeWord(kind string) string {
	switch kind {
	case "bool":
		return ""
	case "string":
		return app.tr("text", "文本")
	case "stringSlice", "stringArray":
		return app.tr("list", "列表")
	case "duration":
		return app.tr("duration", "时长")
	case "date":
		return app.tr("date", "日期")
	case "int", "int64", "uint", "count":
		return app.tr("number", "数字")
	}
	return kind
}

// hanging writes a text behind a prefix; further lines begin at a column.
func hanging(prefix string, column int, text string, width int) string {
	var b strings.Builder
	room := width - render.TextWidth(prefix)
	if column != render.TextWidth(prefix) {
		room = width - column
	}
	for i, line := range render.Wrap(text, max(room, 16)) {
		if i > 0 {
			prefix = strings.Repeat(" ", column)
		}
		b.WriteString(strings.TrimRight(prefix+line, " ") + "\n")
	}
	return b.String()
}

// reflow makes lines of at most width columns of a text whose paragraphs are apart by an empty line. Lines of a paragraph are joined; those
// that begin with two blanks are items of a list, "  name  what it is", and what is indented deeper goes on with the item above. A document stays as it is.
func reflow(text string, width int) string {
	type item struct {
		prefix, text string
	}
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if document(paragraph) {
			continue
		}
		var items []item
		for line := range strings.SplitSeq(strings.Trim(paragraph, "\n"), "\n") {
			trimmed := strings.TrimLeft(line, " ")
			indent := len(line) - len(trimmed)
			switch last := len(items) - 1; {
			case indent == 2:
				_, rest, found := strings.Cut(trimmed, "  ")
				if !found {
					items = append(items, item{"  ", trimmed})
					break
				}
				rest = strings.TrimLeft(rest, " ")
				items = append(items, item{line[:len(line)-len(rest)], rest})
			case last >= 0 && (indent > 2 || items[last].prefix == ""):
				items[last].text = join(items[last].text, trimmed)
			default:
				items = append(items, item{"", trimmed})
			}
		}
		var b strings.Builder
		for _, it := range items {
			b.WriteString(hanging(it.prefix, render.TextWidth(it.prefix), it.text, width))
		}
		paragraphs[i] = strings.TrimRight(b.String(), "\n")
	}
	return strings.Join(paragraphs, "\n\n")
}

// document tells a paragraph that shows a YAML document, whose lines stay as they are.
func document(paragraph string) bool {
	line, _, _ := strings.Cut(strings.TrimLeft(paragraph, "\n"), "\n")
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return strings.HasPrefix(line, "  ") && (strings.HasSuffix(word, ":") || word == "-" || word == "#")
}

// join puts two lines of a paragraph behind one another: with a blank, but not where Chinese goes on.
func join(a, b string) string {
	if a == "" || b == "" || render.Joins(a, b) {
		return a + b
	}
	return a + " " + b
}
