package cli

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

func manSection(cmd *cobra.Command) string {
	if kindOf(cmd) == "topic" {
		return "7"
	}
	return "1"
}

// roff writes a manual page by the macros of man(7).
type roff struct{ bytes.Buffer }

func (r *roff) line(parts ...string) { r.WriteString(strings.Join(parts, "") + "\n") }

func (r *roff) section(title string) { r.line(".SH ", quoted(title)) }

// prose fills paragraphs; what is indented stays as it is.
func (r *roff) prose(text string) {
	kept, begun := false, false
	keep := func(on bool) {
		if on != kept {
			r.line(map[bool]string{true: ".nf", false: ".fi"}[on])
			kept = on
		}
	}
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.TrimSpace(line) == "" {
			keep(false)
			if begun {
				r.line(".PP")
			}
			continue
		}
		keep(strings.HasPrefix(line, " "))
		r.line(escaped(line))
		begun = true
	}
	keep(false)
}

// verbatim keeps every line.
func (r *roff) verbatim(text string) {
	r.line(".nf")
	for _, line := range strings.Split(strings.Trim(text, "\n"), "\n") {
		r.line(escaped(line))
	}
	r.line(".fi")
}

// escaped is a text as roff takes it: signs that it would change, or act upon, and places where Chinese may be broken.
func escaped(text string) string {
	var b strings.Builder
	last := ' '
	for i, c := range text {
		if i > 0 && (unicode.Is(unicode.Han, c) || unicode.Is(unicode.Han, last)) && c != ' ' && last != ' ' && !closes(c) {
			b.WriteString(`\:`)
		}
		switch c {
		case '\\':
			b.WriteString(`\e`)
		case '-':
			b.WriteString(`\-`)
		case '\'':
			b.WriteString(`\(aq`)
		case '`':
			b.WriteString(`\(ga`)
		case '^':
			b.WriteString(`\(ha`)
		case '~':
			b.WriteString(`\(ti`)
		case '.':
			if i == 0 {
				b.WriteString(`\&`)
			}
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
		if rest := text[i+utf8.RuneLen(c):]; c == ',' && rest != "" && rest[0] != ' ' {
			b.WriteString(`\:`) // headers of CSV files
		}
		last = c
	}
	return b.String()
}

// closes tells of marks that no line begins with.
func closes(c rune) bool { return unicode.In(c, unicode.Pe, unicode.Po, unicode.Pf) }

// quoted is an argument of a macro.
func quoted(text string) string { return `"` + strings.ReplaceAll(escaped(text), `"`, `\(dq`) + `"` }

// manPage makes the page of a command or topic.
func (app *App) manPage(cmd *cobra.Command, date string) []byte {
	var r roff
	name := manName(cmd)
	r.line(".TH ", quoted(strings.ToUpper(name)), " ", manSection(cmd), " ", quoted(date), " ", quoted("farenctl "+readVersion().Version), " ", quoted("farenctl"))
	r.line(".nh")
	r.line(".ad l")
	r.section(app.tr("NAME", "名称"))
	r.line(escaped(name), ` \- `, escaped(cmd.Short))
	if kindOf(cmd) == "topic" {
		var text bytes.Buffer
		out := cmd.OutOrStdout()
		cmd.SetOut(&text)
		_ = cmd.Help()
		cmd.SetOut(out)
		r.section(app.tr("DESCRIPTION", "描述"))
		r.verbatim(text.String())
		app.seeAlso(&r, cmd)
		return r.Bytes()
	}
	r.section(app.tr("SYNOPSIS", "概要"))
	parent := ""
	if cmd.HasParent() {
		parent = cmd.Parent().CommandPath() + " "
	}
	use := cmd.Use
	if cmd.HasSubCommands() {
		use += " <command>"
	}
	r.line(`\fB`, escaped(parent+cmd.Name()), `\fR`, escaped(strings.TrimPrefix(use, cmd.Name())))
	if text := cmd.Long; text != "" {
		r.section(app.tr("DESCRIPTION", "描述"))
		r.prose(text)
	}
	if cmd.HasSubCommands() {
		r.section(app.tr("COMMANDS", "命令"))
		for _, below := range cmd.Commands() {
			if below.IsAvailableCommand() || below.Name() == "help" {
				r.line(".TP")
				r.line(`\fB`, escaped(below.CommandPath()), `\fR`)
				r.line(escaped(below.Short))
			}
		}
	}
	app.manFlags(&r, cmd)
	if cmd.Example != "" {
		r.section(app.tr("EXAMPLES", "示例"))
		r.verbatim(cmd.Example)
	}
	app.seeAlso(&r, cmd)
	return r.Bytes()
}

func (app *App) manFlags(r *roff, cmd *cobra.Command) {
	cmd.InitDefaultHelpFlag()
	r.section(app.tr("OPTIONS", "选项"))
	cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		r.line(".TP")
		head := ""
		if f.Shorthand != "" {
			head = `\fB\-` + f.Shorthand + `\fR, `
		}
		head += `\fB` + escaped("--"+f.Name) + `\fR`
		if f.NoOptDefVal == "" {
			kind, _ := pflag.UnquoteUsage(f)
			head += ` \fI` + escaped(kind) + `\fR`
		}
		r.line(head)
		text := f.Usage
		if f.NoOptDefVal == "" && f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "0s" {
			text += fmt.Sprintf(app.tr(" (default %s)", "（默认 %s）"), f.DefValue)
		}
		r.line(escaped(text))
	})
	if cmd.HasParent() {
		r.line(".PP")
		r.line(escaped(app.tr("The options of every command stand in farenctl(1).", "全局选项见 farenctl（1）。")))
	}
}

func (app *App) seeAlso(r *roff, cmd *cobra.Command) {
	var pages []string
	add := func(c *cobra.Command) {
		if !c.Hidden && c != cmd {
			pages = append(pages, `\fB`+escaped(manName(c))+`\fR(`+manSection(c)+")")
		}
	}
	if cmd.HasParent() {
		add(cmd.Parent())
	}
	for _, below := range cmd.Commands() {
		add(below)
	}
	for _, topic := range cmd.Root().Commands() {
		if cmd.HasParent() && kindOf(topic) == "topic" {
			add(topic)
		}
	}
	r.section(app.tr("SEE ALSO", "参见"))
	r.line(strings.Join(pages, ",\n"))
}
