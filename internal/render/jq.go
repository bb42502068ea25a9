package render

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// compileJQ compiles a program without access to files or the environment.
func compileJQ(program string) (*gojq.Code, error) {
	if len(program) > programMax {
		return nil, &UsageError{Option: optionJQ, Problem: ProblemBadJQ, Value: tooLong}
	}
	query, err := gojq.Parse(program)
	if err == nil {
		var code *gojq.Code
		if code, err = gojq.Compile(query); err == nil {
			return code, nil
		}
	}
	return nil, &UsageError{Option: optionJQ, Problem: ProblemBadJQ, Value: sanitize(err.Error())}
}

// runJQ appends the results of the program on one value, one a line: strings as
// they are, other values as compact JSON with sorted keys.
func runJQ(ctx context.Context, dst []byte, code *gojq.Code, v any) ([]byte, error) {
	guarded, end := withinMemory(ctx)
	defer end()
	dst, err := yieldJQ(guarded, dst, code, v)
	if err != nil && errors.Is(context.Cause(guarded), errMemory) {
		return nil, &ProgramError{Option: optionJQ, Reason: tooMuch}
	}
	return dst, err
}

func yieldJQ(ctx context.Context, dst []byte, code *gojq.Code, v any) ([]byte, error) {
	results := code.RunWithContext(ctx, plain(v, func(n json.Number) any { return n }))
	for {
		result, ok := results.Next()
		if !ok {
			return dst, nil
		}
		if err, failed := result.(error); failed {
			if halt, ok := errors.AsType[*gojq.HaltError](err); ok && halt.ExitCode() == 0 {
				return dst, nil
			}
			if cause := ctx.Err(); cause != nil {
				return nil, fmt.Errorf("%s: %w", optionJQ, cause)
			}
			return nil, &ProgramError{Option: optionJQ, Reason: jqReason(err.Error())}
		}
		if s, isString := result.(string); isString {
			dst = append(dst, s...)
		} else {
			dst = appendJSON(dst, unplain(result, jqNumber))
		}
		dst = append(dst, '\n')
	}
}

// jqNumber writes a number that a program computed: int, float64 or *big.Int, the
// only other types that gojq yields.
func jqNumber(v any) json.Number {
	number, err := gojq.Marshal(v)
	if err != nil {
		return "null"
	}
	return json.Number(number)
}

// jqReason keeps of gojq's message the words before the first value that it
// quotes, and the type of that value: "cannot iterate over a string".
func jqReason(message string) string {
	var words []string
	for word := range strings.FieldsSeq(message) {
		word, _, stop := cutAny(word, ":(")
		if word == "" || !strings.ContainsAny(word[:1], "@abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			break
		}
		words = append(words, word)
		if stop {
			break
		}
	}
	reason := strings.Join(words, " ")
	_, after, _ := strings.Cut(message, ": ")
	kind, _, _ := strings.Cut(after, " ")
	if slices.Contains([]string{"null", "boolean", "number", "string", "array", "object"}, kind) {
		reason += ": " + kind
	}
	return reason
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i:], true
	}
	return s, "", false
}
