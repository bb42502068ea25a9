package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/fixture"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

type fixtureApplyOptions struct {
	fixtureFile
	export, force bool
	out           string
}

func newFixtureApplyCmd(app *App) *cobra.Command {
	opts := &fixtureApplyOptions{}
	cmd := &cobra.Command{
		Use:   "apply -f {FILE | -} [--namespace N] [--export] [--out FILE] [--force]",
		Short: app.tr("Make the accounts that a document asks for", "按文档创建测试账号"),
		Long: app.tr(`Make the organizations and accounts that a document asks for (farenctl help fixture), by the steps that an applicant, a reviewer and
staff would take, and print how to sign in. The passwords are printed in clear on purpose: they are throw-away ones of made-up persons.
--export prints shell lines such as export FAREN_BOSS_USERNAME='…' for eval; --out writes to a file that only its owner can read.

What the namespace has as asked for stays untouched: a second run changes nothing. What is not as asked, because the document, a test or
time changed it, is made anew with its whole organization; what the namespace has beside the document goes. Several processes may run at
once, in one namespace one after the other. Nothing is sent by itself; sms dispatch would send to the made-up numbers.

It needs the roles faren_fixture and faren_registrar, for manual channels faren_reviewer, or faren_admin, and policy captcha.required off;
on production the database refuses it (status 10).`, `按文档（见 farenctl help fixture）创建单位和账号：依次执行申请人、审核人和工作人员的各步骤，并输出登录信息。密码以明文输出，因其
仅属于虚构人员、用后即弃。--export 输出 export FAREN_BOSS_USERNAME='…' 形式的行，供 eval 使用；--out 写入仅本人可读的文件。

命名空间中已符合文档的内容保持不变，再次运行不作任何变更。因文档修改、测试或时间推移而不再符合的，连同其单位一并重建；文档中没有的将被删除。
可同时运行多个进程，同一命名空间内依次执行。本命令不发送短信，但 sms dispatch 会向这些虚构号码发送。

需要 faren_fixture 和 faren_registrar 角色（人工认证渠道另需 faren_reviewer），或 faren_admin，且参数 captcha.required 为 off；生产环境由数据库拒绝（退出状态 10）。`),
		Example: `  eval "$(farenctl fixture apply -f accounts.yaml --export \
      --namespace ci-$CI_JOB_ID)"
  farenctl fixture apply -f accounts.yaml \
      --jq '.items[] | select(.key == "boss") | .username'`,
		Annotations: map[string]string{unlimited: byDefault},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "file"); err != nil {
				return err
			}
			if opts.export && (app.given["output"] != "" || app.global.jq != "" || len(app.global.fields) > 0 || app.global.quiet) {
				return account.NewFault("USAGE", "problem", app.tr("--export is a form of its own: no -o, --jq, --fields or -q beside it", "--export 不能与 -o、--jq、--fields、-q 同用"), "command", cmd.CommandPath())
			}
			return opts.run(cmd.Context(), app)
		},
	}
	opts.add(app, cmd)
	cmd.Flags().BoolVar(&opts.export, "export", false, app.tr("print shell lines for eval", "输出供 eval 使用的 shell 变量行"))
	cmd.Flags().StringVar(&opts.out, "out", "", app.tr("write to this file, readable by its owner only, instead of standard output", "写入此文件（仅本人可读），而非标准输出"))
	takesFile(cmd, "out")
	cmd.Flags().BoolVar(&opts.force, "force", false, app.tr("take the namespace over from a process that was killed", "接管被终止进程占用的命名空间"))
	return cmd
}

func (o *fixtureApplyOptions) run(ctx context.Context, app *App) error {
	how, err := app.options()
	if err != nil {
		return err
	}
	if o.out != "" {
		how.Width, how.Color = 0, false
	}
	s, err := app.service()
	if err != nil {
		return err
	}
	d, err := o.read(app, s)
	if err != nil {
		return err
	}
	write := func(to io.Writer) error {
		printer, err := render.New(to, how)
		if err != nil {
			return err
		}
		if err := printer.Check(app.itemsView(account.FixtureReport{})); err != nil {
			return err
		}
		report, err := s.ApplyFixture(ctx, d, o.force)
		if err != nil {
			return err
		}
		if o.export {
			_, err = io.WriteString(to, exports(report))
		} else {
			err = printer.Print(ctx, app.annotated(app.itemsView(report), s.Outcome()))
		}
		if err == nil && !app.format.Structured() && !app.global.quiet {
			app.note(fmt.Sprintf(app.tr("namespace %s: %d organizations changed", "命名空间 %s：已变更 %d 个单位"), report.Namespace, report.Changes))
		}
		if errors.Is(err, syscall.EPIPE) {
			err = nil // the reader has seen enough
		}
		return err
	}
	switch {
	case o.out == "":
		return write(app.std.Out)
	case app.global.dryRun:
		return write(io.Discard)
	}
	return writeOwn(o.out, write)
}

// writeOwn writes a file that only its owner can read, and puts it in place at once, over what was there.
func writeOwn(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fileFault(path, fs.ErrInvalid)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".fixture-*") // mode 0600
	if err != nil {
		return fileFault(path, err)
	}
	err = errors.Join(write(file), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// exports are lines for a shell. A value in single quotes is taken as it is, but for single quotes themselves.
func exports(r account.FixtureReport) string {
	var b strings.Builder
	line := func(name string, value *string) {
		if value != nil {
			fmt.Fprintf(&b, "export FAREN_%s='%s'\n", name, strings.ReplaceAll(*value, "'", `'\''`))
		}
	}
	line("NAMESPACE", &r.Namespace)
	for _, o := range r.Organizations {
		if o.Change == account.FixtureDelete {
			continue
		}
		name := fixture.Variable(o.Key)
		line(name+"_UNIT_CODE", o.UnitCode)
		line(name+"_ORGANIZATION", o.Name)
	}
	for _, i := range r.Items {
		if i.Change == account.FixtureDelete {
			continue
		}
		name := fixture.Variable(i.Key)
		line(name+"_USERNAME", i.Username)
		line(name+"_PASSWORD", i.Password)
		line(name+"_NAME", i.Name)
		line(name+"_DOCUMENT_NUMBER", i.DocumentNumber)
		line(name+"_PHONE", i.Phone)
		line(name+"_STATE", i.State)
		if i.ApplicationID != nil {
			id := i.ApplicationID.String()
			line(name+"_APPLICATION_ID", &id)
		}
		if i.AccountID != nil {
			id := i.AccountID.String()
			line(name+"_ACCOUNT_ID", &id)
		}
	}
	return b.String()
}

// printChanges prints what a diff or a deletion tells.
func (app *App) printChanges(ctx context.Context, use func(context.Context, *service.Service) (account.FixtureReport, error)) error {
	var told account.FixtureReport
	err := printed(ctx, app, app.changesView(account.FixtureReport{}), func(ctx context.Context, s *service.Service) (render.View, error) {
		var err error
		told, err = use(ctx, s)
		return app.changesView(told), err
	})
	if err == nil && !app.format.Structured() && !app.global.quiet {
		app.note(fmt.Sprintf(app.tr("namespace %s: %d changes", "命名空间 %s：%d 项变更"), told.Namespace, told.Changes))
	}
	return err
}
