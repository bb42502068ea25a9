package cli_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
)

// Set by hand: how long the random workload runs, and the seed of an earlier run.
const (
	workloadTime = "FARENCTL_TEST_WORKLOAD"
	workloadSeed = "FARENCTL_TEST_SEED"
)

// crowd are the people of the random workload: few, with fewer numbers and user names, so that they meet.
const crowd, crowdPhones, crowdNames = 12, 8, 10

// TestRandomCommandsAtOnceBreakNoRule lets processes register, review, withdraw, sign in and care for accounts at random, of few people who want the same. Each
// may be refused, but by a rule; afterwards every invariant holds. The seed is printed where it fails.
func TestRandomCommandsAtOnceBreakNoRule(t *testing.T) {
	t.Parallel()
	lasts := 8 * time.Second
	if given := os.Getenv(workloadTime); given != "" {
		var err error
		if lasts, err = time.ParseDuration(given); err != nil {
			t.Fatal(err)
		}
	}
	seed := rand.Uint64()
	if given := os.Getenv(workloadSeed); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t)
	w.exec(`UPDATE faren.policy SET value = '60' WHERE name IN ('registration.daily_rejections', 'sms.code_hourly')`)
	end := time.Now().Add(lasts)
	var mu sync.Mutex
	ended := map[string]int{}
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(worker))) //nolint:gosec // a test that can be repeated
			for n := 0; time.Now().Before(end); n++ {
				args := w.anything(random, fmt.Sprintf("%d-%d", worker, n))
				r := w.run(args...)
				key := strings.Join(args[:2], " ") + " " + strconv.Itoa(r.status) + " " + r.code()
				mu.Lock()
				ended[key]++
				mu.Unlock()
				if known := []int{0, account.StatusNotFound, account.StatusNotSignedIn, account.StatusConflict, account.StatusRefused, account.StatusForbidden}; !slices.Contains(known, r.status) {
					t.Errorf("farenctl %s: exit status %d\n%s", strings.Join(args, " "), r.status, r.stderr)
				}
			}
		})
	}
	group.Wait()
	w.holds()
	if t.Failed() || testing.Verbose() {
		for _, key := range slices.Sorted(maps.Keys(ended)) {
			t.Logf("%5d %s", ended[key], key)
		}
		t.Logf("%s=%d %s=%s", workloadSeed, seed, workloadTime, lasts)
	}
	if ended["register submit 0 "] == 0 || ended["register submit 5 PHONE_IN_USE"] == 0 {
		t.Errorf("the workload did too little: %v", ended)
	}
}

// anything is one command of the workload.
func (w *world) anything(random *rand.Rand, unique string) []string {
	pick := func(statement string) string {
		rows, err := w.super.Query(statement)
		if err != nil {
			w.t.Error(err)
			return ""
		}
		defer rows.Close() //nolint:errcheck // only read
		var ids []string
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				w.t.Error(err)
			}
			ids = append(ids, id)
		}
		if len(ids) == 0 {
			return ""
		}
		return ids[random.IntN(len(ids))]
	}
	application := func(status string) string {
		var id account.ApplicationID
		_ = id.UnmarshalText([]byte(pick(`SELECT application_id FROM faren.application WHERE status = '` + status + `'`)))
		return id.String()
	}
	holder := func(condition string) string {
		var id account.AccountID
		_ = id.UnmarshalText([]byte(pick(`SELECT account_id FROM faren.account WHERE role = 'agent' AND ` + condition)))
		return id.String()
	}
	i := random.IntN(crowd)
	name, document, _ := person(i)
	phone := fmt.Sprintf("139000001%02d", random.IntN(crowdPhones))
	username := fmt.Sprintf("hz_crowd_%d", random.IntN(crowdNames))
	switch random.IntN(12) {
	case 0, 1, 2:
		file := w.document("crowd-"+unique+".yaml", "username="+username, "agent.name="+name, "agent.document_number="+document, "agent.phone="+phone)
		return []string{"register", "submit", "-f", file, "--sandbox", "-q"}
	case 3:
		return []string{"register", "withdraw", application("pending-review"), "-q"}
	case 4:
		return []string{"review", "reject", application("pending-review"), "--reason", "资料不完整", "-q"}
	case 5, 6:
		waiting := application("pending-review")
		if check := w.run("verify", "face", "start", "--purpose", "review", "--for", waiting, "-q"); check.status == 0 {
			w.run("verify", "face", "simulate", strings.TrimSpace(check.stdout), "--outcome", "passed", "-q")
		}
		return []string{"review", "approve", waiting, "-q"}
	case 7:
		return []string{"agent", "add", "--username", username, "--password-file", w.path("password"), "--agent-name", name, "--agent-document-number", document,
			"--phone", phone, "--sandbox", "-q"}
	case 8:
		return []string{"agent", "deactivate", holder("status <> 'deactivated'"), "-q"}
	case 9:
		return []string{"agent", []string{"disable", "enable"}[random.IntN(2)], holder("status IN ('active', 'disabled')"), "-q"}
	case 10:
		return []string{"login", username, "--password-file", w.path([]string{"password", "wrong"}[random.IntN(2)]), "--session-file", w.path("crowd-" + unique + ".json"), "-q"}
	}
	return []string{"agent", "update", holder("status = 'active'"), "--phone", phone, "--sandbox", "-q"}
}
