package service

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/audit"
	"github.com/farenctl/farenctl/internal/config"
)

const (
	// dueTolerance is how long a message may have been due: a dispatcher that runs once a minute, and is slow, is well below. From
	// dueLimit on people wait for messages that nobody sends.
	dueTolerance = 5 * time.Minute
	dueLimit     = time.Hour
	// roomLow and roomNone are the free bytes of the private server's file system below which it is told, and below which the server may
	// stop; so are roomShare of its size, and of its files.
	roomLow, roomNone = 1 << 30, 100 << 20
	roomShare         = 0.05
)

// unseen is a look that the login may not make.
func (d *doctor) unseen() Finding {
	return Finding{Status: CheckSkipped, Message: d.tr("this database login may not look at it", "当前数据库用户无权查看")}
}

// roles looks at what the login may do, and at what the schema's own rights rest on.
func (d *doctor) roles(ctx context.Context) Finding {
	g, err := d.open.store.Grants(ctx)
	if err != nil {
		return d.fault(err)
	}
	again := d.tr("run `farenctl db migrate` as a superuser, who gives out roles and functions anew", "请以超级用户运行 `farenctl db migrate`，以重新建立角色和函数")
	some := func(names []string) string {
		if len(names) > 5 {
			names = append(names[:5:5], "…")
		}
		return strings.Join(names, ", ")
	}
	switch {
	case len(g.Missing) > 0:
		return d.fail(d.tr("group roles that are missing or incomplete: ", "缺失或不完整的组角色：")+some(g.Missing), again)
	case len(g.TooMuch) > 0:
		return d.fail(d.tr("group roles that may do everything: ", "权限过大的组角色：")+some(g.TooMuch),
			d.tr("take the attribute SUPERUSER, or the membership in faren_owner, from them", "请撤销其 SUPERUSER 属性或 faren_owner 成员资格"))
	case len(g.Foreign) > 0:
		return d.fail(d.tr("functions that faren_owner does not own: ", "所有者不是 faren_owner 的函数：")+some(g.Foreign),
			d.tr("find out who changed them, then `ALTER FUNCTION … OWNER TO faren_owner`", "请查明何人更改，再运行 `ALTER FUNCTION … OWNER TO faren_owner`"))
	case len(g.Public) > 0:
		return d.fail(d.tr("functions that every login may execute: ", "所有用户均可执行的函数：")+some(g.Public),
			d.tr("run `REVOKE EXECUTE ON FUNCTION … FROM PUBLIC` on each", "请逐一运行 `REVOKE EXECUTE ON FUNCTION … FROM PUBLIC`"))
	case g.Superuser:
		return d.warn(fmt.Sprintf(d.tr("the login %s is a superuser, whom the database refuses nothing", "数据库用户 %s 是超级用户，数据库对其没有任何限制"), g.Login),
			d.tr("use a login of its own, with the roles that its work needs", "请使用仅具有所需角色的专用用户"))
	case g.Owner:
		return d.warn(fmt.Sprintf(d.tr("the login %s may act as faren_owner, whom the database refuses nothing", "数据库用户 %s 可切换为 faren_owner，数据库对其没有任何限制"), g.Login),
			d.tr("use a login of its own, with the roles that its work needs", "请使用仅具有所需角色的专用用户"))
	}
	return d.ok(fmt.Sprintf(d.tr("the login %s has %s", "数据库用户 %s 具有 %s"), g.Login, strings.Join(g.Roles, ", ")))
}

// testClock tells when the rules go by another time than the database's clock.
func (d *doctor) testClock(ctx context.Context) Finding {
	c, err := d.open.store.Clock(ctx)
	if err != nil {
		return d.fault(err)
	}
	if c.OffsetSeconds == 0 {
		return d.ok(d.tr("not set: the rules go by the database's clock", "未设置，各项规则以数据库时钟为准"))
	}
	offset := time.Duration(c.OffsetSeconds * float64(time.Second))
	which := d.tr("set: the rules' clock is %s ahead", "已设置：规则时钟快 %s")
	if offset < 0 {
		which = d.tr("set: the rules' clock is %s behind", "已设置：规则时钟慢 %s")
	}
	return d.warn(fmt.Sprintf(which, account.Lapse(d.s.lang, offset.Abs())),
		d.tr("`farenctl clock show` tells it, `farenctl clock reset` sets it back", "可运行 `farenctl clock show` 查看，`farenctl clock reset` 恢复"))
}

// outbox looks whether messages leave it. Where nothing is sent, outside production, they stay there on purpose.
func (d *doctor) outbox(ctx context.Context) Finding {
	today := d.now.In(china)
	found, err := d.s.SMSStats(ctx, Period{Since: today.AddDate(0, 0, -1).Format(time.DateOnly), Until: today.Format(time.DateOnly)})
	if account.HasCode(err, "FORBIDDEN") {
		return d.unseen()
	}
	if err != nil {
		return d.fault(err)
	}
	var dead, unknown int64
	for _, k := range found.Kinds {
		dead, unknown = dead+k.Dead, unknown+k.Unknown
	}
	age := time.Duration(found.Backlog.AgeSeconds * float64(time.Second))
	if d.s.opts.Config.SMS.Sender == config.SenderOutbox && !d.production() {
		return d.ok(fmt.Sprintf(d.tr("messages that stay there: %d", "留存短信 %d 条"), found.Backlog.Due+found.Backlog.Later))
	}
	waiting := fmt.Sprintf(d.tr("messages that are due: %d, the oldest for %s", "应发送而未发送的短信 %d 条，最早的已等待 %s"), found.Backlog.Due, account.Lapse(d.s.lang, age))
	send := d.tr("`farenctl sms dispatch` sends them; see that `farenctl sms dispatch --watch` runs", "可运行 `farenctl sms dispatch` 发送，并确认 `farenctl sms dispatch --watch` 正在运行")
	switch {
	case age > dueLimit:
		return d.fail(waiting, send)
	case age > dueTolerance:
		return d.warn(waiting, send)
	case dead > 0:
		return d.warn(fmt.Sprintf(d.tr("of the messages since yesterday, dead: %d, unknown: %d", "昨天以来的短信中，发送失败 %d 条，结果不明 %d 条"), dead, unknown),
			d.tr("`farenctl sms list --status dead -o wide` tells why, `farenctl sms retry` sends one again", "可运行 `farenctl sms list --status dead -o wide` 查看原因，`farenctl sms retry` 重发"))
	case unknown > 0:
		return d.warn(fmt.Sprintf(d.tr("of the messages since yesterday, unknown: %d", "昨天以来的短信中，结果不明 %d 条"), unknown),
			d.tr("`farenctl sms list --status unknown -o wide` tells why, `farenctl sms retry` sends one again", "可运行 `farenctl sms list --status unknown -o wide` 查看原因，`farenctl sms retry` 重发"))
	}
	return d.ok(fmt.Sprintf(d.tr("messages that are due: %d; dead or unknown since yesterday: none", "应发送的短信 %d 条，昨天以来无发送失败或结果不明"), found.Backlog.Due))
}

// audit looks whether the audit is guarded, how far it has come, and, where checkpoints are configured, when it was sealed last.
func (d *doctor) audit(ctx context.Context) Finding {
	found, state := d.guarded(ctx)
	c := d.s.opts.Config
	if found.Status != CheckOK || c.AuditCheckpoints == "" {
		return found
	}
	hint := d.tr("`farenctl audit seal --key FILE --out-dir DIR` seals, best by a timer of the auditor's", "可运行 `farenctl audit seal --key FILE --out-dir DIR` 封存，建议由审计员定时执行")
	if c.AuditPublicKey == "" {
		return d.warn(found.Message+d.tr("; nothing tells whether the checkpoints are genuine", "；无法验证检查点"), d.tr("set `audit.public_key` to the auditor's public key", "请将 `audit.public_key` 设为审计员的公钥文件"))
	}
	key, err := publicKey(c.AuditPublicKey)
	if err != nil {
		return d.fault(err)
	}
	files, err := audit.Files(c.AuditCheckpoints)
	if err != nil {
		return d.fault(unreadable(c.AuditCheckpoints, err))
	}
	if len(files) == 0 {
		return d.warn(found.Message+d.tr("; never sealed", "；从未封存"), hint)
	}
	newest, err := readCheckpoints(files[len(files)-1], key)
	if err != nil {
		return d.fault(err)
	}
	policy, err := d.s.Policy(ctx, "audit.seal_interval")
	if err != nil {
		return d.fault(err)
	}
	seconds, _ := policy.Value.(int64)
	age := time.Since(newest[0].At) // by the clock of who sealed, which is no test clock
	told := found.Message + fmt.Sprintf(d.tr("; sealed up to event %d, %s ago", "；已封存至事件 %d，在 %s前"), newest[0].Last, account.Lapse(d.s.lang, max(age, 0)))
	switch {
	case state.Events < min(newest[0].Size, account.AuditCounted):
		f := d.fault(account.NewFault("AUDIT_BROKEN", "problem", account.Say("sealed events are missing: %d of %d are there", "缺少已封存的记录：现有 %d 条，应有 %d 条", state.Events, newest[0].Size)))
		f.Hint = d.tr("`farenctl audit verify` names the first", "可运行 `farenctl audit verify` 查看首个缺失的事件")
		return f
	case age < -clockTolerance:
		return d.warn(found.Message+d.tr("; the newest checkpoint is of a time to come", "；最新检查点的时间晚于当前时间"), d.tr("set the clocks of this machine and the auditor's by NTP", "请通过 NTP 校准本机与审计员机器的时钟"))
	case age > time.Duration(seconds)*time.Second:
		return d.warn(told, hint)
	}
	return d.ok(told)
}

// guarded looks at the audit in the database alone.
func (d *doctor) guarded(ctx context.Context) (Finding, account.AuditState) {
	broken, err := d.open.store.AuditGuards(ctx)
	if err != nil {
		return d.fault(err), account.AuditState{}
	}
	if len(broken) > 0 {
		return d.fail(d.tr("events can be changed: missing or disabled triggers: ", "审计记录可被更改，触发器缺失或停用：")+strings.Join(broken, ", "),
			d.tr("find out who did that, and what was changed since; `ALTER TABLE faren.audit_event ENABLE TRIGGER …` enables one",
				"请查明何人所为及此后有无更改；可运行 `ALTER TABLE faren.audit_event ENABLE TRIGGER …` 启用")), account.AuditState{}
	}
	state, err := d.open.store.AuditState(ctx)
	if account.HasCode(err, "FORBIDDEN") {
		return d.unseen(), state
	}
	if err != nil {
		return d.fault(err), account.AuditState{}
	}
	events := fmt.Sprintf(d.tr("guarded; events: %d", "受触发器保护，共 %d 条"), state.Events)
	if state.Events >= account.AuditCounted {
		events = fmt.Sprintf(d.tr("guarded; events: %d or more", "受触发器保护，共 %d 条或以上"), state.Events)
	}
	switch {
	case state.NewestAt == nil:
		return d.ok(events), state
	case state.NewestAt.After(d.now.Add(clockTolerance)): // the test clock was set back
		return d.ok(events + d.tr(", the newest is of a time to come", "，最新一条的时间晚于当前时钟")), state
	}
	return d.ok(events + fmt.Sprintf(d.tr(", the newest %s ago", "，最新一条在 %s前"), account.Lapse(d.s.lang, d.now.Sub(*state.NewestAt)))), state
}

// disk looks at the room of the private server.
func (d *doctor) disk(context.Context) Finding {
	if !d.s.opts.Config.Private() {
		return Finding{Status: CheckSkipped, Message: d.tr("the database is not on the private server", "数据库不在私有服务上")}
	}
	dir, err := d.s.dataDir()
	if err != nil {
		return d.fault(err)
	}
	r, ok := readRoom(dir)
	if !ok {
		return Finding{Status: CheckSkipped, Message: d.tr("the file system does not tell its room", "无法读取文件系统的剩余空间")}
	}
	return d.room(dir, r)
}

// room is what a file system has left, in bytes and in files. files is 0 where their number has no bound.
type room struct{ free, size, freeFiles, files uint64 }

func (d *doctor) room(dir string, r room) Finding {
	hint := fmt.Sprintf(d.tr("make room on the file system of %s, or move it with FARENCTL_DATA_DIR", "请清理 %s 所在的文件系统，或用 FARENCTL_DATA_DIR 另选目录"), dir)
	free := fmt.Sprintf(d.tr("free: %s of %s", "剩余 %s，共 %s"), size(r.free), size(r.size))
	low := func(free, of uint64) bool { return float64(free) < roomShare*float64(of) }
	switch {
	case r.free < roomNone:
		return d.fail(free, hint)
	case r.files > 0 && r.freeFiles == 0:
		return d.fail(d.tr("no file more can be made", "无法再新建文件"), hint)
	case r.free < roomLow || low(r.free, r.size):
		return d.warn(free, hint)
	case r.files > 0 && low(r.freeFiles, r.files):
		return d.warn(fmt.Sprintf(d.tr("files that can still be made: %d of %d", "还可新建文件 %d 个，共 %d 个"), r.freeFiles, r.files), hint)
	}
	return d.ok(free)
}

// size tells bytes.
func size(bytes uint64) string {
	if bytes >= 10<<30 {
		return fmt.Sprintf("%d GiB", bytes>>30)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}
