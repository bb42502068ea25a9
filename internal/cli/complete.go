package cli

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// completionLimit is how long one completion may look into the database: someone waits for the tab key.
const completionLimit = 250 * time.Millisecond

// typing is a command line on which a word is being typed.
type typing struct {
	app  *App
	cmd  *cobra.Command
	args []string // the arguments before the word
	word string
}

// kind is what an argument or flag may be: it gives words, each with what people know it by. A word that does not fit is left out later.
type kind func(t typing) []cobra.Completion

// completes completes a command's arguments, the first by the first kind and so on; what has no kind gets no suggestion.
func completes(app *App, kinds ...kind) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) >= len(kinds) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return offer(kinds[len(args)](typing{app: app, cmd: cmd, args: args, word: word}), word)
	}
}

// completesFlag completes the value of a flag by a kind.
func completesFlag(app *App, cmd *cobra.Command, flag string, k kind) {
	app.flagKinds = append(app.flagKinds, flagKind{cmd, flag, k})
}

// flagKind is the kind of a flag's values.
type flagKind struct {
	cmd  *cobra.Command
	flag string
	kind kind
}

// Annotations of flags. Every start makes them, so that they are all that it makes: prepareCompletion goes by them.
const (
	flagValues    = "values"    // its values are this closed list
	flagFiles     = "files"     // it names a file; with one of these extensions, if there are any
	flagDirectory = "directory" // it names a directory
)

// choices says that a flag takes one of a closed list: completion offers it, and `farenctl commands` tells it.
func choices(cmd *cobra.Command, flag string, values ...string) {
	annotate(cmd, flag, flagValues, values)
}

// takesFile says that a flag names a file, with extensions: one of these. Any other flag gets no file names.
func takesFile(cmd *cobra.Command, flag string, extensions ...string) {
	annotate(cmd, flag, flagFiles, extensions)
}

// takesDirectory says that a flag names a directory.
func takesDirectory(cmd *cobra.Command, flag string) { annotate(cmd, flag, flagDirectory, nil) }

func annotate(cmd *cobra.Command, flag, name string, values []string) {
	f := cmd.Flags().Lookup(flag)
	if f == nil {
		f = cmd.PersistentFlags().Lookup(flag)
	}
	if f.Annotations == nil {
		f.Annotations = make(map[string][]string, 1)
	}
	f.Annotations[name] = values
}

// files completes names of files, with extensions: of these, and of directories.
func files(extensions ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(extensions) == 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return extensions, cobra.ShellCompDirectiveFilterFileExt
	}
}

// offer keeps the words that begin with what was typed, in their order.
func offer(words []cobra.Completion, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	kept := make([]cobra.Completion, 0, len(words))
	for _, w := range words {
		if strings.HasPrefix(strings.ToLower(w), strings.ToLower(word)) {
			kept = append(kept, w)
		}
	}
	return kept, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// described is a word with what people know it by, on one line and fit for a terminal.
func described(word, about string) cobra.Completion {
	return cobra.CompletionWithDesc(word, strings.Join(strings.Fields(render.Clean(about)), " "))
}

// oneOfWords is a closed list.
func oneOfWords(words ...string) kind { return func(typing) []cobra.Completion { return words } }

// ethnicGroups are the names of GB/T 3304, with their codes.
func ethnicGroups(typing) []cobra.Completion {
	var words []cobra.Completion
	for _, e := range identifier.Ethnicities() {
		words = append(words, described(e.Name, e.Code))
	}
	return words
}

// codes are the codes of the one table, and the situations beside them.
func codes(t typing) []cobra.Completion {
	var words []cobra.Completion
	for _, e := range t.app.allExplained() {
		words = append(words, described(string(e.Code), e.Message))
	}
	return words
}

// candidates are records of the database.
func candidates(q service.CandidateQuery, find func(*service.Service, context.Context, service.CandidateQuery) ([]service.Candidate, error)) kind {
	return func(t typing) []cobra.Completion {
		q.Typed = t.word
		return t.ask(func(ctx context.Context, s *service.Service) ([]cobra.Completion, error) {
			found, err := find(s, ctx, q)
			words := make([]cobra.Completion, len(found))
			for i, c := range found {
				words[i] = described(c.Word, c.About)
			}
			return words, err
		})
	}
}

// applications are applications in these states, or all.
func applications(statuses ...string) kind {
	return candidates(service.CandidateQuery{Statuses: statuses}, (*service.Service).ApplicationCandidates)
}

// accounts are accounts in these states, or all.
func accounts(statuses ...string) kind {
	return candidates(service.CandidateQuery{Statuses: statuses}, (*service.Service).AccountCandidates)
}

// accountsOf are accounts in use of one role.
func accountsOf(role string) kind {
	return candidates(service.CandidateQuery{Roles: []string{role}, Statuses: []string{account.AccountActive, account.AccountLocked}}, (*service.Service).AccountCandidates)
}

// manualApplications are those that have documents.
func manualApplications() kind {
	return candidates(service.CandidateQuery{Channels: []string{string(account.Overseas), string(account.Project)}}, (*service.Service).ApplicationCandidates)
}

// usernames are those of accounts in these states.
func usernames(statuses ...string) kind {
	return candidates(service.CandidateQuery{Statuses: statuses}, (*service.Service).UsernameCandidates)
}

// sessions are sessions in these states.
func sessions(statuses ...string) kind {
	return candidates(service.CandidateQuery{Statuses: statuses}, (*service.Service).SessionCandidates)
}

// messages are messages in these states, or all.
func messages(statuses ...string) kind {
	return candidates(service.CandidateQuery{Statuses: statuses}, (*service.Service).SMSCandidates)
}

// verifications are face checks and proofs of sign-ins as the query says.
func verifications(q service.CandidateQuery) kind {
	return candidates(q, (*service.Service).VerificationCandidates)
}

// faceChecks are face checks in these states, or all; a sign-in by e-licence is one.
func faceChecks(statuses ...string) kind {
	return verifications(service.CandidateQuery{Statuses: statuses, Providers: faceProviders()})
}

// faceProviders are the providers of face checks and e-licences.
func faceProviders() []string { return []string{"sandbox", "oidc"} }

// unitCodes are those of the business register.
func unitCodes(t typing) []cobra.Completion {
	return candidates(service.CandidateQuery{}, (*service.Service).UnitCandidates)(t)
}

// operators are the logins that have a role; with all, those that were removed, too.
func operators(all bool) kind {
	return func(t typing) []cobra.Completion {
		return t.ask(func(ctx context.Context, s *service.Service) ([]cobra.Completion, error) {
			found, err := s.Operators(ctx, all)
			words := make([]cobra.Completion, len(found))
			for i, o := range found {
				words[i] = described(o.Name, strings.Join(o.Roles, ", "))
			}
			return words, err
		})
	}
}

// policies are the names of the policies.
func policies(t typing) []cobra.Completion {
	return t.ask(func(ctx context.Context, s *service.Service) ([]cobra.Completion, error) {
		all, err := s.Policies(ctx)
		words := make([]cobra.Completion, len(all))
		for i, p := range all {
			words[i] = described(p.Name, p.Text(p.Value)+" · "+p.Description)
		}
		return words, err
	})
}

// oldKeys are the sealing keys of the keyring that seal no more.
func oldKeys(t typing) []cobra.Completion {
	return t.ask(func(_ context.Context, s *service.Service) ([]cobra.Completion, error) {
		ids, err := s.OldKeys()
		return ids, err
	})
}

// policyValues are what the policy before can be named to be.
func policyValues(t typing) []cobra.Completion {
	return t.ask(func(ctx context.Context, s *service.Service) ([]cobra.Completion, error) {
		p, err := s.Policy(ctx, t.args[0])
		if err != nil {
			return nil, err
		}
		return append([]cobra.Completion{described("default", p.Text(p.Default))}, p.Choices...), nil
	})
}

// years are those whose working days are known.
func years(t typing) []cobra.Completion {
	return t.ask(func(ctx context.Context, s *service.Service) ([]cobra.Completion, error) {
		all, err := s.CalendarYears(ctx)
		words := make([]cobra.Completion, len(all))
		for i, y := range all {
			words[i] = described(strconv.Itoa(y.Year), y.Source)
		}
		return words, err
	})
}

// faceSubjects are what a face check of the purpose that was given can be for. A recovery is in no list.
func faceSubjects(t typing) []cobra.Completion {
	switch purpose, _ := t.cmd.Flags().GetString("purpose"); purpose {
	case account.PurposeReview:
		return applications(account.PendingReview)(t)
	case account.PurposeAgent:
		return accounts(account.AccountPending)(t)
	case account.PurposeRecover:
		return nil
	}
	return applications(account.AwaitingIdentity)(t)
}

// ask looks into a database that is there already, within the limit and in silence: without an answer there is nothing to offer. It starts
// no server, and can only read.
func (t typing) ask(look func(context.Context, *service.Service) ([]cobra.Completion, error)) []cobra.Completion {
	ctx, cancel := context.WithTimeout(t.cmd.Context(), completionLimit)
	defer cancel()
	found := make(chan []cobra.Completion, 1)
	t.app.take(t.cmd.Flags())
	go func() {
		defer close(found)
		c, err := t.app.config()
		if err != nil {
			return
		}
		c.Timeout = completionLimit
		o := t.app.serviceOptions(c)
		o.Passive = true
		s := service.New(o)
		words, err := look(ctx, s)
		_ = s.Close()
		if err == nil {
			found <- words
		}
	}()
	select {
	case words := <-found:
		return words
	case <-ctx.Done():
		// Whatever still waits for the network ends with the process.
		return nil
	}
}

// completing tells whether a command line asks for a completion, as the shell scripts do.
func completing(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// prepareCompletion makes a tree answer the shell alone: every flag gets its completion, and one that is not known yet is no reason to offer
// nothing.
func (app *App) prepareCompletion(root *cobra.Command) error {
	var failed error
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.FParseErrWhitelist.UnknownFlags = true
		cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			if complete := completionOf(f); complete != nil {
				failed = errors.Join(failed, cmd.RegisterFlagCompletionFunc(f.Name, complete))
			}
		})
		for _, below := range cmd.Commands() {
			walk(below)
		}
	}
	walk(root)
	for _, known := range app.flagKinds {
		failed = errors.Join(failed, known.cmd.RegisterFlagCompletionFunc(known.flag, func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return offer(known.kind(typing{app: app, cmd: cmd, args: args, word: word}), word)
		}))
	}
	return failed
}

// completionOf is the completion of an annotated flag.
func completionOf(f *pflag.Flag) cobra.CompletionFunc {
	if values, ok := f.Annotations[flagValues]; ok {
		several := f.Value.Type() == "stringSlice"
		return func(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			// Of a list apart by commas the last word is typed.
			if i := strings.LastIndex(word, ","); several && i >= 0 {
				words := make([]cobra.Completion, len(values))
				for j, v := range values {
					words[j] = word[:i+1] + v
				}
				return offer(words, word)
			}
			return offer(values, word)
		}
	}
	if extensions, ok := f.Annotations[flagFiles]; ok {
		return files(extensions...)
	}
	if _, ok := f.Annotations[flagDirectory]; ok {
		return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
	}
	return nil
}
