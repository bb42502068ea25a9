package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/farenctl/farenctl/internal/sms"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// dispatch compares sending a full outbox through a gateway on this machine with the same requests alone, as many at once: what claiming,
// opening and settling cost. The messages are to the legal representative that coldStart registered.
func (b *bench) dispatch(_, _ int) error {
	const rounds, messages, workers = 5, 2000, 8
	gateway := smstest.New()
	defer gateway.Close()
	sender, err := sms.NewHTTP(gateway.URL, []byte(smstest.Secret), nil)
	if err != nil {
		return err
	}
	var bare, whole []time.Duration
	for round := range rounds {
		start := time.Now()
		var group sync.WaitGroup
		for worker := range workers {
			group.Go(func() {
				for i := worker; i < messages; i += workers {
					sender.Send(context.Background(), sms.Message{ID: fmt.Sprint("bare-", round, "-", i), Kind: "approved", To: "13700000000",
						Text: "【示例】您在“浙江示例第0有限公司”的经办人账号注册申请已审核通过，可使用注册时设置的账号和密码登录。"})
				}
			})
		}
		group.Wait()
		bare = append(bare, time.Since(start))
		cmd := b.dispatching(gateway, messages)
		start = time.Now()
		out, err := cmd.Output()
		if err != nil || strings.TrimSpace(string(out)) != fmt.Sprint(messages) {
			return fmt.Errorf("sms dispatch: sent %q, %w", out, err)
		}
		whole = append(whole, time.Since(start))
	}
	base := fmt.Sprintf("%d signed requests, %d at once", messages, workers)
	b.add(base, bare, "", nil, 0)
	b.add(fmt.Sprintf("sms dispatch, %d messages", messages), whole, base, bare, 0)
	return nil
}

// dispatching fills the outbox with messages to an agent that is there, and is the command that sends them; false where that fails.
func (b *bench) dispatching(gateway *smstest.Gateway, messages int) *exec.Cmd {
	secret := filepath.Join(b.work, "gateway-secret")
	err := errors.Join(os.WriteFile(secret, []byte(smstest.Secret), 0o600),
		b.super(fmt.Sprintf(`INSERT INTO faren.sms (org_id, sms_id, kind, agent_id, to_mask, to_index, params, status, created_at, next_attempt_at)
			SELECT g.org_id, gen_random_uuid(), 'approved', g.agent_id, g.phone_mask, g.phone_index, '{"organization": "浙江示例第0有限公司"}', 'queued', now(), now()
			FROM (SELECT g.* FROM faren.agent g JOIN faren.unit_code_claim k ON k.org_id = g.org_id WHERE k.unit_code = '%s' AND g.phone_sealed IS NOT NULL LIMIT 1) g,
			     generate_series(1, %d)`, unitCode(0), messages)))
	if err != nil {
		return exec.Command("false")
	}
	cmd := b.command(b.farenctl, "sms", "dispatch", "--limit", fmt.Sprint(messages), "--jq", ".sent")
	cmd.Env = append(cmd.Env, "FARENCTL_SMS_SENDER=http", "FARENCTL_SMS_HTTP_URL="+gateway.URL, "FARENCTL_SMS_HTTP_SECRET_FILE="+secret)
	return cmd
}
