#!/usr/bin/env bash
# All four channels, played: registration, face check, review by the organization or comparison by staff, sign-in (guide 一, 二, 五).
# Every command is shown with what it prints. Needs FARENCTL (the program); works in a data directory of its own, which is thrown away.
set -euo pipefail
cd "$(dirname "$0")/.."
farenctl=${FARENCTL:?the program to play with}

if [ -d /dev/shm ] && [ -w /dev/shm ]; then base=/dev/shm; else base=${TMPDIR:-/tmp}; fi
work=$(mktemp -d "$base/farenctl-demo.XXXXXX")
chmod 711 "$work"
export FARENCTL_DATA_DIR=$work/data FARENCTL_SESSION_FILE=$work/session.json FARENCTL_TIMEZONE=Asia/Shanghai
unset FARENCTL_DATABASE_URL FARENCTL_PROFILE FARENCTL_CONFIG FARENCTL_KEYRING FARENCTL_OUTPUT PGHOST PGHOSTADDR PGSERVICE PGDATABASE
cleanup() {
	"$farenctl" server stop >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap cleanup EXIT

say() { printf '\n# %s\n' "$*"; }

# shown prints a command as one would type it, runs it, and ends the demo when its status is not the expected one.
shown() {
	local expected=$1 status=0
	shift
	printf '$ farenctl'
	printf ' %s' "${@@Q}" | sed -E "s/'([A-Za-z0-9_.,:=\/@-]+)'/\1/g; s#$work/##g"
	printf '\n'
	"$farenctl" "$@" 2>&1 | sed "s#$work/##g" || status=${PIPESTATUS[0]}
	if [ "$status" != 0 ]; then printf '[exit status %s]\n' "$status"; fi
	if [ "$status" != "$expected" ]; then
		printf 'demo: expected exit status %s\n' "$expected" >&2
		exit 1
	fi
}
run() { shown 0 "$@"; }
# value gives one value of a command's JSON.
value() { "$farenctl" "${@:2}" --jq "$1"; }

secret() { # name, text: a file that only its owner can read
	(umask 077 && printf '%s\n' "$2" >"$work/$1")
	printf '%s' "$work/$1"
}

# document: the registration document of one person in one organization
document() { # file channel entity-type organization code representative document username agent document phone
	(umask 077 && cat >"$work/$1" <<EOF
channel: $2
${3:+entity_type: $3}
organization_name: $4
unit_code: $5
legal_representative: {name: $6, document_number: "$7"}
accept_terms: true
username: $8
password: Demo-2026-pass
agent: {name: $9, document_number: "${10}", phone: "${11}"}
EOF
	)
	printf '%s' "$work/$1"
}

# story plays all of it in one organization.
story() { # channel entity-type organization code representative document prefix  then four agents: name document phone
	local channel=$1 type=$2 name=$3 code=$4 lr=$5 lrdoc=$6 u=$7
	shift 7
	local lrphone=$1 a1=$2 d1=$3 p1=$4 a2=$5 d2=$6 a3=$7 d3=$8 p3=$9
	local password app check sms digits
	password=$(secret password 'Demo-2026-pass')

	say "$name: the legal representative registers step by step, and is active at once"
	run register start --channel "$channel" ${type:+--entity-type "$type"} --organization-name "$name" --unit-code "$code" \
		--legal-representative "$lr" --legal-representative-document-number "$lrdoc" --accept-terms
	app=$(value '.items[0].id' register list --limit 1)
	run verify sms --phone "$lrphone" --purpose register
	sms=$(value '.items[0].id' sms list --kind code --limit 1)
	run sms show "$sms" --reveal text --reason 'demo: read the code'
	digits=$("$farenctl" sms show "$sms" --reveal text --reason demo --jq '.text | capture("(?<d>[0-9]{6})").d')
	run register user "$app" --username "${u}_legal" --password-file "$password" --agent-name "$lr" --agent-document-number "$lrdoc" \
		--phone "$lrphone" --sms-code "$digits"
	run verify face start --for "$app" --purpose register
	check=$(value .verification register show "$app")
	run verify face simulate "$check" --outcome passed
	run register show "$app"

	say "An employee registers from one document, and is pending"
	run register submit -f "$(document employee.yaml "$channel" "$type" "$name" "$code" "$lr" "$lrdoc" "${u}_staff1" "$a1" "$d1" "$p1")" --sandbox
	say "The reviewer's SMS is in the outbox"
	run sms list --kind review-requested --limit 1
	say "A second employee with the same mobile is refused"
	shown 5 register submit -f "$(document second.yaml "$channel" "$type" "$name" "$code" "$lr" "$lrdoc" "${u}_staff2" "$a2" "$d2" "$p1")" --sandbox
	say "A repeat of the first employee is refused"
	shown 5 register submit -f "$(document repeat.yaml "$channel" "$type" "$name" "$code" "$lr" "$lrdoc" "${u}_staff3" "$a1" "$d1" "$p1")" --sandbox
	say "The employee cannot sign in yet"
	shown 4 login "${u}_staff1" --password-file "$password"

	say "The legal representative signs in and reviews: without a face check it is refused"
	run login "${u}_legal" --password-file "$password"
	run review list
	app=$(value '.items[0].id' review list)
	shown 6 review approve "$app"
	run verify face start --purpose review --for "$app" -q | tee "$work/check"
	check=$(tail -n 1 "$work/check")
	run verify face simulate "$check" --outcome passed
	run review approve "$app"
	say "The employee gets an SMS, and signs in"
	run sms list --application "$app"
	run login "${u}_staff1" --password-file "$password"
	run whoami
	run logout

	say "Another employee is rejected three times on one day; a fourth application is refused"
	"$farenctl" login "${u}_legal" --password-file "$password" -q >/dev/null
	for turn in 1 2 3; do
		run register submit -f "$(document third.yaml "$channel" "$type" "$name" "$code" "$lr" "$lrdoc" "${u}_staff4" "$a3" "$d3" "$p3")" --sandbox -q
		app=$(value '.items[0].id' review list)
		run review reject "$app" --reason "资料不完整(第 $turn 次)" -o name
	done
	shown 6 register submit -f "$(document third.yaml "$channel" "$type" "$name" "$code" "$lr" "$lrdoc" "${u}_staff4" "$a3" "$d3" "$p3")" --sandbox
	run register list --unit-code "$code"
	"$farenctl" logout -q >/dev/null
}

say "A sample of the business register is imported; the private server starts by itself"
run registry import registry/sample.csv
run registry stats

story zhejiang market-entity 杭州示例科技有限公司 91330106MA0000015K 王建国 330106198001010013 hz 13700000001 \
	陈小明 330106199205050011 13700000002 林小红 330106199306060024 黄志强 330106199407070037 13700000003
story other-province '' 上海示例信息技术有限公司 91310115MA0000111M 冯晓 310115198512120014 sh 13800000001 \
	徐文静 310115199101010034 13800000002 马东 310115199202020047 朱亚楠 33010619970101006X 13800000003

# calendar: deadlines need the working days of every year that the demo can reach. Where one is not announced yet, a made-up one
# stands in for it here; on a database of your own only the State Council's will do.
calendar() {
	local year
	for year in $(date +%Y) $(($(date +%Y) + 1)); do
		if "$farenctl" calendar show "$year" -q >/dev/null 2>&1; then continue; fi
		say "The working days of $year are not in this version; the demo imports made-up ones"
		{
			printf 'date,type,name\n%s-01-01,off,元旦\n' "$year"
			printf "$year-05-%02d,off,劳动节\n" 1 2 3 4 5
			printf "$year-10-%02d,off,国庆节\n" 1 2 3 4 5 6 7
		} >"$work/calendar.csv"
		run calendar import "$work/calendar.csv"
	done
	run calendar list
}

# overseas plays a unit from outside the mainland: documents, comparison by staff, a correction (guide 一.3).
overseas() {
	local password app check
	password=$(secret password 'Demo-2026-pass')
	say "An overseas unit registers: agent and two scans, face check, user name and password"
	run register start --channel overseas --organization-name '示例海外有限公司(Example Overseas Ltd)' --agent-name 何嘉怡 \
		--agent-document-type hk-macao-permit --agent-document-number H12345678 --phone 13900000001 --email he@example.com \
		--licence-file documents/licence.jpg --agent-document-file documents/agent.jpg --accept-terms --sandbox
	app=$(value '.items[0].id' register list --limit 1)
	run verify face start --for "$app" --purpose register -q
	check=$(value .verification register show "$app")
	run verify face simulate "$check" --outcome passed
	run register user "$app" --username overseas_demo --password-file "$password"
	say "The applicant signs in and sees the state; staff find the licence illegible"
	run login overseas_demo --password-file "$password"
	run review list --kind comparison
	run review document "$app" licence --out "$work/licence.jpg" --reason 'demo: compare the licence'
	run review reject "$app" --reason '开业证书信息页不清晰' --fields status,review.reason
	run whoami
	say "The applicant uploads it again, and the deadline starts anew; staff find that it agrees"
	run register resubmit "$app" --licence-file documents/proof.jpg --fields id,status,review.due_at
	run review approve "$app" --fields id,status,role,organization.unit_code
	run sms list --application "$app"
	run login overseas_demo --password-file "$password"
	"$farenctl" logout -q >/dev/null
}

# project plays a project without any licence, from one document (guide 一.4).
project() {
	local app
	(umask 077 && cat >"$work/project.yaml" <<EOF
channel: project
organization_name: 示例路道路工程(一期)
unit_code: X1330211040113985T
has_uscc_document: false
accept_terms: true
username: project_demo
password: Demo-2026-pass
agent: {name: 许文强, document_number: "330211199001010030", phone: "13900000002", ethnic_group: 汉}
documents: {proof: "$PWD/documents/proof.jpg"}
EOF
	)
	say "A project without a licence registers from one document"
	run register submit -f "$work/project.yaml" --sandbox
	app=$(value '.items[0].id' review list --kind comparison)
	say "Staff find that the stamp cannot be read; something else than a JPEG is refused, whatever its name"
	run review reject "$app" --reason '印章不清晰' -q
	cp demo/demo.sh "$work/scan.jpg"
	shown 65 register resubmit "$app" --proof-file "$work/scan.jpg"
	run register resubmit "$app" --proof-file documents/proof.jpg --fields id,status,review.due_at
	run review approve "$app" --fields id,status,role
}

calendar
overseas
project
run register list --status approved

say "Done: four organizations, every channel of the guide"
