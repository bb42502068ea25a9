package cli_test

import (
	"strings"

	"github.com/farenctl/farenctl/internal/account"
)

// guardedMoves gives statements that make a database refuse whatever an application becomes that the program's table of moves does not
// have, so that everything which the scripts and races do is compared with it. A superuser may do anything.
func guardedMoves() string {
	var known []string
	for _, channel := range account.Channels() {
		for _, from := range account.ApplicationStatuses() {
			for _, to := range account.ApplicationStatuses() {
				if account.Channel(channel).CanBecome(from, to) {
					known = append(known, "'"+channel+" "+from+" "+to+"'")
				}
			}
		}
	}
	return `CREATE FUNCTION public.guard_move() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			IF (SELECT NOT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = session_user)
				AND concat_ws(' ', NEW.channel, OLD.status, NEW.status) NOT IN (` + strings.Join(known, ", ") + `) THEN
				RAISE EXCEPTION 'an application of % that was % became %', NEW.channel, OLD.status, NEW.status;
			END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER guard_move BEFORE UPDATE OF status ON faren.application FOR EACH ROW
			WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION public.guard_move()`
}
