package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/fixture"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newFixtureCmd(app *App) *cobra.Command {
	cmd := group(app, "fixture", app.tr("Test accounts for CI, outside production", "供 CI 使用的测试账号（生产环境不可用）"),
		newFixtureApplyCmd(app), newFixtureDiffCmd(app), newFixtureDeleteCmd(app), newFixtureGenerateCmd(app))
	cmd.Long = app.fixtureHelp()
	return cmd
}

// fixtureFile is the document of a fixture command.
type fixtureFile struct{ path, namespace string }

func (f *fixtureFile) add(app *App, cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.path, "file", "f", "", app.tr("document, YAML or JSON; - for standard input", "测试数据文档（YAML 或 JSON）；- 为标准输入"))
	cmd.Flags().StringVar(&f.namespace, "namespace", "", app.tr("namespace, instead of the document's", "命名空间，代替文档中的 namespace"))
	takesFile(cmd, "file", "yaml", "yml", "json")
}

// read reads the document. Its passwords are throw-away ones, so that it may lie in a repository for everybody to read.
func (f *fixtureFile) read(app *App, s *service.Service) (fixture.Document, error) {
	in, err := app.open(f.path, true)
	if err != nil {
		return fixture.Document{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	return s.ReadFixture(in, f.namespace)
}

// fixtureChanges is what applying would do, or deleting did, without the accounts.
type fixtureChanges struct {
	Namespace     string                        `json:"namespace"`
	Changes       int                           `json:"changes"`
	Organizations []account.FixtureOrganization `json:"organizations"`
}

// ofWhole tells that the JSON of a list's whole answer is asked for, not its items.
func (app *App) ofWhole() bool {
	name := app.format.Name()
	return name == render.FormatJSON || name == render.FormatYAML || app.global.jq != "" && name == render.FormatTable
}

// changesView is a table of organizations, or the whole as one object.
func (app *App) changesView(r account.FixtureReport) render.View {
	if app.ofWhole() && !app.global.quiet {
		return render.Object[fixtureChanges]{Value: fixtureChanges{r.Namespace, r.Changes, r.Organizations}, ID: func(c fixtureChanges) string { return c.Namespace }}
	}
	type col = render.Column[account.FixtureOrganization]
	return render.List[account.FixtureOrganization]{Items: r.Organizations, ID: func(o account.FixtureOrganization) string { return o.Key }, Columns: []col{
		{Key: "key", Title: app.tr("KEY", "键"), Kind: render.ID},
		{Key: "change", Title: app.tr("CHANGE", "变更"), Kind: render.ID},
		{Key: "why", Title: app.tr("WHY", "原因"), Kind: render.ID},
		{Key: "unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID},
		{Key: "organization_name", Title: app.tr("ORGANIZATION", "单位")},
	}}
}

// itemsView is a table of accounts, or the whole as one object.
func (app *App) itemsView(r account.FixtureReport) render.View {
	if app.ofWhole() && !app.global.quiet {
		return render.Object[account.FixtureReport]{Value: r, ID: func(r account.FixtureReport) string { return r.Namespace }}
	}
	type col = render.Column[account.FixtureItem]
	return render.List[account.FixtureItem]{Items: r.Items, ID: fixtureID, Columns: []col{
		{Key: "key", Title: app.tr("KEY", "键"), Kind: render.ID},
		{Key: "change", Title: app.tr("CHANGE", "变更"), Kind: render.ID},
		{Key: "state", Title: app.tr("STATE", "状态"), Kind: render.ID},
		{Key: "username", Title: app.tr("USER NAME", "用户名"), Kind: render.ID},
		{Key: "password", Title: app.tr("PASSWORD", "密码"), Kind: render.ID},
		{Key: "role", Title: app.tr("ROLE", "角色"), Kind: render.ID, Wide: true},
		{Key: "phone", Title: app.tr("MOBILE", "手机号"), Kind: render.ID, Wide: true},
		{Key: "name", Title: app.tr("NAME", "姓名"), Wide: true},
		{Key: "document_number", Title: app.tr("DOCUMENT", "证件号码"), Kind: render.ID, Wide: true},
		{Key: "unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID, Wide: true},
		{Key: "organization_name", Title: app.tr("ORGANIZATION", "单位"), Wide: true},
		{Key: "application_id", Title: app.tr("APPLICATION", "注册申请"), Kind: render.ID, Wide: true},
		{Key: "account_id", Title: app.tr("ACCOUNT", "账号"), Kind: render.ID, Wide: true},
	}}
}

// fixtureID is the account's id, or that of the application where there is none.
func fixtureID(i account.FixtureItem) string {
	switch {
	case i.AccountID != nil:
		return i.AccountID.String()
	case i.ApplicationID != nil:
		return i.ApplicationID.String()
	}
	return i.Key
}
