package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// shownSetting is one setting in JSON. OriginName is the flag, variable or profile that has it, and File the profile's file.
type shownSetting struct {
	Name        string  `json:"name"`
	Value       string  `json:"value"`
	Kind        string  `json:"kind"`
	Origin      string  `json:"origin"`
	OriginName  *string `json:"origin_name"`
	File        *string `json:"file"`
	Variable    *string `json:"variable"`
	Description string  `json:"description"`
}

type configShowOptions struct {
	origin bool
}

func newConfigShowCmd(app *App) *cobra.Command {
	var o configShowOptions
	cmd := &cobra.Command{
		Use:   "show",
		Short: app.tr("Show every setting, with --origin where it is from", "查看全部配置，加 --origin 显示来源"),
		Long: app.tr(`Show every setting and its value, with --origin where it is from: a flag, a variable, a profile of the
configuration file, or its default.

A name is the key in a profile, with a dot below each group (identity.issuer is issuer in identity); -o wide tells
the variable as well. Secrets stand in files: their places are shown, what they hold is not read. A password in the
address of the database is left out. Nothing is connected to.`, `显示全部配置项及取值，加 --origin 显示来源：命令行选项、环境变量、配置文件或默认值。

名称即配置文件中的键，分组之间以点号分隔（identity.issuer 即 identity 下的 issuer）；-o wide 还显示环境变量。
密钥存放在文件中：只显示文件位置，不读取内容。数据库地址中的密码不显示。不连接任何服务。`),
		Example: `  farenctl config show --origin
  farenctl config show --jq '.items[] | select(.origin != "default") | .name'`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			type col = render.Column[shownSetting]
			view := render.List[shownSetting]{ID: func(s shownSetting) string { return s.Name }, Columns: []col{
				{Key: "name", Title: app.tr("NAME", "名称"), Kind: render.ID},
				{Key: "value", Title: app.tr("VALUE", "取值"), Kind: render.Prose},
				{Key: "origin", Title: app.tr("ORIGIN", "来源"), Kind: render.Prose, Wide: !o.origin, Value: app.originText},
				{Key: "variable", Title: app.tr("VARIABLE", "环境变量"), Kind: render.ID, Wide: true},
				{Key: "description", Title: app.tr("WHAT", "说明"), Kind: render.Prose, Wide: true},
			}}
			return printList(cmd.Context(), app, view, func(_ context.Context, s *service.Service) (account.Page[shownSetting], error) {
				all, err := s.Settings()
				items := make([]shownSetting, len(all))
				for i, setting := range all {
					items[i] = app.shownSetting(setting)
				}
				return account.Page[shownSetting]{Items: items}, err
			})
		},
	}
	cmd.Flags().BoolVar(&o.origin, "origin", false, app.tr("show where each is from", "显示来源"))
	return cmd
}

func (app *App) shownSetting(s config.Setting) shownSetting {
	known := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	return shownSetting{
		Name: s.Name, Value: s.Value, Kind: string(s.Kind), Origin: s.Origin.Kind, OriginName: known(s.Origin.Name), File: known(s.Origin.File),
		Variable: known(s.Variable), Description: app.tr(s.English, s.Chinese),
	}
}

// originText is the origin in one line.
func (app *App) originText(s shownSetting) string {
	switch s.Origin {
	case config.FromFlag:
		return app.tr("flag ", "选项 ") + *s.OriginName
	case config.FromVariable:
		return app.tr("variable ", "环境变量 ") + *s.OriginName
	case config.FromProfile:
		return fmt.Sprintf(app.tr("profile %s of %s", "配置 %s（%s）"), *s.OriginName, *s.File)
	}
	return app.tr("default", "默认")
}
