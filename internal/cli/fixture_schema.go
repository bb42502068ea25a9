package cli

// fixtureHelp is the schema of fixture documents: `farenctl help fixture`.
func (app *App) fixtureHelp() string {
	return app.tr(`Test accounts for CI: a document asks for organizations and accounts in given states, apply makes them, delete takes them away again.
Outside production only.

A document is YAML or JSON. Keys that are not listed here are refused, with their line (status 65), and so are anchors and aliases.

  namespace: ci                     # or --namespace; 1-63 of a-z 0-9 . _ -
  organizations:                    # at most 200, with 1000 accounts in all
    - key: acme                     # a-z, 0-9 and hyphens
      channel: zhejiang             # or other-province, overseas, project
      entity_type: market-entity    # zhejiang only
      organization_name: …          # everything but keys may be left out
      unit_code: …                  # not of overseas: it is issued
      legal_representative: {name: …, document_type: …, document_number: …}
      status: active                # in the register, after all accounts
                                    # are made: or revoked, cancelled
      registration_number: …        # in the register, not derived
      organization_code: …
      accounts:
        - key: boss                 # differs in the whole document
          role: legal-representative
        - {key: admin, role: administrator, state: locked}
        - {key: clerk}              # an agent, active
        - {key: visitor, state: rejected, rejections: 2}
        - key: tester
          state: pending-review
          username: tester_01
          password: Some-Pass-1
          agent: {name: …, document_type: …, document_number: …,
                  phone: …, landline: …, email: …, ethnic_group: …}

What is left out is derived from namespace and key: valid, made up, the same each time, and different in every namespace. So are the
passwords, which are no secrets. The last five keys of agent stand at the channels that ask for them. The legal representative's person
stands at the organization. Who has no account in a state below is an application.

state (default active)
  active, locked, disabled, deactivated     an account; role agent (default),
                                            administrator, legal-representative
  pending                                   an agent whom a reviewer added,
                                            before the own face check
  certified, awaiting-identity, withdrawn   an application on its way
  sms-abandoned                             begun; a code was sent, not used
  face-failed, manual-review                awaiting-identity, after a check
                                            that failed, that staff settle
  pending-review                            waits for the organization
  rejected                                  today, rejections times (1)
  awaiting-unit, awaiting-user              overseas, project only: an
  pending-comparison, mismatched            application on its way there

An administrator needs a legal-representative in the organization, made first and able to sign in: active, locked or deactivated. Of
overseas and project the first account is always an administrator, and there is no certified, pending-review, rejected. Nobody disables a
legal representative. Where no account may act for the organization, its e-licence does. States that time ends (locked, awaiting-identity
and others) are made anew by the next apply.`, `供 CI 使用的测试账号：以文档描述单位及处于各种状态的账号，apply 创建，delete 删除。仅限非生产环境。

文档为 YAML 或 JSON。未列出的键按行号拒绝（退出状态 65），锚点和别名亦然。

  namespace: ci                     # 或 --namespace;1-63 个 a-z 0-9 . _ -
  organizations:                    # 最多 200 个，账号合计最多 1000 个
    - key: acme                     # a-z、0-9 和连字符
      channel: zhejiang             # 或 other-province、overseas、project
      entity_type: market-entity    # 仅 zhejiang
      organization_name: …          # 除 key 外均可省略
      unit_code: …                  # overseas 除外，由系统签发
      legal_representative: {name: …, document_type: …, document_number: …}
      status: active                # 登记状态，在所有账号创建后生效：
                                    # 或 revoked、cancelled
      registration_number: …        # 登记信息，不派生
      organization_code: …
      accounts:
        - key: boss                 # 在整个文档内不得重复
          role: legal-representative
        - {key: admin, role: administrator, state: locked}
        - {key: clerk}              # 经办人，已生效
        - {key: visitor, state: rejected, rejections: 2}
        - key: tester
          state: pending-review
          username: tester_01
          password: Some-Pass-1
          agent: {name: …, document_type: …, document_number: …,
                  phone: …, landline: …, email: …, ethnic_group: …}

省略的各项由命名空间和 key 派生：格式有效、纯属虚构、每次相同、各命名空间互不相同；密码亦然，不属机密。agent 的后五项依渠道要求填写。
法定代表人以单位的 legal_representative 为准。下列状态中没有账号的即为注册申请。

state（默认 active）
  active、locked、disabled、deactivated     账号；角色 agent（默认）、
                                            administrator、legal-representative
  pending                                   审核人添加的经办人，本人尚未
                                            通过人脸认证
  certified、awaiting-identity、withdrawn   办理中的注册申请
  sms-abandoned                             已开始；验证码已发送但未使用
  face-failed、manual-review                awaiting-identity，人脸认证
                                            未通过、转人工核验
  pending-review                            待单位审核
  rejected                                  当天被拒绝 rejections 次（默认 1）
  awaiting-unit、awaiting-user              仅 overseas、project:
  pending-comparison、mismatched            办理中的注册申请

administrator 须有本单位的 legal-representative（最先创建且可登录：active、locked 或 deactivated）。overseas、project 的首个账号总是
administrator，且没有 certified、pending-review、rejected。法定代表人账号不能被停用。没有账号可代表单位操作时，使用其电子营业执照。
随时间失效的状态（locked、awaiting-identity 等）由下一次 apply 重建。`)
}
