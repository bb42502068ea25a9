package account

import "slices"

// Code is the stable name of an expected failure or warning. Scripts depend on it; it is never translated.
type Code string

// Exit statuses (sysexits.h where it has a fitting one).
const (
	StatusDone         = 0
	StatusUnexpected   = 1
	StatusUsage        = 2
	StatusNotFound     = 3
	StatusNotSignedIn  = 4
	StatusConflict     = 5
	StatusRefused      = 6
	StatusSomeFailed   = 7
	StatusTimedOut     = 8
	StatusEndedOther   = 9
	StatusEnvironment  = 10
	StatusInput        = 65
	StatusUnavailable  = 69
	StatusTryAgain     = 75
	StatusForbidden    = 77
	StatusConfig       = 78
	StatusInterrupted  = 130
	StatusWarningsOnly = -1 // a warning code: it never ends a command
)

// Entry is one row of the code table: what `farenctl explain` prints, what a failing command prints, and its status.
// Texts may hold {places}, which the details of a fault fill.
type Entry struct {
	Code        Code
	Status      int
	English     string
	Chinese     string
	HintEnglish string
	HintChinese string
}

// StatusEntry describes one exit status.
type StatusEntry struct {
	Status  int    `json:"status"`
	English string `json:"english"`
	Chinese string `json:"chinese"`
}

// Lookup finds a code's entry; an unknown code gets that of INTERNAL.
func Lookup(code Code) Entry {
	if e, ok := Find(code); ok {
		return e
	}
	e, _ := Find("INTERNAL")
	return e
}

// Find finds a code's entry.
func Find(code Code) (Entry, bool) {
	i := slices.IndexFunc(table, func(e Entry) bool { return e.Code == code })
	if i < 0 {
		return Entry{}, false
	}
	return table[i], true
}

// Entries gives the whole code table, ordered by status and code, warnings last.
func Entries() []Entry { return slices.Clone(table) }

// Statuses gives every exit status with its meaning.
func Statuses() []StatusEntry {
	return []StatusEntry{
		{StatusDone, "done", "完成"},
		{StatusUnexpected, "unexpected error", "意外错误"},
		{StatusUsage, "usage: unknown command or flag, missing or ill-formed argument", "用法错误：命令、参数未知、缺失或格式不符"},
		{StatusNotFound, "not found", "未找到"},
		{StatusNotSignedIn, "not signed in, wrong credentials, account locked, disabled or not yet active", "未登录、凭据错误，或账号已锁定、停用、尚未生效"},
		{StatusConflict, "conflict: something exists or is in the wrong state", "冲突：已存在或状态不符"},
		{StatusRefused, "refused by a rule", "被规则拒绝"},
		{StatusSomeFailed, "some rows of a batch failed", "批量中部分行失败"},
		{StatusTimedOut, "wait timed out", "等待超时"},
		{StatusEndedOther, "the awaited thing ended otherwise (rejected, failed, expired)", "等待的事项以其他结果结束（拒绝、失败、过期）"},
		{StatusEnvironment, "refused in this environment", "当前环境不允许"},
		{StatusInput, "input is no valid value", "输入值无效"},
		{StatusUnavailable, "database or provider not reachable", "数据库或服务方无法连接"},
		{StatusTryAgain, "try again later", "请稍后重试"},
		{StatusForbidden, "forbidden to this operator or session", "当前操作员或会话无权执行"},
		{StatusConfig, "configuration", "配置错误"},
		{StatusInterrupted, "interrupted", "已中断"},
	}
}

// NoReviewer warns that nobody can decide an application yet.
const NoReviewer Code = "NO_REVIEWER"
