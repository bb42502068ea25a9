package service

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/certificate"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/sms"
)

// Finding is what one check found: in Status ok, warning, failed or skipped. Message and Hint are in the service's language and hold
// no secret and no address of a database.
type Finding struct {
	Check   string        `json:"check"`
	Status  string        `json:"status"`
	Code    *account.Code `json:"code"` // of the table, where it has one
	Message string        `json:"message"`
	Hint    string        `json:"hint"`
}

// The results of a check.
const (
	CheckOK      = "ok"
	CheckWarning = "warning"
	CheckFailed  = "failed"
	CheckSkipped = "skipped"
)

const (
	// checkTime bounds a check, in which a database may be connected to.
	checkTime = 15 * time.Second
	// clockTolerance is the difference of clocks from which sessions, codes and tokens begin to end at wrong times.
	clockTolerance = 5 * time.Second
	// production is the environment in which nothing is played.
	production = "production"
)

// check is one row of the doctor's table. needs names the check without which this one cannot be made.
type check struct {
	name, needs string
	run         func(*doctor, context.Context) Finding
}

// checks stand in the order in which they are made.
var checks = [...]check{
	{"configuration", "", (*doctor).configuration},
	{"database", "configuration", (*doctor).database},
	{"transport", "database", (*doctor).transport},
	{"clock", "database", (*doctor).clock},
	{"schema", "database", (*doctor).schema},
	{"roles", "schema", (*doctor).roles},
	{"environment", "schema", (*doctor).environment},
	{"test_clock", "schema", (*doctor).testClock},
	{"calendar", "schema", (*doctor).calendar},
	{"outbox", "schema", (*doctor).outbox},
	{"audit", "schema", (*doctor).audit},
	{"disk", "configuration", (*doctor).disk},
	{"keyring", "configuration", (*doctor).keyring},
	{"session_file", "configuration", (*doctor).sessionFile},
	{"certificates", "configuration", (*doctor).certificates},
	{"identity", "configuration", (*doctor).identity},
	{"e_licence", "configuration", (*doctor).licence},
	{"sms", "configuration", (*doctor).sms},
}

// doctor is what the checks share.
type doctor struct {
	s       *Service
	problem error // of the configuration
	link    postgres.Link
	open    *backend  // nil when the database cannot be used
	now     time.Time // by the rules' clock, or without a database by this machine's
}

// Doctor makes every check, whatever the others found. problem is why the configuration could not be loaded, if so. DOCTOR_FAILED comes
// with the findings.
func (s *Service) Doctor(ctx context.Context, problem error) ([]Finding, error) {
	d := &doctor{s: s, problem: problem, now: time.Now()}
	found := make([]Finding, 0, len(checks))
	bad := map[string]bool{}
	failed := 0
	for _, c := range checks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var f Finding
		if bad[c.needs] {
			f = Finding{Status: CheckSkipped, Message: d.tr("not checked, because of ", "未检查，原因见") + account.Term(d.s.lang, account.FindingNameTerms, c.needs)}
		} else {
			bounded, cancel := context.WithTimeout(ctx, checkTime)
			f = c.run(d, bounded)
			cancel()
		}
		f.Check = c.name
		bad[c.name] = f.Status == CheckFailed || f.Status == CheckSkipped
		if f.Status == CheckFailed {
			failed++
		}
		found = append(found, f)
	}
	if failed > 0 {
		return found, account.NewFault("DOCTOR_FAILED", "count", failed)
	}
	return found, nil
}

func (d *doctor) tr(en, zh string) string { return d.s.lang.Pick(en, zh) }

func (d *doctor) ok(message string) Finding { return Finding{Status: CheckOK, Message: message} }

func (d *doctor) warn(message, hint string) Finding {
	return Finding{Status: CheckWarning, Message: message, Hint: hint}
}

func (d *doctor) fail(message, hint string) Finding {
	return Finding{Status: CheckFailed, Message: message, Hint: hint}
}

// fault tells an error by the table of codes. What is none of it may hold anything, and is told as unexpected.
func (d *doctor) fault(err error) Finding {
	var f *account.Fault
	if !errors.As(err, &f) {
		f = account.NewFault("INTERNAL")
	}
	loc := d.s.location()
	hint := f.Hint(d.s.lang, loc)
	if hint == "" {
		hint = d.tr("`farenctl config show --origin` tells what is set, and where", "可运行 `farenctl config show --origin` 查看配置及来源")
	}
	return Finding{Status: CheckFailed, Code: &f.Code, Message: f.Message(d.s.lang, loc), Hint: hint}
}

func (d *doctor) configuration(context.Context) Finding {
	if d.problem != nil {
		f := d.fault(d.problem)
		if account.HasCode(d.problem, "CONFIG_INVALID") {
			// Nothing can be shown of what cannot be loaded.
			f.Hint = d.tr("mend the profile or variable that it names", "请修改所述的配置项或环境变量")
		}
		return f
	}
	profile := ""
	for _, s := range d.s.opts.Config.Settings {
		if s.Origin.Kind == config.FromProfile {
			profile = fmt.Sprintf(d.tr(", profile %s of %s", "，配置 %s（%s）"), s.Origin.Name, s.Origin.File)
		}
	}
	return d.ok(d.tr("loaded", "已读取") + profile)
}

func (d *doctor) database(ctx context.Context) Finding {
	o, lease, err := d.s.reach(ctx, false)
	if err != nil {
		return d.fault(err)
	}
	defer closeLease(lease) //nolint:errcheck // the schema's check takes one of its own
	store, err := postgres.Open(o)
	if err != nil {
		return d.fault(err)
	}
	defer store.Close() //nolint:errcheck // nothing is written
	if d.link, err = store.Link(ctx); err != nil {
		return d.fault(err)
	}
	if d.s.opts.Config.Private() {
		return d.ok(d.tr("the private server answers", "私有服务已连接"))
	}
	return d.ok(d.tr("it answers", "已连接"))
}

func (d *doctor) transport(context.Context) Finding {
	switch {
	case d.link.Verified:
		return d.ok(d.tr("TLS; the server's certificate is checked", "TLS，已校验服务器证书"))
	case d.link.Near:
		return d.ok(d.tr("on this machine", "本机连接"))
	case d.link.TLS:
		return d.warn(d.tr("TLS, but who answers is not checked", "使用 TLS，但未校验服务器身份"),
			d.tr("use sslmode=verify-full with sslrootcert in the address", "请在数据库地址中使用 sslmode=verify-full 和 sslrootcert"))
	}
	return d.fail(d.tr("no TLS over a network", "经网络连接而未使用 TLS"), d.tr("use sslmode=verify-full in the address", "请在数据库地址中使用 sslmode=verify-full"))
}

func (d *doctor) clock(context.Context) Finding {
	ahead := d.link.Ahead.Round(100 * time.Millisecond)
	if d.link.Ahead.Abs() <= clockTolerance {
		return d.ok(d.tr("agrees with the database's", "与数据库时钟一致"))
	}
	which := d.tr("the database's clock is %s ahead of this machine's", "数据库时钟比本机快 %s")
	if ahead < 0 {
		which = d.tr("the database's clock is %s behind this machine's", "数据库时钟比本机慢 %s")
	}
	return d.warn(fmt.Sprintf(which, ahead.Abs()), d.tr("set both by NTP", "请通过 NTP 校准两端时钟"))
}

func (d *doctor) schema(ctx context.Context) Finding {
	b, err := d.s.backend(ctx)
	if err != nil {
		return d.fault(err)
	}
	now, err := b.store.Now(ctx)
	if err != nil {
		return d.fault(err)
	}
	d.open, d.now = b, now
	return d.ok(fmt.Sprintf(d.tr("version %d, as this program's", "版本 %d，与本程序一致"), b.status.SchemaVersion))
}

func (d *doctor) environment(context.Context) Finding {
	return d.ok(fmt.Sprintf(d.tr("%s, suite %s", "%s，密码套件 %s"), account.Term(d.s.lang, account.EnvironmentTerms, d.open.status.Environment), d.open.status.Suite))
}

// production tells whether the database is known to be one where nothing is played.
func (d *doctor) production() bool { return d.open != nil && d.open.status.Environment == production }

func (d *doctor) calendar(ctx context.Context) Finding {
	years, err := d.s.CalendarYears(ctx)
	if account.HasCode(err, "FORBIDDEN") {
		return d.unseen()
	}
	if err != nil {
		return d.fault(err)
	}
	known := map[int]bool{}
	for _, y := range years {
		known[y.Year] = true
	}
	today := d.now.In(china)
	switch {
	case !known[today.Year()]:
		return d.fault(account.NewFault("CALENDAR_MISSING", "year", today.Year()))
	case today.Month() >= time.November && !known[today.Year()+1]:
		f := d.fault(account.NewFault("CALENDAR_MISSING", "year", today.Year()+1))
		f.Status = CheckWarning
		return f
	}
	return d.ok(fmt.Sprintf(d.tr("has %d", "已有 %d 年数据"), today.Year()))
}

func (d *doctor) keyring(ctx context.Context) Finding {
	path := d.s.keyringFile()
	keys, err := d.s.loadKeys(path)
	if err != nil {
		return d.fault(err)
	}
	can := d.tr("seals, opens and searches", "可加密、解密和检索")
	if !keys.CanSeal() {
		can = d.tr("searches only (KEYRING_INDEX_ONLY): enough for support", "仅可检索（KEYRING_INDEX_ONLY），适合客服人员")
	}
	if d.open == nil {
		return d.ok(path + d.tr(", not compared with the database: ", "，未与数据库核对：") + can)
	}
	if keys.IndexCheck() != d.open.status.IndexCheck {
		return d.fault(account.NewFault("KEYRING_MISMATCH"))
	}
	newest, err := d.open.store.NewestKey(ctx)
	if err != nil {
		return d.fault(err)
	}
	if newest != nil && keys.CanSeal() && !hasKey(keys, *newest) {
		id, _ := seal.KeyOf(*newest)
		return d.fault(account.NewFault("KEYRING_OUTDATED", "key", id))
	}
	return d.ok(path + d.tr(": ", "：") + can)
}

func (d *doctor) sessionFile(context.Context) Finding {
	path := d.s.opts.Config.SessionFile
	_, err := readSessionFile(path)
	if errors.Is(err, errNoSession) {
		return d.ok(d.tr("not signed in", "未登录"))
	}
	if err != nil {
		return d.fault(err)
	}
	return d.ok(path + d.tr(": its owner's alone", "：仅本人可读"))
}

// certificates checks what sign-in by certificate rests on.
func (d *doctor) certificates(context.Context) Finding {
	c := d.s.opts.Config
	if c.CertificateAuthorities == "" && c.CertificateCRL == "" {
		return d.ok(d.tr("no sign-in by certificate is set up", "未配置数字证书登录"))
	}
	trust, _, err := d.s.trust()
	if err != nil {
		return d.fault(err)
	}
	for _, list := range trust.Lists {
		if !certificate.Current(list, d.now) {
			f := d.fault(account.NewFault("CERTIFICATE_REVOCATION_UNKNOWN"))
			f.Message = d.tr("out of its time: the revocation list of ", "不在有效期内的吊销列表：") + list.Issuer.CommonName
			return f
		}
	}
	var ended []string
	for _, authority := range trust.Authorities {
		if d.now.Before(authority.NotBefore) || d.now.After(authority.NotAfter) {
			ended = append(ended, authority.Subject.CommonName)
		}
	}
	hint := d.tr("renew the file that `certificate_authorities` names", "请更新 `certificate_authorities` 指定的文件")
	told := d.tr("out of their time: ", "不在有效期内：") + strings.Join(ended, ", ")
	switch {
	case len(ended) == len(trust.Authorities):
		return d.fail(told, hint)
	case len(ended) > 0:
		return d.warn(told, hint)
	case trust.Lists == nil:
		return d.warn(d.tr("revocation is not looked at", "不检查吊销"), d.tr("set `certificate_crl` to the file of the revocation lists", "请将 `certificate_crl` 设为吊销列表文件"))
	}
	var without []string
	for _, authority := range trust.Authorities {
		if !slices.ContainsFunc(trust.Lists, func(l *x509.RevocationList) bool { return l.CheckSignatureFrom(authority) == nil }) {
			without = append(without, authority.Subject.CommonName)
		}
	}
	if len(without) > 0 {
		return d.warn(d.tr("no revocation list of: ", "没有吊销列表：")+strings.Join(without, ", "),
			d.tr("add it to the file that `certificate_crl` names, unless others between issue the certificates", "请加入 `certificate_crl` 指定的文件；证书均由其下级机构签发的除外"))
	}
	return d.ok(fmt.Sprintf(d.tr("authorities: %d, current revocation lists: %d", "发证机构 %d 个，有效吊销列表 %d 个"), len(trust.Authorities), len(trust.Lists)))
}

func (d *doctor) identity(ctx context.Context) Finding {
	return d.provider(ctx, d.s.opts.Config.Identity, func() Finding {
		return d.fail(d.tr("the sandbox, which production refuses: nobody can pass a face check", "使用沙箱，而生产环境不允许：无法完成人脸认证"),
			d.tr("set `identity.provider` to oidc, with issuer and client", "请将 `identity.provider` 设为 oidc 并配置签发方和客户端"))
	})
}

func (d *doctor) licence(ctx context.Context) Finding {
	return d.provider(ctx, d.s.opts.Config.ELicence, func() Finding {
		// Whoever has no e-licence has other ways to sign in.
		return d.warn(d.tr("the sandbox, which production refuses: no sign-in by e-licence", "使用沙箱，而生产环境不允许：无法使用电子营业执照登录"),
			d.tr("set `e_licence.provider` to oidc, with issuer and client", "请将 `e_licence.provider` 设为 oidc 并配置签发方和客户端"))
	})
}

// provider looks at a provider of face checks or e-licences; refused tells of a sandbox on production.
func (d *doctor) provider(ctx context.Context, c config.Identity, refused func() Finding) Finding {
	switch {
	case c.Provider == config.ProviderOIDC:
		return d.oidc(ctx, c.OIDC)
	case d.production():
		return refused()
	}
	return d.ok(d.tr("sandbox", "沙箱"))
}

func (d *doctor) sms(ctx context.Context) Finding {
	c := d.s.opts.Config.SMS
	switch c.Sender {
	case config.SenderHTTP:
		return d.gateway(ctx, c.HTTP)
	case config.SenderAliyun:
		return d.aliyun(ctx, c.Aliyun)
	}
	if d.production() {
		return d.fail(d.tr("messages stay in the outbox and reach nobody", "短信只存入发件箱，不会送达"), d.tr("set `sms.sender` to http or aliyun", "请将 `sms.sender` 设为 http 或 aliyun"))
	}
	return d.ok(d.tr("messages stay in the outbox", "短信只存入发件箱"))
}

func (d *doctor) gateway(ctx context.Context, c config.HTTPSender) Finding {
	if _, err := config.ReadSecret(c.SecretFile); err != nil {
		return d.fault(err)
	}
	roots, err := authorities("sms.http.ca_file", c.CAFile)
	if err != nil {
		return d.fault(err)
	}
	if err := touch(ctx, c.URL, roots); err != nil {
		return d.unreachable("sms.http", err)
	}
	return d.ok(d.tr("the gateway can be reached; no message was sent", "短信网关可以连接（未发送短信）"))
}

func (d *doctor) aliyun(ctx context.Context, c config.AliyunSender) Finding {
	if _, err := config.ReadSecret(c.AccessKeySecretFile); err != nil {
		return d.fault(err)
	}
	var missing []string
	for _, kind := range sms.Kinds() {
		if c.Templates[kind] == "" {
			missing = append(missing, kind)
		}
	}
	if len(missing) > 0 {
		return d.fail(d.tr("no template for messages of kind ", "缺少以下短信的模板：")+strings.Join(missing, ", "),
			d.tr("add their codes to `sms.aliyun.templates` in the profile", "请在配置文件的 `sms.aliyun.templates` 中补充模板编号"))
	}
	if err := touch(ctx, aliyunAddress(c.Endpoint), nil); err != nil {
		return d.unreachable("sms.aliyun", err)
	}
	return d.ok(d.tr("the service can be reached; no message was sent", "短信服务可以连接（未发送短信）"))
}
