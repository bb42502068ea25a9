package config

import "slices"

// Variable is an environment variable that the program goes by. Setting is the setting that it gives, if it is of the table. Default
// is empty where there is none, or where the description tells it.
type Variable struct {
	Name, Setting                  string
	English, Chinese               string
	DefaultEnglish, DefaultChinese string
}

// Variables gives farenctl's own variables: those of the settings in the order of the table, then the others.
func Variables() []Variable {
	var all []Variable
	for _, row := range settings() {
		if row.kind == Map {
			continue
		}
		v := Variable{Name: variable(row.name), Setting: row.name, English: row.en, Chinese: row.zh, DefaultEnglish: row.fallback, DefaultChinese: row.fallback}
		if row.orEN != "" {
			v.DefaultEnglish, v.DefaultChinese = row.orEN, row.orZH
		}
		all = append(all, v)
	}
	return append(all,
		Variable{Name: "FARENCTL_CONFIG", English: "configuration file (--config)", Chinese: "配置文件（--config）",
			DefaultEnglish: "~/.config/farenctl/config.yaml", DefaultChinese: "~/.config/farenctl/config.yaml"},
		Variable{Name: "FARENCTL_PROFILE", English: "profile of the configuration file (--profile)", Chinese: "配置文件中的配置名（--profile）",
			DefaultEnglish: "the file's profile, else default", DefaultChinese: "文件中的 profile，否则 default"},
		Variable{Name: "FARENCTL_COMPLETION_DESCRIPTIONS", English: "0: completions are offered without descriptions", Chinese: "为 0 时补全不显示说明",
			DefaultEnglish: "1", DefaultChinese: "1"},
		Variable{Name: "FARENCTL_ACTIVE_HELP", English: "0: completions come without hints", Chinese: "为 0 时补全不显示提示",
			DefaultEnglish: "1", DefaultChinese: "1"},
		Variable{Name: "FARENCTL_WATCH_LOCK_FD", English: "set by farenctl itself for the watcher of the private server", Chinese: "由 farenctl 自身为私有服务的监视进程设置"})
}

// OtherVariables gives the variables of other makers that the program goes by.
func OtherVariables() []Variable {
	return []Variable{
		{Name: "PGHOST, PGHOSTADDR, PGSERVICE, PGDATABASE", English: "any of them names the server when no address is set",
			Chinese: "未设置数据库地址时，由其中任一项确定服务器"},
		{Name: "PGPORT, PGUSER, PGOPTIONS, PGSERVICEFILE", English: "the rest of the server's address, also beside an address", Chinese: "服务器地址的其余部分"},
		{Name: "PGPASSFILE", English: "libpq's file of passwords", Chinese: "libpq 密码文件", DefaultEnglish: "~/.pgpass", DefaultChinese: "~/.pgpass"},
		{Name: "PGPASSWORD", English: "a password, which other processes of the user can read: better PGPASSFILE", Chinese: "密码；同一用户的其他进程可读取，建议使用 PGPASSFILE"},
		{Name: "PGSSLMODE, PGSSLROOTCERT, PGSSLCERT, PGSSLKEY", English: "TLS to the database; over TCP verify-full unless said otherwise",
			Chinese: "数据库连接的 TLS;TCP 连接默认 verify-full"},
		{Name: "LC_ALL, LC_MESSAGES, LANG", English: "the locale: zh… is Chinese, any other English", Chinese: "区域设置：zh… 为中文，其他为英文"},
		{Name: "LC_CTYPE", English: "its characters, after LC_ALL: charts need UTF-8, else they are ASCII", Chinese: "字符集（LC_ALL 优先）；非 UTF-8 时图表以 ASCII 绘制"},
		{Name: "NO_COLOR, TERM", English: "NO_COLOR set, or TERM=dumb: no colours, and charts in ASCII", Chinese: "设置 NO_COLOR 或 TERM=dumb 时不使用颜色，并以 ASCII 绘制图表"},
		{Name: "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME", English: "instead of ~/.config, ~/.local/state, ~/.local/share",
			Chinese: "代替 ~/.config、~/.local/state、~/.local/share"},
		{Name: "XDG_RUNTIME_DIR", English: "for the private server's socket where its directory's path is too long", Chinese: "私有服务目录路径过长时套接字所在目录"},
		{Name: "HOME", English: "the home directory", Chinese: "主目录"},
		{Name: "PATH", English: "where PostgreSQL's programs are looked for first", Chinese: "首先在此查找 PostgreSQL 程序"},
		{Name: "LD_LIBRARY_PATH", English: "handed on to PostgreSQL's programs", Chinese: "传递给 PostgreSQL 程序"},
		{Name: "SSL_CERT_FILE, SSL_CERT_DIR", English: "the system's authorities, for gateways and providers", Chinese: "网关和认证服务所用的系统发证机构"},
		{Name: "HTTPS_PROXY, HTTP_PROXY, NO_PROXY", English: "proxy on the way to gateways and providers, and hosts without it", Chinese: "访问网关和认证服务所用的代理及其例外"},
		{Name: "DEBUG", English: "must not hold tea with sms.sender aliyun: its SDK would show numbers", Chinese: "sms.sender 为 aliyun 时不得含 tea，否则阿里云 SDK 会输出号码"},
		{Name: "SOURCE_DATE_EPOCH", English: "date of the pages that man makes, in seconds since 1970", Chinese: "man 所生成页面的日期，1970 年以来的秒数",
			DefaultEnglish: "the date of the program's commit", DefaultChinese: "程序的提交日期"},
	}
}

// VariableNames are farenctl's own, also those that are refused because they would hold a secret.
func VariableNames() []string {
	var names []string
	for _, v := range Variables() {
		names = append(names, v.Name)
	}
	for _, row := range settings() {
		if row.kind == SecretFile {
			names = append(names, variable(row.name[:len(row.name)-len(secretSuffix)]))
		}
	}
	slices.Sort(names)
	return names
}
