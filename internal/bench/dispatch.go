package main

import (
	"context"
	"fmt"
	"os"
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
	secret := filepath.Join(b.work, "gateway-secret")
	if err := os.WriteFile(secret, []byte(smstest.Secret), 0o600); err != nil {
		return err
	}
	sender, err := sms.NewHTTP(gateway.URL, []byte(smstest.Secret), nil)
	if err != nil {
		return err
	}
	super := strings.Replace(b.url, "faren_local", "faren_super", 1)
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
		if out, err := b.command(b.psql, "-X", "-q", super, "-c", fmt.Sprintf(`INSERT INTO faren.sms (org_id, sms_id, kind, agent_id, to_mask, to_index, params, status, created_at, next_attempt_at)
			SELECT g.org_id, gen_random_uuid(), 'approved', g.agent_id, g.phone_mask, g.phone_index, '{"organization": "浙江示例第0有限公司"}', 'queued', now(), now()
			FROM (SELECT * FROM faren.agent WHERE phone_sealed IS NOT NULL LIMIT 1) g, generate_series(1, %d)`, messages)).CombinedOutput(); err != nil {
			return fmt.Errorf("fill the outbox: %w: %s", err, out)
		}
		cmd := b.command(b.farenctl, "sms", "dispatch", "--limit", fmt.Sprint(messages), "--jq", ".sent")
		cmd.Env = append(cmd.Env, "FARENCTL_SMS_SENDER=http", "FARENCTL_SMS_HTTP_URL="+gateway.URL, "FARENCTL_SMS_HTTP_SECRET_FILE="+secret)
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
