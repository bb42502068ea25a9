package account

// explanationsOperators are those of the database logins of farenctl's own people, which no applicant ever meets.
var explanationsOperators = []explained{
	{"OPERATOR_NOT_FOUND", Explanation{
		Meaning:   Text{"The database server has no such login, or it has no role of farenctl.", "数据库服务器上没有此用户，或该用户没有 farenctl 的任何角色。"},
		Causes:    []Text{{"a misspelt name, or one that was removed", "名称有误，或用户已被移除"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl operator list --all` shows them; `farenctl operator add <login> --existing --role R` takes one that is there (role faren_admin).", "`farenctl operator list --all` 查看全部用户；已存在的用户可用 `farenctl operator add <login> --existing --role R` 加入（faren_admin 角色）。"}},
	}},
	{"LAST_ADMIN", Explanation{
		Meaning:   Text{"Without this login nobody could change policies or operators any more.", "移除该用户后，将无人可以修改规则参数或管理操作员。"},
		Causes:    []Text{{"the only other login with the role faren_admin is shut or its password has ended", "其他拥有 faren_admin 角色的用户均已停用或密码已过期"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Give the role to another first: `farenctl operator grant <login> faren_admin`.", "请先授予其他用户：`farenctl operator grant <login> faren_admin`。"}},
	}},
	{"OPERATOR_EXISTS", Explanation{
		Meaning:   Text{"The database server has a login of this name, perhaps somebody else's.", "数据库服务器上已有此名称的用户，可能属于他人。"},
		Causes:    []Text{{"it was made before, was removed, or belongs to another use of the server", "此前已创建、已移除，或用于服务器的其他用途"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Find out whose it is: `farenctl operator list --all`. Theirs: `farenctl operator add <login> --existing --role R`; another's: take another name.", "先确认归属：`farenctl operator list --all`。属于本人时运行 `farenctl operator add <login> --existing --role R`；属于他人时请换用其他名称。"}},
	}},
	{"ROLE_HELD", Explanation{
		Meaning:   Text{"The login was given this role before; nothing changed.", "该用户此前已被授予此角色，未作更改。"},
		Causes:    []Text{{"the role was granted twice", "重复授予"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl operator list -o wide` shows every login's roles.", "`farenctl operator list -o wide` 查看各用户的角色。"}},
	}},
	{"ROLE_NOT_HELD", Explanation{
		Meaning:   Text{"The login was not given this role itself.", "该用户本身未被授予此角色。"},
		Causes:    []Text{{"it comes with another role, as faren_support does with faren_reviewer; or it was taken before", "该角色由其他角色包含（例如 faren_reviewer 包含 faren_support），或此前已收回"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl operator list -o wide` shows both kinds; revoke the role that includes it.", "`farenctl operator list -o wide` 查看两类角色；请收回包含它的角色。"}},
	}},
	{"LOGIN_NAME_INVALID", Explanation{
		Meaning:   Text{"A new login can't be called that: the audit knows people by it, so that nothing in it may look like something else.", "新用户不能使用此名称：审计以名称识别人员，不得使用易混淆的字符。"},
		Causes:    []Text{{"capitals, spaces or other characters, more than 63 of them, or a name that is kept for farenctl or PostgreSQL", "含大写字母、空格或其他字符，超过 63 位，或为 farenctl、PostgreSQL 保留的名称"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl operator add <login> --role R`: a-z, 0-9 and _ . @ -, beginning with a letter.", "`farenctl operator add <login> --role R`：由 a-z、0-9 及 _ . @ - 组成，以字母开头。"}},
	}},
	{"LOGIN_PASSWORD_WEAK", Explanation{
		Meaning:   Text{"A login's password opens the database to programs, too, so that it has to be long.", "数据库用户的密码同样可供程序使用，因此须足够长。"},
		Causes:    []Text{{"fewer than 12 or more than 128 characters, few different ones, other than printable ASCII, or the login's name in it", "少于 12 位或超过 128 位、不同字符过少、含 ASCII 可打印字符以外的字符，或包含用户名称"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Take one from a password manager; or leave --password-file out where logins sign in by certificate.", "请使用密码管理器生成；以证书登录时可不填 --password-file。"}},
	}},
	{"OPERATOR_FOREIGN", Explanation{
		Meaning:   Text{"farenctl changes password and access only of logins that it made, and takes only roles that it gave.", "farenctl 只修改由其创建的用户的密码和登录权限，只收回由其授予的角色。"},
		Causes:    []Text{{"the login was made with SQL, or, from PostgreSQL 16 on, the role was granted with SQL", "用户由 SQL 创建；或（PostgreSQL 16 及以上）角色由 SQL 授予"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"An administrator of the server runs the statements that the message tells.", "请服务器管理员执行提示中的语句。"}},
	}},
	{"OPERATOR_PROTECTED", Explanation{
		Meaning:   Text{"farenctl leaves logins alone that are more than operators, or no logins at all.", "权限超出操作员的用户以及并非登录用户的角色，farenctl 不作任何更改。"},
		Causes:    []Text{{"a superuser, one that may make roles or act as the owner of the tables, a group, or a name that begins with faren_ or pg_", "超级用户、可创建角色或充当表所有者的用户、组角色，或名称以 faren_、pg_ 开头"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"An administrator of the server runs the statements that the message tells; better, make a login of its own for the work with farenctl.", "请服务器管理员执行提示中的语句；更好的做法是为使用 farenctl 另建专用用户。"}},
	}},
	{"OWN_LOGIN", Explanation{
		Meaning:   Text{"Nobody gives themselves a role, and nobody locks themselves out.", "任何人不得为本人授予角色，也不得停用本人的用户。"},
		Causes:    []Text{{"the command names the login that runs it", "命令所指的正是当前用户"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Another administrator does it. An own password is changed in psql with \\password.", "请由其他管理员操作。修改本人密码可在 psql 中使用 \\password。"}},
	}},
	{"OPERATORS_UNAVAILABLE", Explanation{
		Meaning:   Text{"Whoever set the database up may not make roles, so that the role which makes logins for farenctl is missing.", "初始化数据库的用户无权创建角色，因此缺少供 farenctl 创建用户的角色。"},
		Causes:    []Text{{"`farenctl db migrate` was run by a login without CREATEROLE", "运行 `farenctl db migrate` 的用户没有 CREATEROLE 权限"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"A superuser, or the database's owner with CREATEROLE, runs `farenctl db migrate`; or an administrator of the server runs the statements of the message.", "请由超级用户或具有 CREATEROLE 权限的数据库所有者运行 `farenctl db migrate`；或由服务器管理员执行提示中的语句。"}},
	}},
}
